"""How are the postings in exports of AAPACN's job board read, which a person saves to a watched folder?

The board has no interface, and its pages are not fetched. A file is one of its exports if it has its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from services.ingest.adapters.folder import Options, files_of, nowhere
from services.ingest.adapters.protocol import Adapter, Page, Steps


def fetch(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """Read each export that is new or has changed."""
    return files_of(options, pages, today, "aapacn_csv")


ADAPTER = Adapter("aapacn_csv", "AAPACN job board (exports)", Options, fetch, "own_file", False, nowhere)
