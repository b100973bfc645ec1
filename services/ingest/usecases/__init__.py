"""What do several of ingest's entry points do?"""
