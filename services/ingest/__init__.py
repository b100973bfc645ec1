"""ingest: what was seen out there?"""
