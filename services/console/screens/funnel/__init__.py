"""How many signals become clients?"""
