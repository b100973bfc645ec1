"""What do sources and datasets report?"""
