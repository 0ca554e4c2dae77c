"""Reports of an audit: the thematic report, its words, and the register of issued ones."""
