"""The `pipeline` command: starts the stack, and asks its services."""
