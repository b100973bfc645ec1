"""Which row of the ledger accounts for postings that were pushed or imported?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from services.ingest.store import ledger
from services.ingest.store.ledger import Entry
from services.ingest.usecases.submissions import Reading
from shared.contracts.ingest import ImportedFile
from shared.storage.database import Tx

UNNAMED = "(no source)"
"""Stands in the ledger for postings that were refused because they name no source."""
_MOST_REFUSALS = 20


class Origin(NamedTuple):
    """How postings came, if they were not fetched."""

    kind: str
    rule: str
    detail: str
    sha256: str | None = None
    actor: str | None = None
    import_id: UUID | None = None


def pushed(source: str) -> Origin:
    return Origin("push", "key", f"pushed with the key of {source}")


def submitted(actor: str, file: ImportedFile | None) -> Origin:
    """Postings of a file that a person imported, or of a program that sends them as a command."""
    if file is None:
        return Origin("push", "command", f"submitted by {actor}", actor=actor)
    return Origin("file", "file", f"file {file.name}, imported by {actor}", file.sha256, actor, file.import_id)


async def account(
    origin: Origin, source: str | None, readings: Sequence[Reading], known: Collection[UUID], tx: Tx
) -> dict[str, int]:
    """Write a row for each source; returns their numbers. `known`: the postings that existed."""
    new: dict[str, set[UUID]] = {}
    seen: dict[str, set[UUID]] = {}
    refusals: dict[str, Counter[str]] = {}
    for reading in readings:
        if one := reading.submission:
            (seen if one.posting_id in known else new).setdefault(one.source, set()).add(one.posting_id)
        else:
            refuse(refusals.setdefault(source or UNNAMED, Counter()), reading.errors)
    names = sorted({*new, *seen, *refusals})
    numbers = dict(zip(names, await ledger.numbers(tx, len(names)), strict=True))
    entries = [
        Entry(
            numbers[name],
            name,
            origin.kind,
            origin.rule,
            origin.detail,
            tx.now,
            tx.now,
            "accepted",
            rule_sha256=origin.sha256,
            actor=origin.actor,
            import_id=origin.import_id,
            new=len(new.get(name, ())),
            seen=len(seen.get(name, ())),
            refused=refusals.get(name, Counter()).total(),
            refusals=refusals.get(name, {}),
        )
        for name in names
    ]
    await ledger.write(tx, entries)
    return numbers


def refuse(refusals: Counter[str], errors: dict[str, str]) -> None:
    """Count a posting by the first reason for which it is refused; there are few different reasons."""
    for field, problem in list(errors.items())[:1]:
        reason = f"{field}: {problem}"[:200]
        known = reason in refusals or len(refusals) < _MOST_REFUSALS
        refusals[reason if known else "other reasons"] += 1
