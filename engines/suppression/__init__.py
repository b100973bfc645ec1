"""What is a suppression, how do statements change it, and what does it match?"""
