"""What may a draft state, and how is it written?"""
