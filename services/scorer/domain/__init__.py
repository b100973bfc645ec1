"""The scorer's decisions: pure functions of what was recorded and of the day."""
