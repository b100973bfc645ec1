"""Which leads are where, and which have been there too long?"""
