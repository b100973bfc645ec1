"""What do sequences do, and who is at which step?"""
