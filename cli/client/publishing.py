"""What would follow if a pack came into force: for tiers, and for the enrollments that are running?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from shared.contracts.requests import Question
from shared.contracts.schemes import Scheme
from shared.contracts.scorer import WhatIf
from shared.contracts.scorer_replies import TriedScheme
from shared.contracts.sequencer_sequences import ListSequences, SequenceVersion, ShowSequence

R = TypeVar("R")
PATIENCE = 300.0


class Asked(Protocol):
    """What passes questions on to services."""

    async def ask(self, request: Question[R], *, timeout_seconds: float = ...) -> R: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """Running enrollments whose sequence differs in the pack, and who keep the version that they started with."""

    sequence: str
    version: str
    running: int
    new: str | None
    """The version in the pack; None if the pack has no such sequence."""


async def ahead(broker: Asked, scheme: Scheme, versions: Mapping[str, str]) -> tuple[TriedScheme, list[Kept]]:
    """Try a pack: its scheme on the cohort, and its versions of sequences on what is running."""
    tried = await broker.ask(WhatIf(**dict(scheme)), timeout_seconds=PATIENCE)
    rows = await broker.ask(ListSequences(), timeout_seconds=PATIENCE)
    names = [each.name for each in rows if each.running]
    found = [await broker.ask(ShowSequence(name=name), timeout_seconds=PATIENCE) for name in names]
    return tried, kept((version for each in found for version in each.versions), versions)


def kept(running: Iterable[SequenceVersion], versions: Mapping[str, str]) -> list[Kept]:
    """What is running in another version than that of the pack."""
    return [
        Kept(each.sequence, each.version, each.running, versions.get(each.sequence))
        for each in running
        if each.running and each.version != versions.get(each.sequence)
    ]
