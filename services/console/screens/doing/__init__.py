"""How does a page send a command?"""
