"""What does ingest decide?"""
