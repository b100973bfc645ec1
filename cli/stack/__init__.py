"""How do the servers and services run on this machine?"""
