"""The scoring model and tiers in force, those that were before, and what would change."""
