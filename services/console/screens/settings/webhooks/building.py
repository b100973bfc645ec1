"""How are webhooks and their deliveries put in words?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from services.console.domain.addresses import address_of
from services.console.rendering.filters import instant, plural
from services.console.rendering.shapes import Check, Choice, State, Tone
from services.console.screens.settings.webhooks.view import Delivery, Webhook
from shared.contracts import courier
from shared.contracts.topology import CONSUMES, open_events

HERE = "/settings/webhooks"
SHOW = f"{HERE}/show"
FORM = f"{HERE}/form"
TEST = "webhook.test"
OPEN = {TEST, *(event.SUBJECT for event in open_events())}
"""Types of events without contact data; a receiver may repeat in its answer what it got."""
KINDS = sorted({event.SUBJECT.partition(".")[0] for event in CONSUMES["courier"]})
NAMED = 4
"""Of the types of an event."""
STATES: Mapping[str, tuple[str, Tone]] = {
    "working": ("working", "ok"),
    "failing": ("failing", "warn"),
    "paused": ("paused", "plain"),
}
OUTCOMES: Mapping[str, tuple[str, Tone]] = {
    "waiting": ("waits", "info"),
    "blocked": ("waits for an earlier one", "plain"),
    "delivered": ("delivered", "ok"),
    "failed": ("given up", "danger"),
}
COURIER = "courier"


def href_of(name: str, **more: str) -> str:
    return address_of(SHOW, {"name": name, **more})


def needs_a_look(each: courier.Webhook) -> bool:
    return each.state == "failing" or (each.state == "paused" and each.paused_by == COURIER)


def state(each: courier.Webhook, zone: str) -> State:
    text, tone = STATES.get(each.state, (each.state, "plain"))
    if each.state == "paused" and each.paused_at:
        on = instant(each.paused_at, zone, "full")
        by_courier = each.paused_by == COURIER
        by = "" if by_courier else f"by {each.paused_by}, "
        return State(text, "danger" if by_courier else tone, f"{by}{on}: {each.paused_why}")
    if each.state == "failing":
        since = f" since {instant(each.failing_since, zone, 'full')}" if each.failing_since else ""
        again = f" Asked again {instant(each.next_at, zone, 'full')}." if each.next_at else ""
        return State(text, tone, f"Nothing was accepted{since}: {each.error or 'no answer.'}{again}")
    return State(text, tone)


def webhook(each: courier.Webhook, names: Mapping[str, str], zone: str) -> Webhook:
    wanted = [text for _, text in _filters(each, names)]
    return Webhook(
        name=each.name,
        href=href_of(each.name),
        url=each.url,
        gets="; ".join([_types(each), *wanted]),
        state=state(each, zone),
        delivered=each.delivered,
        waiting=each.waiting,
        failed=each.failed,
        behind=each.behind,
    )


def _types(each: courier.Webhook) -> str:
    return "all events" if "*" in each.types else ", ".join(each.types)


def _filters(each: courier.Webhook, names: Mapping[str, str]) -> list[tuple[str, str]]:
    owners = [names.get(owner, owner) for owner in each.owners or ()]
    tiers = [f"tier {number}" for number in each.tiers or ()]
    found = (("Tiers", tiers), ("States", each.states or []), ("Owners", owners))
    return [(name, ", ".join(values)) for name, values in found if values]


def gets(each: courier.Webhook, names: Mapping[str, str], zone: str) -> tuple[tuple[str, str], ...]:
    order = "of each account kept: a failure blocks later ones" if each.ordered else "not kept"
    people = "also events with contact data" if each.personal else "no events with contact data"
    added = f"by {each.added_by}, {instant(each.added_at, zone, 'full')}" if each.added_at else ""
    both = f"; the one before signs until {instant(each.both_until, zone, 'full')}" if each.both_until else ""
    facts = (
        ("Address", each.url),
        ("Events", _types(each)),
        *_filters(each, names),
        ("Order", order),
        ("People", people),
        ("Secret", f"version {each.secret_version}{both}"),
        ("Added", added),
    )
    return tuple((name, value) for name, value in facts if value)


def doing(each: courier.Webhook) -> tuple[tuple[str, str], ...]:
    return (
        ("Delivered", f"{each.delivered:,}"),
        ("To be tried again", f"{each.waiting:,}"),
        ("Given up", f"{each.failed:,}"),
        ("Events of the log behind", f"{each.behind:,}"),
        ("Cursor", each.cursor),
        ("Requests on their way", "yes" if each.sending else "none"),
    )


def delivery(each: courier.Delivery, accounts: Mapping[str, str], known: Collection[UUID]) -> Delivery:
    text, tone = OUTCOMES.get(each.state, (each.state, "plain"))
    is_test = each.delivery < 0
    took = f" in {each.millis:,} ms" if each.millis is not None else ""
    return Delivery(
        number=each.delivery,
        href=f"/events/{each.event_id}" if each.event_id in known else "",
        type=each.type,
        about="" if is_test else accounts.get(each.key, each.key),
        about_href=f"/facilities/{each.key}" if each.key in accounts else "",
        state="no answer yet" if is_test and each.state == "waiting" else text,
        tone=tone,
        attempts=each.attempts,
        at=each.last_at,
        next=each.next_at if each.state == "waiting" and each.attempts else None,
        came=f"{each.status}{took}" if each.status else "",
        error=each.error or "",
        answer=answer(each),
        again=not is_test and each.state in ("delivered", "failed"),
    )


def answer(each: courier.Delivery) -> str:
    """What the receiver answered; those who look here may not see people, whom an answer may name."""
    if not each.answer or each.type in OPEN:
        return each.answer or ""
    return "(not shown, because the event has contact data)"


def sentence(found: Sequence[courier.Webhook]) -> str:
    looks = sum(map(needs_a_look, found))
    needs = f"; {looks} {'needs' if looks == 1 else 'need'} a look" if looks else ""
    return f"{plural(len(found), 'webhook')}{needs}."


def filters(each: courier.Webhook, chosen: str) -> tuple[Choice, ...]:
    counts = {"waiting": each.waiting, "delivered": each.delivered, "failed": each.failed}
    return tuple(
        Choice(OUTCOMES[name][0], href_of(each.name, state="" if name == chosen else name), name == chosen, count)
        for name, count in counts.items()
        if count or name == chosen
    )


def types(chosen: Collection[str]) -> tuple[Check, ...]:
    """Every event, or all of a kind; also what a webhook gets already and what is none of these."""
    offered = {"*": "every event"} | {f"{kind}.*": _of_kind(kind) for kind in KINDS}
    more = {each: "" for each in chosen if each not in offered}
    return tuple(Check(value, value, value in chosen, detail) for value, detail in (offered | more).items())


def _of_kind(kind: str) -> str:
    names = [event.SUBJECT.partition(".") for event in CONSUMES["courier"]]
    of_kind = [last.replace("_", " ") for first, _, last in names if first == kind]
    more = f" and {len(of_kind) - NAMED} more" if len(of_kind) > NAMED else ""
    return ", ".join(of_kind[:NAMED]) + more


def checks(offered: Mapping[str, str], chosen: Iterable[str | int] | None) -> tuple[Check, ...]:
    """What is offered, and what was chosen before and is not offered any more."""
    on = [str(each) for each in chosen or ()]
    all_of = dict(offered) | {each: each for each in on if each not in offered}
    return tuple(Check(value, title, value in on) for value, title in all_of.items())
