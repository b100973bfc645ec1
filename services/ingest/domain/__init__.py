"""What does ingest decide, given what it was shown?"""
