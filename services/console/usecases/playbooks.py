"""Which playbooks and lists does the pack have, and with what words?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from engines.drafting.outreach import Outreach
from engines.drafting.templates import Template
from engines.packs import pack_folder, section, sections
from engines.reports.pack import Playbook, Report, playbooks_in, reports_in
from services.console import settings


@dataclass(frozen=True, slots=True)
class TierLabels:
    """What tiers are called in lists."""

    labels: Mapping[int, str] = field(default_factory=dict)


@cache
def playbooks() -> dict[str, Playbook]:
    return playbooks_in(pack_folder())


@cache
def reports() -> dict[str, Report]:
    return reports_in(pack_folder())


@cache
def subjects(playbook: str) -> tuple[str, ...]:
    """Those of the letter of a playbook; none if the pack has no such letter."""
    chosen = playbooks()[playbook]
    letter = sections("templates", Template).get(chosen.letter)
    return chosen.subjects(letter) if letter else ()


@cache
def outreach() -> Outreach:
    """What the pack states for texts."""
    return section("outreach", Outreach)


@cache
def tier_labels() -> Mapping[int, str]:
    return section("tiers", TierLabels).labels


@cache
def factor_labels() -> dict[str, str]:
    """What factors are called, and the facts that are shown with them."""
    return {each.factor: each.label for each in settings.scoring().factors}


@cache
def sent_outcome() -> str:
    """The outcome of an e-mail after which the sequence just continues; empty if the pack has none."""
    return next((name for name in settings.outcome_titles().get("email", {}) if name == "sent"), "")
