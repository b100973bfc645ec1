"""By which adapter is a kind of source fetched?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from services.ingest.adapters import (
    aapacn_csv,
    career_site,
    careeronestop,
    coresignal,
    csv_url,
    folder,
    greenhouse,
    lever,
    smartrecruiters,
    techmap,
    ukg,
    workday,
)
from services.ingest.adapters.protocol import Adapter

_EACH = (careeronestop, career_site, greenhouse, lever, smartrecruiters, workday, ukg, techmap, coresignal, aapacn_csv)
ADAPTERS: Mapping[str, Adapter] = MappingProxyType(
    {module.ADAPTER.name: module.ADAPTER for module in (*_EACH, csv_url, folder)}
)
"""The adapters by their names."""
