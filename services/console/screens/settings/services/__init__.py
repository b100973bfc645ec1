"""How the services are, what they could not process, and the rebuild of the read models."""
