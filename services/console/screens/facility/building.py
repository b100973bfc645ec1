"""How does what is known of an account become its page?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.domain.sessions import Session
from services.console.rendering.filters import day, dialed, plural
from services.console.rendering.shapes import URGENCIES, Choice, Option, Urgency
from services.console.screens.facility.crm import in_crm
from services.console.screens.facility.known import Asked, Known
from services.console.screens.facility.people import contacts, suppressing
from services.console.screens.facility.queries import Row, State, Stated
from services.console.screens.facility.stages import asking, current_lead, ends, moves, stages
from services.console.screens.facility.story import SHOWN, moments
from services.console.screens.facility.touches import next_task, next_touch, outcomes, sequence
from services.console.screens.facility.view import Abilities, Facility, Fact, Flag, Posting, Signal

FACTS = 8
"""The facts that are shown until all are asked for."""


def facility(asked: Asked, session: Session, known: Known) -> Facility:
    row, today = known.row, known.wording.today
    lead = current_lead(known)
    open_task = next_task(known)
    works = session.rep is not None and session.rep in (row.owner, open_task.rep if open_task else None)
    can = _abilities(session, works, row, open_task)
    return Facility(
        id=row.facility_id,
        version=lead.version if lead else 0,
        name=settings.usual_name(row.name or row.facility_id),
        place=_place(known),
        phone=dialed(row.phone),
        chain=_chain(row),
        flags=_flags(known, session),
        score=known.why.score if known.why else None,
        urgency=None if row.urgency is None else Urgency(row.urgency, URGENCIES[row.urgency]),
        stages=stages(known, lead),
        why=known.why,
        signals=signals(known, today, session),
        contacts=contacts(
            known.people,
            known.own("contact"),
            known.wording.names.reps,
            people=session.can_see("people"),
            suppressed_at=row.facility_id if can.suppress else "",
        ),
        facts=_facts(known.facts, asked),
        facts_href="" if asked.all_facts or len(settings.fact_titles()) <= FACTS else asked.href(facts="all"),
        timeline=moments(known.entries, known.wording),
        shown=_parts(asked),
        can=can,
        next=next_touch(open_task, known, session) if not row.client or open_task else None,
        **sequence(known),
        crm=in_crm(known.crm, session),
        names=tuple(known.names),
        origin=known.neighbors.origin if known.neighbors else None,
        place_in_list=known.neighbors.place if known.neighbors else "",
        previous=known.neighbors.previous if known.neighbors else "",
        following=known.neighbors.following if known.neighbors else "",
        as_of=asked.on,
        client=row.client,
        older=known.older,
        opened=asked.opened,
        outcomes=outcomes("call"),
        roles=tuple(Option(role, label) for role, label in settings.role_labels().items()),
        reps=_others(known) if session.can("schedules") else (),
        moves=moves(lead) if can.stage else (),
        ends=ends(lead) if can.stage else (),
        asking=asking(row.facility_id, lead),
    )  # fmt: skip


def _parts(asked: Asked) -> tuple[Choice, ...]:
    return tuple(
        Choice(title, asked.href(shown=key) + "#timeline", key == asked.shown) for key, (title, _) in SHOWN.items()
    )


def _abilities(session: Session, works: bool, row: Row, task: State | None) -> Abilities:
    call = task is not None and task.data["channel"] == "call"
    return Abilities(
        touch=session.can("touches", own=works) and call,
        log=session.can("touches", own=works) and not call,
        stage=session.can("leads", own=works),
        contact=session.can("leads", own=works),
        note=session.can("touches", own=works),
        suppress=suppressing(account=row.facility_id) if session.can("suppressions") else "",
    )


def _others(known: Known) -> tuple[Option, ...]:
    """Those of the team who do not own the account."""
    return tuple(Option(rep, name) for rep, name in known.team.items() if rep != known.row.owner)


# --- the head ------------------------------------------------------------------------------------------------


def _place(known: Known) -> str:
    listed = next((each.data for each in known.own("facility")), {})
    city = settings.usual_name(known.row.city) if known.row.city else ""
    street = settings.usual_name(listed["address"]) if listed.get("address") else ""
    return ", ".join(filter(None, (street, city, " ".join(filter(None, (known.row.state, known.row.zip))))))


def _chain(row: Row) -> Choice | None:
    if not row.chain:
        return None
    title = f"{settings.usual_name(row.chain)}, {plural(row.members, 'facility', 'facilities')}"
    return Choice(title, chain_href(row.chain))


def chain_href(chain: str) -> str:
    return f"/chains/{quote(chain, safe='')}"


def _flags(known: Known, session: Session) -> tuple[Flag, ...]:
    row, found = known.row, list[Flag]()
    if not row.listed:
        found.append(Flag("No longer on the registry", "warn", "ban"))
    if row.client:
        found.append(Flag("Client", "ok", "check"))
    if any(each["chronic"] for _, each in _open_signals(known, known.wording.today)):
        found.append(Flag("Chronic gap", "warn", "rotate-ccw"))
    breach = _breach(known)
    if breach:
        found.append(Flag(breach, "danger", "clock"))
    if row.owner:
        found.append(Flag(known.wording.names.rep(row.owner), "plain", "user"))
    return tuple(found)


def _breach(known: Known) -> str:
    """The promised time has passed, and no touch has ended that since."""
    breaches = [each.data for each in known.history if each.subject == "sla.breached"]
    if not breaches or known.row.client:
        return ""
    began = date.fromisoformat(breaches[-1]["started_on"])
    if (known.row.touched_on and known.row.touched_on > began) or known.row.tier != breaches[-1]["tier"]:
        return ""
    since = "contact" if known.row.touched_on else f"Tier {known.row.tier}"
    return f"SLA breach, {plural((known.wording.today - began).days, 'day')} since {since}"


# --- signals, facts ------------------------------------------------------------------------------------------


def _open_signals(known: Known, today: date) -> list[tuple[str, dict[str, Any]]]:
    """Role family and signal, of those that are open."""
    return [
        (state.data["role_family"], each)
        for state in known.own("signal")
        for each in state.data["signals"]
        if date.fromisoformat(each["expires_on"]) >= today and not each["closed"]
    ]


def signals(known: Known, today: date, session: Session) -> tuple[Signal, ...]:
    """Its open needs, with the postings behind them and, for those who may see it, what allowed these."""
    found = _open_signals(known, today)
    families = [family for family, _ in found]
    alone = {family for family in families if families.count(family) == 1}
    return tuple(
        _signal(each, family, today, _postings(known, family, session) if family in alone else ())
        for family, each in found
    )


def _signal(each: Mapping[str, Any], family: str, today: date, postings: tuple[Posting, ...]) -> Signal:
    seen = (day(date.fromisoformat(each["last_seen_on"])), plural(each["postings"], "posting"), *each["sources"])
    return Signal(
        title=settings.family_labels().get(family, family.replace("_", " ")),
        quoted=each["title"],
        open=_since(each["first_seen_on"], today),
        seen=", ".join(seen),
        expires=day(date.fromisoformat(each["expires_on"])) + (", chronic" if each["chronic"] else ""),
        href=f"/events/{each['posting_event_id']}" if each.get("posting_event_id") else "",
        postings=postings if len(postings) > 1 else (),
        ledger=postings[0].ledger if len(postings) == 1 else "",
    )


def _since(first: str, today: date) -> str:
    began = date.fromisoformat(first)
    return f"since {day(began)}, {plural((today - began).days, 'day')}"


def _postings(known: Known, family: str, session: Session) -> tuple[Posting, ...]:
    sources = session.can_see("sources")
    return tuple(_posting(each, sources=sources) for each in known.postings if each["family"] == family)


def _posting(each: Mapping[str, Any], *, sources: bool) -> Posting:
    state = "taken down" if each["status"] == "closed" else f"seen {day(each['seen_on'])}"
    ledger = address_of("/settings/sources/ledger", {"posting": each["id"]}) if sources else ""
    return Posting(f"“{each['title']}”, {each['source']}, {state}", ledger)


def _facts(facts: Sequence[Stated], asked: Asked) -> tuple[Fact, ...]:
    """In the pack's order; what no file states is unknown."""
    stated = {each.field: each for each in facts}
    found = [_fact(title, stated.get(name)) for name, title in settings.fact_titles().items()]
    return tuple(found if asked.all_facts else found[:FACTS])


def _fact(title: str, stated: Stated | None) -> Fact:
    if stated is None or stated.value is None:
        return Fact(title, "", f"as of {day(stated.as_of)}" if stated else "", unknown=True)
    return Fact(title, _value(stated.value), f"as of {day(stated.as_of)}")


def _value(value: str) -> str:
    """Dates and large whole numbers as people write them."""
    try:
        return day(date.fromisoformat(value), "year") if len(value) == 10 else f"{int(value):,}"
    except ValueError:
        return value
