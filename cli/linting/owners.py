"""Does an account whose clock runs have an owner who is to act?"""

from __future__ import annotations

from collections.abc import Iterator

from cli.linting.sections import Pack
from engines.packs.files import Fault

FILE = "sla.yaml"


def unworked(pack: Pack) -> Iterator[Fault]:
    """Tiers with a clock whose accounts are never worked."""
    sla, capacity = pack.get("sla"), pack.get("capacity")
    for tier in sla.tiers if sla and capacity else ():
        if tier not in capacity.tiers:
            remedy = "let it work the tier, or remove the clock"
            yield Fault(
                FILE, f"tiers.{tier}", "capacity.yaml does not work this tier, so no one has its accounts", remedy
            )


def unowned(pack: Pack) -> Iterator[Fault]:
    """States whose accounts have no owner until a person assigns one, although their clock runs."""
    sla, rules = pack.get("sla"), pack.get("assignment")
    if sla and rules and sla.tiers and rules.by_hand:
        problem = (
            f"accounts in {', '.join(rules.by_hand)} have no owner until a person assigns one, and their clock runs"
        )
        yield Fault(
            "assignment.yaml", "by_hand", problem, "add the states to a territory, or remove the clocks of sla.yaml"
        )
