"""What does a rep do next?"""
