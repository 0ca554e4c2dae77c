"""What the tests stand on: databases, a browser, and the report at the end of a run."""
