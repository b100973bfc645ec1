"""How is printed how the exchange with a CRM is doing?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from cli.printing import show
from shared.contracts.courier_crm import CrmComparison, CrmConflict, CrmFailure, CrmLane

At = Callable[[datetime], str]
_NUMBERS = ("linked", "waiting", "withheld", "failed", "conflicts")


def lanes(found: Sequence[CrmLane], at: At) -> None:
    if not found:
        show.say("No CRM is set up; `pipeline crm setup` creates its properties and begins.")
        return
    rows = [
        (each.system, each.kind, *(f"{getattr(each, name):,}" for name in _NUMBERS), _time(each.polled_at, at))
        for each in found
    ]
    show.table("CRM", ["system", "records", *_NUMBERS, "last looked at"], rows, _NUMBERS)
    for each in found:
        if each.sending:
            show.say(f"{each.kind}: a job of Salesforce sends {show.number(each.sending, 'record')} now.")
        for text in each.wrong:
            show.problem(text)
        if each.error and not each.wrong:
            until = f" It is asked again at {at(each.rests_until)}." if each.rests_until else ""
            show.problem(f"{each.kind}: {each.error.rstrip('.')}.{until}")


def conflicts(found: Sequence[CrmConflict], at: At) -> None:
    if not found:
        show.say("There are none.")
        return
    names = ("base", "ours", "theirs", "kept", "rule", "why")
    rows = [
        (at(each.at), each.facility_id or "", each.kind, each.field, *(getattr(each, name) or "" for name in names))
        for each in found
    ]
    show.table("Conflicts", ["when", "account", "kind", "field", "agreed before", *names[1:]], rows)


def failures(found: Sequence[CrmFailure], at: At) -> None:
    if not found:
        show.say("No record was refused.")
        return
    rows = [
        (
            each.facility_id or "",
            each.kind,
            each.id,
            each.error,
            _time(each.tried_at, at),
            at(each.next_at) if each.next_at else "when it changes",
        )
        for each in found
    ]
    show.table("Refused", ["account", "kind", "record", "why", "last tried", "tried again"], rows)


def comparisons(found: Sequence[CrmComparison]) -> None:
    for each in found:
        if each.error:
            show.problem(f"{each.kind}: the CRM could not be read: {each.error}")
        elif each.compared_at is None:
            show.problem(f"{each.kind}: the comparison has not ended; `pipeline crm drift --wait 3600` waits longer.")
        elif not each.differences:
            show.say(f"{show.number(each.records, 'record')} of {each.kind} compared; both sides agree.")
        else:
            rows = [
                (one.facility_id or "", one.id, one.field or "", one.ours or "", one.theirs or "", one.why)
                for one in each.differences
            ]
            show.table(f"Drift of {each.kind}", ["account", "record", "field", "ours", "theirs", "why"], rows)
            for why, count in Counter(one.why for one in each.differences).most_common():
                show.line(f"  {why}: {count:,}")


def _time(when: datetime | None, at: At) -> str:
    return at(when) if when else "never"
