"""Every statement of the courier."""
