"""What does the pack say about drafts?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.notifier.domain.facts import Outreach
from services.notifier.domain.writing import Template
from shared.packs import PackInvalid, pack_hash, section, sections

SECTIONS: dict[str, Any] = {"outreach": Outreach}
"""By file of the pack: what it has to be. The linter reads them as this service does."""
FOLDERS: dict[str, Any] = {"templates": Template}
"""By folder of the pack: what each file in it has to be."""


@dataclass(frozen=True, slots=True)
class Stationery:
    """What a batch of drafts is written with, and the hash of the pack that it comes from."""

    templates: dict[str, Template]
    outreach: Outreach
    pack: str


def stationery() -> Stationery:
    """Raises `PackInvalid` where the pack does not say what drafts need."""
    return Stationery(templates(), outreach(), pack_hash())


def templates() -> dict[str, Template]:
    """All templates by name; raises `PackInvalid` for one whose file bears another name."""
    found = sections("templates", Template)
    for stem, template in found.items():
        if template.name != stem:
            raise PackInvalid(f"templates/{stem}.yaml: name: says {template.name!r}; name and file must agree")
    return found


def outreach() -> Outreach:
    """What drafts may say about the sender and the roles."""
    return section("outreach", Outreach)
