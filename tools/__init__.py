"""Programs that look after the project; none is needed to run it."""
