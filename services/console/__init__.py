"""What does a person see and decide?"""
