"""Which sections of the pack does the notifier use?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engines.packs import PackInvalid, pack_hash, section, sections
from services.notifier.domain.facts import Outreach
from services.notifier.domain.writing import Template

SECTIONS: dict[str, Any] = {"outreach": Outreach}
"""The type of each section, by file of the pack. The linter validates packs with the same types."""
FOLDERS: dict[str, Any] = {"templates": Template}
"""The type of each file, by folder of the pack."""


@dataclass(frozen=True, slots=True)
class Stationery:
    """The templates and the outreach section, and the hash of their pack."""

    templates: dict[str, Template]
    outreach: Outreach
    pack: str


def stationery() -> Stationery:
    """Raises `PackInvalid` if the pack lacks what drafts need."""
    return Stationery(templates(), outreach(), pack_hash())


def templates() -> dict[str, Template]:
    """All templates by name. Raises `PackInvalid` for one whose file has another name."""
    found = sections("templates", Template)
    for stem, template in found.items():
        if template.name != stem:
            raise PackInvalid(f"templates/{stem}.yaml: name: is {template.name!r}; name and file must agree")
    return found


def outreach() -> Outreach:
    """The names of the sender and the roles in drafts."""
    return section("outreach", Outreach)


def check_pack() -> None:
    """What startup does with the pack besides reading its sections; raises `PackInvalid`."""
    stationery()
