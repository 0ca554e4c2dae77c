"""Areas, agencies and people: who signs in and what each may do."""
