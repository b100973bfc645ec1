"""How is what follows from a pack displayed, before the pack is in force?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.printing.show import say, table
from engines.packs import about

if TYPE_CHECKING:
    from cli.client.publishing import Kept
    from shared.contracts.scorer_replies import TriedScheme

MOST = 20
"""Accounts listed; `pipeline what-if` lists all."""


def ahead(tried: TriedScheme, found: Sequence[Kept]) -> None:
    """Print who changes tier, and which version running enrollments keep."""
    compared, several = tried.comparison, about().accounts
    crossings = compared.crossings
    say(f"{compared.rescored} of {compared.cohort} {several} would score differently.")
    rows = [
        (f"{tried.names.get(one.facility_id)} ({one.facility_id})", f"{one.from_tier} -> {one.to_tier}")
        for one in crossings[:MOST]
    ]
    title = f"{len(crossings)} would change tier after the next calibration, {compared.at_once} at once"
    table(title, [about().account, "tier"], rows)
    if len(crossings) > MOST:
        say(f"And {len(crossings) - MOST} more, which `pipeline what-if` lists.")
    up = sum(one.to_tier < one.from_tier for one in crossings)
    if crossings:
        say(
            f"{up} climb: a running enrollment of theirs ends, and the sequence of the better tier can start. "
            f"{len(crossings) - up} fall: theirs go on."
        )
    if not found:
        say("Every running enrollment goes through a sequence as this pack has it.")
        return
    say("Sequences change when the services start with the pack. Running enrollments keep the version they began with:")
    for each in found:
        say(f"  {each.sequence}: {each.running} running keep version {each.version}; {_others(each)}")


def _others(each: Kept) -> str:
    if each.new is None:
        return "the pack has no such sequence, so none starts."
    return f"later ones start with {each.new}. To move them: `pipeline sequence migrate {each.sequence} --preview`"
