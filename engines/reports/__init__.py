"""Which accounts does a list of the pack have, in which order, and what does it state about each?"""
