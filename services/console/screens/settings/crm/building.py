"""How is the exchange with a CRM put in words?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.console.domain.addresses import address_of
from services.console.domain.forms import label
from services.console.rendering.filters import instant, plural
from services.console.rendering.frame import Words
from services.console.rendering.shapes import Choice, State
from services.console.screens.settings.crm.view import About, Compared, Conflict, Difference, Failure, Lane
from shared.contracts import courier_crm as courier
from shared.contracts.events import CRMS

HERE = "/settings/crm"
ACCOUNTS = "companies"
"""The only kind of records that names no one."""
SINGULAR = {"contacts": "contact", "tasks": "task", "notes": "note"}
HIDDEN = "(not shown: it may name a person)"
DIFFERENCES: Mapping[str, str] = {
    "missing there": "missing in {system}",
    "unknown here": "unknown here",
    "there twice": "twice in {system}",
    "changed here": "changed here, not sent yet",
    "changed there": "changed in {system}",
    "changed on both sides": "changed on both sides",
}
RULES: Mapping[str, str] = {
    "ours": "by the pack, ours counts",
    "theirs": "by the pack, theirs counts",
    "newest": "by the pack, the newest counts",
    "refused": "theirs cannot count here",
}
TABS = {"differences": "Differences", "conflicts": "Conflicts", "refused": "Refused"}
MENDED = ("credentials", "setup")
"""Causes that only an operator mends."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What rows are put in words with."""

    system: str
    accounts: Mapping[str, str]
    """Names by id."""
    people: bool
    """Whether the person may see people."""

    def about(self, kind: str, id_: str, facility_id: str | None) -> About:
        name, one = self.accounts.get(facility_id or "", facility_id or ""), SINGULAR.get(kind, "")
        href = f"/facilities/{facility_id}" if facility_id in self.accounts else ""
        if kind == ACCOUNTS:
            return About(name or id_, href)
        return About(name, href, one or kind) if name else About((one or kind).capitalize())

    def value(self, kind: str, value: str | None) -> str:
        return value or "" if kind == ACCOUNTS or self.people or not value else HIDDEN


def title_of(system: str | None) -> str:
    return CRMS.get(system or "", system or "")


def kind_of(kind: str, words: Words) -> str:
    return words.accounts if kind == ACCOUNTS else kind


def state(found: courier.CrmDeployed, lanes: Sequence[courier.CrmLane], zone: str) -> State:
    """How the exchange as a whole is doing, and what an operator does about it."""
    system = title_of(found.system)
    if found.missing:
        return State("not set", "danger" if lanes else "plain", "Nothing is exchanged.")
    if not lanes:
        text = f"This creates the properties that {system} lacks, and exchanges records with it from then on."
        return State("not set up", "plain", text)
    for each in lanes:
        if each.wrong:
            return State(
                "does not fit", "danger", f"Mend these properties in {system} or the pack, then set it up again."
            )
        if each.error:
            return _resting(each, system, zone)
    if any(each.set_up_at is None for each in lanes):
        return State("being set up", "info", f"The properties that {system} lacks are created.")
    return State("exchanging", "ok")


def _resting(each: courier.CrmLane, system: str, zone: str) -> State:
    until = f" {system} is asked again {instant(each.rests_until, zone, 'full')}" if each.rests_until else ""
    error = (each.error or "").rstrip(".")
    if each.cause in MENDED:
        end = f"{until}; Set up asks now." if until else " Set up asks again."
        return State("rests", "danger", f"{error}.{end}")
    return State("waits", "warn", f"{error}.{until + '.' if until else ''} Nothing is lost meanwhile.")


def lane(each: courier.CrmLane, words: Words) -> Lane:
    if each.wrong:
        found = State("does not fit", "danger")
    elif each.error:
        found = State("rests", "danger") if each.cause in MENDED else State("waits", "warn")
    elif each.set_up_at is None:
        found = State("being set up", "info")
    else:
        found = State("exchanging", "ok")
    return Lane(
        title=kind_of(each.kind, words).capitalize(),
        state=found,
        linked=each.linked,
        waiting=each.waiting,
        sending=each.sending,
        withheld=each.withheld,
        failed=each.failed,
        conflicts=each.conflicts,
        polled=each.polled_at,
    )


def compared(each: courier.CrmComparison, words: Words) -> Compared:
    what, count = kind_of(each.kind, words), len(each.differences)
    if each.compared_at is None:
        return Compared(State("compares", "info"), f"All {what} of both sides are being read.", None)
    if each.error:
        return Compared(State("failed", "danger"), f"The {what} could not be read: {each.error}", each.compared_at)
    found = State(plural(count, "difference"), "warn") if count else State("both sides agree", "ok")
    return Compared(found, f"{each.records:,} {what}", each.compared_at)


def difference(kind: str, each: courier.CrmDifference, shown: Shown) -> Difference:
    return Difference(
        about=shown.about(kind, each.id, each.facility_id),
        field=label(each.field) if each.field else "",
        ours=shown.value(kind, each.ours),
        theirs=shown.value(kind, each.theirs),
        why=_why(each.why, shown.system),
    )


def conflict(each: courier.CrmConflict, shown: Shown) -> Conflict:
    rule = RULES.get(each.rule, each.rule)
    return Conflict(
        at=each.at,
        about=shown.about(each.kind, each.id, each.facility_id),
        field=label(each.field),
        base=shown.value(each.kind, each.base),
        ours=shown.value(each.kind, each.ours),
        theirs=shown.value(each.kind, each.theirs),
        counts=each.kept,
        why=f"{rule}: {shown.value(each.kind, each.why)}" if each.why else rule,
    )


def failure(each: courier.CrmFailure, shown: Shown) -> Failure:
    """Its message may quote what was refused."""
    code, _, message = each.error.partition(": ")
    return Failure(
        about=shown.about(each.kind, each.id, each.facility_id),
        code=code,
        message=shown.value(each.kind, message),
        tried=each.tried_at,
        next=each.next_at,
    )


def filters(found: Sequence[courier.CrmComparison], chosen: str, system: str) -> tuple[Choice, ...]:
    """Why records differ, and how often."""
    counts = Counter(each.why for comparison in found for each in comparison.differences)
    return tuple(
        Choice(_why(why, system), href_of("differences", why="" if why == chosen else why), why == chosen, count)
        for why, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    )


def href_of(shown: str, **more: str | int) -> str:
    return address_of(HERE, {"show": "" if shown == "differences" else shown, **more})


def _why(why: str, system: str) -> str:
    return DIFFERENCES.get(why, why).format(system=system)
