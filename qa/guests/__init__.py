"""People without accounts: links that open one return, with codes sent to the same address."""
