"""Other systems that get events: what each gets, what came of it, and the commands about it."""
