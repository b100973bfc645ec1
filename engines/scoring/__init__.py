"""How is a score made, and a tier drawn? Pure functions of what was recorded and of the day, for all who score."""
