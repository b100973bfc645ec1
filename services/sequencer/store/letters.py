"""Which letters were sent lately, and who rests because of them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.resting import Letter, Rests, address_key, rests_of, same_recipients
from services.sequencer.domain.sequences import Sequence
from services.sequencer.store import contacts, sequences
from shared.storage.database import Tx

_TO = "lower(person ->> 'email') = ANY(%(to)s)"
_OF = "(tasks.facility_id = %(facility)s OR covers @> jsonb_build_array(%(facility)s::text))"
"""Conditions of their own, for which there are indexes."""


async def rests(tx: Tx, book: Playbook, to: Iterable[str | None] | None = None, without: UUID | None = None) -> Rests:
    """The rests that the letters of the last time to these addresses, or to all, lead to; none if the pack has no rule.

    Open letters count as well, on their day or today: they are drafted, and a person may send them any minute. A letter
    that is being taken back (`without`) does not count.
    """
    known = {**book.sequences, **await sequences.pinned(tx)}
    days = _days(book, known)
    if not days:
        return Rests()
    same = await _same_recipients(tx)
    condition = "true" if to is None else _TO
    found = await _letters(tx, days, condition, without=without, to=_of_same_people(to or (), same))
    return rests_of(found, known, book.capacity.letters_per_person, same)


async def rests_until(tx: Tx, book: Playbook, facility_id: str) -> date | None:
    """The first day on which a facility that rests may be worked again."""
    known = {**book.sequences, **await sequences.pinned(tx)}
    days = _days(book, known)
    found = await _letters(tx, days, _OF, facility=facility_id) if days else []
    until = rests_of(found, known, None).facilities.get(facility_id)
    return until if until and until > tx.today else None


def _days(book: Playbook, known: Mapping[str, Sequence]) -> int:
    """How long letters have an effect."""
    cap = book.capacity.letters_per_person
    return max([cap.days if cap else 0, *(each.rest_days for each in known.values())])


async def _letters(tx: Tx, days: int, condition: str, without: UUID | None = None, **values: Any) -> list[Letter]:
    return await tx.all(
        Letter,
        f"""
        SELECT person ->> 'email' AS address, COALESCE(covers, jsonb_build_array(tasks.facility_id)) AS covers,
            COALESCE(sequence_version, sequence) AS sequence, step_no, tasks.status = 'done' AS sent,
            CASE WHEN tasks.status = 'done' THEN done_on ELSE greatest(due_on, %(today)s) END AS "on"
        FROM tasks LEFT JOIN enrollments USING (enrollment_id)
        WHERE channel = 'email' AND person ->> 'email' IS NOT NULL
            AND (tasks.status IN ('due', 'moved') OR (tasks.status = 'done' AND done_on > %(since)s))
            AND task_id IS DISTINCT FROM %(without)s::uuid AND {condition}
        """,
        without=without,
        today=tx.today,
        since=tx.today - timedelta(days=days),
        **values,
    )


async def _same_recipients(tx: Tx) -> dict[str, str]:
    """The addresses of people who have several, each with the first one of its person."""
    known = await contacts.corrections(tx)
    return same_recipients(await contacts.with_several_addresses(tx, known), known)


def _of_same_people(to: Iterable[str | None], same: Mapping[str, str]) -> list[str]:
    """These addresses in lower case, with the other addresses of the same people."""
    given = {address_key(address) for address in to if address}
    firsts = {same[each] for each in given if each in same}
    return sorted(given | {each for each, first in same.items() if first in firsts})
