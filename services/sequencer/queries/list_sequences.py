"""Which sequences are there?"""

from __future__ import annotations

from collections import defaultdict

from services.sequencer.settings import playbook
from services.sequencer.store import sequences
from services.sequencer.usecases.sequences import when_of
from shared.contracts.sequencer_sequences import ListSequences, SequenceRow, SequenceVersion
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def list_sequences(request: ListSequences, tx: Tx) -> list[SequenceRow]:
    """Those of the pack, and then those that are no longer in it, while an enrollment goes through them."""
    book, pinned = playbook(), await sequences.pinned(tx)
    versions: dict[str, list[SequenceVersion]] = defaultdict(list)
    for each in await sequences.versions(tx):
        versions[each.sequence].append(each)
    removed = [name for name, its in versions.items() if name not in book.sequences and any(v.running for v in its)]
    found = []
    for name in (*book.sequences, *removed):
        current, its = book.sequences.get(name), versions[name]
        shown = current or pinned[its[0].version]
        version = current.version if current else None
        found.append(
            SequenceRow(
                name=name,
                title=shown.title,
                version=version,
                tiers=[tier for tier in book.tiers if book.rule(tier).sequence == name],
                days=[when_of(step) for step in shown.steps],
                running=sum(each.running for each in its),
                older=sum(each.running for each in its if each.version != version),
            )
        )
    return found
