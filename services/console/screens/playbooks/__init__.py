"""Which lists does the pack keep ready, and what is done with them?"""
