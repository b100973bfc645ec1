"""What can be asked of ingest, and what does it do on command?"""
