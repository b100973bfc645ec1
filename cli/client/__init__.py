"""How does a command send requests to the services, and as which actor?"""
