"""What may a draft say, and how is it written?"""
