"""How are running processes and services displayed?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cli.client.clock import shown
from cli.printing.show import say, table
from cli.stack.stackfile import Stack

_WORK = ("due", "running", "waiting", "failing")


def status(children: Sequence[dict[str, Any]], services: Sequence[dict[str, Any]]) -> None:
    zone = next((s["timezone"] for s in services if s.get("timezone")), "UTC")
    if children:
        columns = ["process", "pid", "since", "restarts", "http"]
        table(
            "Processes",
            columns,
            [(c["name"], c["pid"], shown(c["since"], zone), c["restarts"], c["http"]) for c in children],
        )
    rows = [
        (
            s["service"],
            "ready" if not s["problems"] else "; ".join(s["problems"]),
            sum(c["lag"] for c in s.get("consumers", [])),
            s.get("outbox"),
            s.get("retrying"),
            s.get("dead"),
            shown(s.get("now"), zone),
        )
        for s in services
    ]
    columns = ["service", "state", "lag", "outbox", "retrying", "dead", "clock"]
    table("Services", columns, rows, ["lag", "outbox", "retrying", "dead"])
    for service in services:
        for warning in service.get("warnings", []):
            say(f"{service['service']}: {warning}")
    work = [
        (f"{s['service']} {w['kind']}", *(w[name] for name in _WORK), shown(w["oldest_due"], zone), w["error"])
        for s in services
        for w in s.get("work", [])
    ]
    if work:
        table("Work", ["work", *_WORK, "oldest due", "error"], work, [*_WORK])
    lagging = [(c["durable"], c["lag"]) for s in services for c in s.get("consumers", []) if c["lag"]]
    if lagging:
        table("Consumers behind", ["consumer", "lag"], lagging, ["lag"])


def unassigned(count: int | None) -> None:
    if count:
        accounts = "1 account waits" if count == 1 else f"{count} accounts wait"
        say(f"{accounts} for an owner, because no rule of the pack finds one: `pipeline account unassigned`.")


def where(stack: Stack) -> None:
    """Print the HTTP addresses for people, postings and lists."""
    ports = {name: child.http_port for name, child in stack.children.items()}
    say("The console; `pipeline console user add NAME --role operations` prints the link of its first user:")
    say(f"  http://127.0.0.1:{ports['console']}/")
    say("Over HTTP, each source and each program with a key of its own:")
    say(f"  http://127.0.0.1:{ports['ingest']}/postings accepts postings; `pipeline source add NAME` creates a key")
    say(f"  http://127.0.0.1:{ports['matcher']}/reconcile reconciles lists; `pipeline key add NAME` creates a key")
