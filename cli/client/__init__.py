"""How does a command ask the services, and in whose name?"""
