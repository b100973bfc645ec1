"""How are databases, streams and users prepared?"""
