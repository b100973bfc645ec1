"""By which adapter is a kind of source fetched?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from services.ingest.adapters.protocol import Adapter

ADAPTERS: Mapping[str, Adapter] = MappingProxyType({})
"""The adapters by their names."""
