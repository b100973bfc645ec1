"""How full are the next business days, and what waits?"""
