"""Which letters were sent lately, and who rests because of them?"""

from __future__ import annotations

from datetime import timedelta

from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.resting import Letter, Rests, rests_of
from shared.storage.database import Tx


async def rests(tx: Tx, book: Playbook) -> Rests:
    """The rests that the letters of the last time lead to; none if the pack has no rule."""
    cap = book.capacity.letters_per_person
    days = max([cap.days if cap else 0, *(each.rest_days for each in book.sequences.values())])
    if not days:
        return Rests()
    found = await tx.all(
        Letter,
        """
        SELECT person ->> 'email' AS address, covers, sequence, step_no, done_on AS sent_on
        FROM tasks JOIN enrollments USING (enrollment_id)
        WHERE channel = 'email' AND tasks.status = 'done' AND done_on > %(since)s AND person ->> 'email' IS NOT NULL
        """,
        since=tx.today - timedelta(days=days),
    )
    return rests_of(found, book.sequences, cap)
