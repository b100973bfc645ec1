"""What do the rows of a file change, and what does taking them back restore?"""
