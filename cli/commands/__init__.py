"""Which groups of commands are there?"""
