"""Every statement of the console."""
