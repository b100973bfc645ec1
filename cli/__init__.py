"""The `pipeline` command: starts the stack and sends requests to its services."""
