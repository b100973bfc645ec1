"""How much does a facility matter, and why?"""
