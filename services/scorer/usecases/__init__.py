"""What do several entry points of the scorer share?"""
