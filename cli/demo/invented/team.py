"""Who are the invented reps, and when is one of them away?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from cli.demo.invented.words import GIVEN_NAMES, phone, places
from shared.contracts.sequencer_reps import ChangeRep, RecordLeave

ACTOR = "demo"
AWAY_AFTER, AWAY_DAYS = 33, 5
"""The days of work before the leave, and the days of the leave."""


def invent_reps(seed: int, ids: Sequence[str]) -> list[ChangeRep]:
    """Names, addresses and numbers for the reps of a new deployment."""
    rng = Random(f"{seed}:reps")  # noqa: S311 - invented data, no secret depends on it
    surnames, given = places(rng), rng.sample(GIVEN_NAMES, len(GIVEN_NAMES))
    people = [f"{given[n % len(given)]} {surnames[n % len(surnames)]}" for n in range(len(ids))]
    return [_rep(rng, each, name) for each, name in zip(ids, people, strict=True)]


def invent_leave(ids: Sequence[str], first: date, last: date) -> RecordLeave | None:
    """The leave of the last rep, covered by the first; None without a second rep, or if the days are too few."""
    begins = first + timedelta(days=AWAY_AFTER)
    ends = begins + timedelta(days=AWAY_DAYS - 1)
    if len(ids) < 2 or ends > last:
        return None
    return RecordLeave(rep=ids[-1], from_on=begins, to_on=ends, cover=ids[0], actor=ACTOR)


def _rep(rng: Random, rep: str, name: str) -> ChangeRep:
    address = f"{name.lower().replace(' ', '.')}@seller.example"
    return ChangeRep(rep=rep, name=name, email=address, phone=phone(rng, "212"), actor=ACTOR)
