"""Which letters were sent lately, and who rests because of them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.resting import Letter, Rests, address_key, rests_of, same_recipients
from services.sequencer.store import contacts, sequences
from shared.storage.database import Tx

_TO = "AND lower(person ->> 'email') = ANY(%(to)s)"
"""A condition of its own, for which there is an index."""


async def rests(tx: Tx, book: Playbook, to: Iterable[str | None] | None = None, without: UUID | None = None) -> Rests:
    """The rests that the letters of the last time to these addresses, or to all, lead to; none if the pack has no rule.

    Open letters count as well, on their day or today: they are drafted, and a person may send them any minute. A letter
    that is being taken back (`without`) does not count.
    """
    cap = book.capacity.letters_per_person
    known = {**book.sequences, **await sequences.pinned(tx)}
    days = max([cap.days if cap else 0, *(each.rest_days for each in known.values())])
    if not days:
        return Rests()
    same = await _same_recipients(tx)
    found = await tx.all(
        Letter,
        f"""
        SELECT person ->> 'email' AS address, COALESCE(covers, jsonb_build_array(tasks.facility_id)) AS covers,
            COALESCE(sequence_version, sequence) AS sequence, step_no, tasks.status = 'done' AS sent,
            CASE WHEN tasks.status = 'done' THEN done_on ELSE greatest(due_on, %(today)s) END AS "on"
        FROM tasks LEFT JOIN enrollments USING (enrollment_id)
        WHERE channel = 'email' AND person ->> 'email' IS NOT NULL
            AND (tasks.status IN ('due', 'moved') OR (tasks.status = 'done' AND done_on > %(since)s))
            AND task_id IS DISTINCT FROM %(without)s::uuid {"" if to is None else _TO}
        """,
        without=without,
        to=_of_same_people(to or (), same),
        today=tx.today,
        since=tx.today - timedelta(days=days),
    )
    return rests_of(found, known, cap, same)


async def _same_recipients(tx: Tx) -> dict[str, str]:
    """The addresses of people who have several, each with the first one of its person."""
    known = await contacts.corrections(tx)
    return same_recipients(await contacts.with_several_addresses(tx, known), known)


def _of_same_people(to: Iterable[str | None], same: Mapping[str, str]) -> list[str]:
    """These addresses in lower case, with the other addresses of the same people."""
    given = {address_key(address) for address in to if address}
    firsts = {same[each] for each in given if each in same}
    return sorted(given | {each for each, first in same.items() if first in firsts})
