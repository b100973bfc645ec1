"""What does ingest offer over HTTP?"""
