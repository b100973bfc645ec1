"""What does the pack say about drafts?"""

from __future__ import annotations

from services.notifier.domain.facts import Outreach
from services.notifier.domain.writing import Template
from shared.packs import PackInvalid, section, sections


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
