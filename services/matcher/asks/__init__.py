"""What can be asked of the matcher, and what does it do on command?"""
