"""What does an invented person decide about an employer in the inbox?"""

from __future__ import annotations

from datetime import date

from cli.demo.behavior import Behavior
from cli.demo.invented.chance import draw
from shared.contracts.matcher import AcceptGroup, InboxGroup, RejectGroup

ACTOR = "demo"


def decide_group(
    rates: Behavior, seed: int, group: InboxGroup, verdict: str, on: date
) -> AcceptGroup | RejectGroup | None:
    """The command that accepts the best candidate, or rejects all with a verdict; None leaves it for a later day."""
    chance, _ = draw(seed, group.key, on)
    if chance >= rates.inbox.decided:
        return None
    best = max(group.candidates, key=lambda each: (each.confidence, each.facility_id), default=None)
    if best and best.confidence >= rates.inbox.accepted_from:
        return AcceptGroup(key=group.key, facility_id=best.facility_id, actor=ACTOR)
    return RejectGroup(key=group.key, reason=verdict, actor=ACTOR)
