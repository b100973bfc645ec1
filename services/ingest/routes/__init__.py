"""Which HTTP endpoints does ingest have?"""
