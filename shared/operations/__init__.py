"""What people who run a service ask of it: how it is, what it missed, and its jobs."""
