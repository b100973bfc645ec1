"""Who does what next, and when?"""
