"""How are webhooks and their deliveries printed?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from cli.printing import show
from shared.contracts.courier import Delivery, Webhook

At = Callable[[datetime], str]


def webhooks(found: Sequence[Webhook], at: At) -> None:
    if not found:
        show.say("There are none yet; `pipeline webhook add NAME https://HOST/PATH` sends events to an address.")
        return
    rows = [
        (
            each.name,
            each.state,
            " ".join(each.types),
            f"{each.delivered:,}",
            f"{each.waiting:,}",
            f"{each.failed:,}",
            f"{each.behind:,}",
            each.url,
        )
        for each in found
    ]
    numbers = ["delivered", "waiting", "given up", "behind"]
    show.table("Webhooks", ["name", "state", "types", *numbers, "address"], rows, numbers)
    for each in found:
        if problem := _problem(each, at):
            show.problem(f"{each.name}: {problem}")


def webhook(found: Webhook, at: At) -> None:
    show.say(f"{found.name}: {found.state}.")
    show.line(f"  address    {found.url}")
    show.line(f"  types      {' '.join(found.types)}")
    filters = {"tier": found.tiers, "state": found.states, "owner": found.owners}
    for name, wanted in filters.items():
        if wanted:
            show.line(f"  {name:<9}  {', '.join(map(str, wanted))}")
    if found.ordered:
        show.line("  order      the events of a facility arrive in their order")
    show.line(f"  people     {'gets' if found.personal else 'does not get'} events with contact data")
    show.line(f"  cursor     {found.cursor}" + (f", {found.behind:,} events of the log behind" if found.behind else ""))
    show.line(f"  delivered  {found.delivered:,}; {found.waiting:,} wait, {found.failed:,} were given up")
    if found.both_until:
        show.line(f"  secret     version {found.secret_version}; the one before signs until {at(found.both_until)}")
    if found.added_at:
        show.line(f"  added      by {found.added_by}, {at(found.added_at)}")
    if problem := _problem(found, at):
        show.problem(problem)


def _problem(found: Webhook, at: At) -> str | None:
    if found.paused_at:
        return f"Paused by {found.paused_by}, {at(found.paused_at)}: {found.paused_why}"
    if found.failing_since and found.state == "failing":
        again = f" The next request is at {at(found.next_at)}." if found.next_at else ""
        return f"Nothing was accepted since {at(found.failing_since)}: {found.error or 'no answer.'}{again}"
    return None


def deliveries(name: str, found: Sequence[Delivery], at: At) -> None:
    if not found:
        show.say("There are none.")
        return
    rows = [
        (
            each.delivery,
            each.type,
            each.key,
            each.state,
            each.attempts,
            at(each.last_at) if each.last_at else "",
            each.status or "",
            f"{each.millis:,}" if each.millis is not None else "",
            each.error or each.answer or "",
        )
        for each in found
    ]
    columns = ["delivery", "type", "about", "state", "tries", "last", "status", "ms", "answer"]
    show.table(f"Deliveries to {name}", columns, rows, ["delivery", "tries", "ms"])


def delivery(found: Delivery, at: At) -> None:
    took = f" after {found.millis:,} ms" if found.millis is not None else ""
    if found.state == "waiting":
        show.problem("There is no answer yet; `pipeline webhook deliveries` shows what comes of it.")
    elif found.state == "delivered":
        show.say(f"It answered {found.status}{took}.")
    else:
        show.problem(f"{found.error}{took}" + (f" It answered: {found.answer}" if found.answer else ""))
    if found.next_at:
        show.say(f"The next attempt is at {at(found.next_at)}.")
