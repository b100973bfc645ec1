"""What may a draft state, and about whom? (R37, K27)

An unknown fact is missing and never reaches a template. Text from outside is cleaned before it becomes a fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from engines.datasets.emails import is_address
from engines.drafting.accounts import PACK, REGISTRY, claims, facts_of_lines, identity, recorded
from engines.drafting.days import named, named_until
from engines.drafting.facts import Fact, clean, one_line
from engines.drafting.outreach import Outreach, Record, listed, without_article
from engines.naming.shortening import short_name
from services.notifier.domain.history import POSTED, Touch, facts_of_history, topic_of
from services.notifier.domain.tasks import Closed, Home, Posting, Task

NAMES = (
    *("company", "postal", "rep_name", "rep_phone"),
    *("persona", "person", "first_name", "new_here"),
    *("facility", "place", "city", "state", "group", "homes", "more_homes", "homes_named"),
    *("role", "job", "posted", "fresh", "seen_on", "reposted_on", "closed_on"),
    *("vm_day", "talk_day", "colleague", "colleague_day", "mailed_day", "earlier_day", "news", "still_open"),
    "first_letter",
)
"""Every fact that a template can state, besides those of the score, and the claims and records of the pack."""


def facts_of(
    task: Task, outreach: Outreach, today: date, touches: Sequence[Touch] = (), postal: str | None = None
) -> dict[str, Fact]:
    """The facts of one task, from its event, the pack, and what was done before."""
    task = replace(task, posting=topic_of(task, touches, outreach))
    found = {
        **_sender(task, outreach, postal),
        **_recipient(task, outreach, today),
        **(_homes(task, outreach, today) if len(task.homes) > 1 else _one_facility(task, outreach, today)),
        **facts_of_history(task, touches, outreach, today),
        **dict(claims(task.state, outreach, today)),
    }
    if len(task.homes) <= 1:
        found |= facts_of_lines(task.lines, outreach)
        for record in outreach.records:
            found |= dict(recorded(record, task.lines, today)) if _may_state(record, task, found) else {}
    return {name: fact for name, fact in found.items() if fact is not None}


def _may_state(record: Record, task: Task, found: Mapping[str, Fact | None]) -> bool:
    return record.anyone or (task.channel == "email" and bool(found["person"]) and not task.homes)


def _sender(task: Task, outreach: Outreach, postal: str | None) -> dict[str, Fact | None]:
    return {
        "company": _fact(outreach.company, PACK),
        "postal": _fact(postal, "PIPELINE_POSTAL_ADDRESS") or _fact(outreach.postal, PACK),
        "rep_name": _fact(task.rep, f"the profile of {task.rep_id}"),
        "rep_phone": _fact(task.rep_phone, f"the profile of {task.rep_id}"),
    }


def _recipient(task: Task, outreach: Outreach, today: date) -> dict[str, Fact | None]:
    source = task.contact_source or "a contact list"
    person, greeting = clean(task.person), clean(task.greeting)
    is_first = bool(person and greeting and " " not in greeting and len(greeting) > 1)
    since = task.in_role_since
    until = since + timedelta(days=outreach.days.new) if since else None
    return {
        "persona": _fact(outreach.personas.get(task.persona), PACK),
        # "Dr. Moss" where the greeting has a title, otherwise the complete name.
        "person": _fact(person if is_first else greeting or person, source),
        "first_name": _fact(greeting, source) if is_first else None,
        "new_here": Fact("yes", f"{source}, since {since}", until) if person and until and until >= today else None,
    }


def _one_facility(task: Task, outreach: Outreach, today: date) -> dict[str, Fact | None]:
    found: dict[str, Fact | None] = {**identity(task.facility, task.city, task.state, outreach)}
    if task.posting:
        found |= _posting(task.posting, outreach, today)
    if task.closed and POSTED not in found:
        found |= _closed(task.closed, outreach, today)
    return found


NAMED_HOMES = 2
"""How many facilities a text for a person of a chain names."""


def _homes(task: Task, outreach: Outreach, today: date) -> dict[str, Fact | None]:
    """No single facility is a fact for a person of a chain."""
    chain = clean(task.chain)
    hiring = [home for home in task.homes if home.hiring and (_hiring_until(home, outreach) or today) >= today]
    until = min(filter(None, (_hiring_until(home, outreach) for home in hiring)), default=None)
    more = "yes" if len(task.homes) > NAMED_HOMES else None
    return {
        "group": _fact(short_name(chain, outreach.generic, alone=outreach.alone) if chain else None, REGISTRY),
        "homes": _fact(_some(sorted(task.homes, key=lambda home: home not in hiring), outreach), "the enrollment"),
        "more_homes": _fact(more, f"the enrollment, of {len(task.homes)} facilities"),
        "homes_named": _fact(_some(hiring, outreach), "their open postings", until),
        "state": _fact(task.state, REGISTRY),
    }


def _hiring_until(home: Home, outreach: Outreach) -> date | None:
    return home.as_of + timedelta(days=outreach.days.seen) if home.as_of else None


def _some(homes: Sequence[Home], outreach: Outreach) -> str | None:
    """The first ones by name."""
    names = [short_name(name, outreach.generic, alone=outreach.alone) for home in homes if (name := clean(home.name))]
    return listed(names[:NAMED_HOMES]) if names else None


def _posting(posting: Posting, outreach: Outreach, today: date) -> dict[str, Fact | None]:
    """Nothing if it was not seen lately, or if the pack has no word for the role."""
    role, days = outreach.roles.get(posting.role_family), outreach.days
    until = posting.last_seen_on + timedelta(days=days.seen)
    if role is None or until < today:
        return {}
    source = f"a posting, first seen on {posting.first_seen_on}, last on {posting.last_seen_on}"
    fresh_until = posting.first_seen_on + timedelta(days=days.fresh - 1)
    again = posting.reposted_on
    return {
        POSTED: Fact("yes", source, until),
        "role": Fact(one_line(role), source, until),
        "job": Fact(without_article(one_line(role)), source, until),
        "fresh": Fact("yes", source, min(until, fresh_until)) if fresh_until >= today else None,
        "seen_on": _on(posting.first_seen_on, today, source, until),
        "reposted_on": _on(again, today, source, until) if again and (today - again).days <= days.reposted else None,
    }


def _closed(closed: Closed, outreach: Outreach, today: date) -> dict[str, Fact | None]:
    role, until = outreach.roles.get(closed.role_family), closed.closed_on + timedelta(days=outreach.days.closed)
    if role is None or until < today:
        return {}
    source = f"a posting, closed on {closed.closed_on}"
    return {
        "job": Fact(without_article(one_line(role)), source, until),
        "closed_on": _on(closed.closed_on, today, source, until),
    }


def _fact(value: str | None, source: str, until: date | None = None) -> Fact | None:
    line = one_line(value or "")
    return Fact(line, source, until) if line else None


def _on(day: date, today: date, source: str, until: date) -> Fact:
    return Fact(named(day, today), source, min(until, named_until(day, today)))


def deliverable(address: str | None) -> str | None:
    """The address, if it is exactly one that an e-mail can be sent to."""
    candidate = (address or "").strip()
    return candidate if is_address(candidate) else None
