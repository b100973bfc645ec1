"""What can ingest be asked?"""

from __future__ import annotations

from services.ingest.queries import counts, postings, sources

routers = tuple(module.router for module in (counts, postings, sources))
