"""Every query of ingest, by what it is about."""
