"""How fast the product is, beside yardsticks taken in the same run: `make bench`."""
