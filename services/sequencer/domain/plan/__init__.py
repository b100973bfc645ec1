"""What does the plan of a day decide? A module for each decision, from one board to the next."""
