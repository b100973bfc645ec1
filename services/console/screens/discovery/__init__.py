"""Which accounts are worth a look, though they have no open posting?"""
