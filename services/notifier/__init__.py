"""Which drafts are written, and for whom?"""
