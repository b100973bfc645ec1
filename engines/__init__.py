"""What decides, pure: which facility is meant, what a score is, what a file says, how names are written."""
