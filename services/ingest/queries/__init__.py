"""Which questions does ingest reply to?"""

from __future__ import annotations

from services.ingest.queries import counts, datasets, fetched_sources, ledger, postings, sources

routers = tuple(module.router for module in (counts, datasets, fetched_sources, ledger, postings, sources))
