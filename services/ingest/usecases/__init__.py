"""What do several entry points of ingest share?"""
