"""What do several of the matcher's entry points do?"""
