"""How are the servers and services run on this machine?"""
