"""Which facility is it?"""
