"""Which versions of sequences are there?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pydantic import TypeAdapter

from services.sequencer.domain.sequences import Sequence, content_of
from shared.contracts.sequencer_sequences import SequenceVersion
from shared.storage.database import Tx
from shared.storage.writing import insert

_SEQUENCE: TypeAdapter[Sequence] = TypeAdapter(Sequence)


async def record(tx: Tx, sequences: Iterable[Sequence]) -> None:
    """Keep the sequences of the pack in force; those that are known already stay as they are."""
    rows = [
        {"version": each.version, "sequence": each.name, "content": content_of(each), "first_seen_on": tx.today}
        for each in sequences
    ]
    await insert(tx, "sequence_versions", rows)


async def pinned(tx: Tx) -> dict[str, Sequence]:
    """Every sequence that an enrollment may have started with, by version."""
    found = await tx.dicts("SELECT version, content::text AS content FROM sequence_versions")
    return {row["version"]: _read(row["content"]) for row in found}


@lru_cache(maxsize=1_000)
def _read(content: str) -> Sequence:
    return _SEQUENCE.validate_json(content)


async def versions(tx: Tx) -> list[SequenceVersion]:
    """The versions of all sequences, newest first, with their enrollments."""
    return await tx.all(
        SequenceVersion,
        """
        SELECT v.sequence, v.version, v.first_seen_on,
            count(enrollment_id) FILTER (WHERE status IN ('active', 'paused')) AS running,
            count(enrollment_id) AS enrollments
        FROM sequence_versions AS v LEFT JOIN enrollments ON enrollments.sequence_version = v.version
        GROUP BY v.sequence, v.version, v.first_seen_on ORDER BY v.sequence, v.first_seen_on DESC, v.version
        """,
    )
