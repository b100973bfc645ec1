"""Which tables does ingest own?"""

from services.ingest.tables import datasets, facilities, postings, sources
from services.ingest.tables.base import metadata

__all__ = ["datasets", "facilities", "metadata", "postings", "sources"]
