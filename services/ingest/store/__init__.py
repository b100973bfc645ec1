"""Every query of ingest."""
