"""Which commands does ingest handle?"""

from __future__ import annotations

from services.ingest.commands import (
    close_posting,
    datasets,
    fetched_sources,
    import_facilities,
    import_facts,
    import_quality,
    sources,
    submit_postings,
)

routers = tuple(
    module.router
    for module in (
        close_posting,
        datasets,
        fetched_sources,
        import_facilities,
        import_facts,
        import_quality,
        sources,
        submit_postings,
    )
)
