"""What happens to follow-up when a day begins? A module for each decision, from one board to the next."""
