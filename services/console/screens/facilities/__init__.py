"""Which accounts are there?"""
