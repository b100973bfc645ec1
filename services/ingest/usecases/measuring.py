"""What can an operator measure of fetches? Labels are adapters and outcomes, never names of sources."""

from __future__ import annotations

from prometheus_client import Counter

from services.ingest.store.ledger import Entry

FETCHES = Counter("pipeline_fetches_total", "Fetches of sources that were recorded", ["adapter", "outcome"])
FETCHED = Counter("pipeline_fetched_postings_total", "Postings that fetches listed", ["adapter", "what"])
REQUESTS = Counter("pipeline_fetch_requests_total", "Requests to hosts of sources", ["adapter"])
BYTES = Counter("pipeline_fetch_bytes_total", "Bytes of their answers, unpacked", ["adapter"])


def measured(entry: Entry) -> None:
    """Count a fetch."""
    adapter = entry.adapter or ""
    FETCHES.labels(adapter, entry.outcome).inc()
    REQUESTS.labels(adapter).inc(entry.requests)
    BYTES.labels(adapter).inc(entry.bytes)
    for what in ("new", "seen", "again", "refused", "closed"):
        FETCHED.labels(adapter, what).inc(getattr(entry, what))
