"""How is a market explained on one sheet of paper, which a sales lead hands out?"""

from __future__ import annotations

import json
from pathlib import Path

from cli.linting.sections import read_pack
from cli.one_pager.facts import facts_of
from cli.one_pager.sampled import sampled
from cli.one_pager.typesetting import typeset
from engines.packs import PackInvalid, invalid
from engines.packs.layers import in_force

TEMPLATE = Path("one-pager.typ")
"""The file of a pack that replaces the template which every pack can use."""


def one_pager(folder: Path) -> bytes:
    """The PDF of a sound pack, the same bytes each time; raises `PackInvalid`."""
    pack, faults = read_pack(folder)
    if faults:
        raise invalid(folder, *faults)
    template = in_force(folder).get(TEMPLATE, Path(__file__).parent / TEMPLATE)
    facts = json.dumps(facts_of(pack, *sampled(pack)), ensure_ascii=False)
    try:
        return typeset(template.read_text(encoding="utf-8"), facts)
    except ValueError as error:
        raise PackInvalid(f"The one-pager of {folder.name}: {error}") from None
