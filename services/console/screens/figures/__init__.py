"""What does a figure follow from?"""
