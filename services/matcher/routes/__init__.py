"""What does the matcher offer over HTTP?"""
