"""What do several entry points of the matcher share?"""
