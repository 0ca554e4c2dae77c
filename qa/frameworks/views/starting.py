"""Starting a draft: from blank, from an edition, from a shipped framework."""
