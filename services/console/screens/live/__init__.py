"""What an open page hears of changes."""
