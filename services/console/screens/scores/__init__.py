"""How are scores spread, and who crossed a cut?"""
