"""Which scheme does the pack of this deployment hold?"""

from __future__ import annotations

from scoring.pack import Scheme, scheme_in
from shared import packs


def scheme() -> Scheme:
    return scheme_in(packs.pack_folder())
