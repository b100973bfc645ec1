"""What do several entry points do alike?"""
