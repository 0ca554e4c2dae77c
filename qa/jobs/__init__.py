"""Long work: done in steps behind the requests, with progress; can be cancelled, and outlives a restart."""
