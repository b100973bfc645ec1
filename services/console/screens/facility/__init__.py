"""What is known of one account, and why does it have this score?"""
