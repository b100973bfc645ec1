"""What does a person see?

Text from outside is hostile: it is shown as it is, never as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.client.clock import shown

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    console.print(clean(text), markup=False)


def problem(text: str) -> None:
    """On the error stream, in one line."""
    errors.print(clean(text), markup=False, soft_wrap=True)


def line(text: str) -> None:
    """One line, however long: for what may be piped on."""
    console.print(clean(text).replace("\n", " "), markup=False, soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[str] = ()) -> None:
    """Print rows of anything under a title."""
    drawn = Table(
        title=title, title_justify="left", header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for column in columns:
        drawn.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(escape(clean(value)) for value in row))
    console.print(drawn)


def clean(value: Any) -> str:
    """No control characters: a terminal obeys them."""
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)


def summary(numbers: dict[str, Any]) -> None:
    rows = []
    for name, value in numbers.items():
        shown = ", ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, dict) else value
        rows.append((name.replace("_", " "), shown))
    table("Summary", ["", ""], rows)


def inbox(groups: Sequence[dict[str, Any]], dismissed: int, overdue: int) -> None:
    if not groups:
        say("Nobody waits in the signal inbox.")
    if overdue:
        say(f"{overdue} employer(s) wait since before today; they should be settled within a day.")
    if dismissed:
        say(f"{dismissed} posting(s) were dismissed undecided; `pipeline inbox --dismissed` lists them.")
    _groups(groups)
    if groups:
        say("To settle one: `pipeline inbox accept KEY CCN`, or `pipeline inbox reject KEY --reason not_an_snf`.")


def dismissed(groups: Sequence[dict[str, Any]]) -> None:
    if not groups:
        say("Nothing was dismissed undecided, or all of it was seen again.")
    _groups(groups)


def _groups(groups: Sequence[dict[str, Any]]) -> None:
    for group in groups:
        where = ", ".join(filter(None, (group.get("city"), group.get("state"))))
        say(f"{group['key']}  {clean(group['employer_name'])} ({where or 'no place given'})")
        roles = ", ".join(group["role_families"])
        dismissed_on, waiting = group["dismissed_on"], f"waiting since {group['waiting_since']}"
        since = f"dismissed on {dismissed_on}" if dismissed_on else waiting
        say(f"    {group['postings']} posting(s), {roles}; {since}; {group['reason']}")
        for each in group["candidates"]:
            say(f"    {each['confidence']:.2f}  {each['facility_id']}  {clean(each['name'])}, {each['city']}")


def resampled(chosen: Sequence[dict[str, Any]]) -> None:
    if not chosen:
        say("No automatic match waits to be judged.")
    for each in chosen:
        where = ", ".join(str(each[part]) for part in ("address", "city", "state", "zip") if each[part])
        say(f"{each['key']}  {clean(each['employer_name'])} ({clean(where) or 'no place given'})")
        for candidate in each["candidates"]:
            at = ", ".join(filter(None, (candidate["address"], candidate["city"])))
            say(f"    {candidate['facility_id']}  {clean(candidate['name'])}, {at}")


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
    lagging = [(c["durable"], c["lag"]) for s in services for c in s.get("consumers", []) if c["lag"]]
    if lagging:
        table("Consumers behind", ["consumer", "lag"], lagging, ["lag"])


def gone(result: Any, command: Callable[[int], str]) -> None:
    """Whom a complete file lacks: who was delisted, or who would be by which command."""
    if not result.gone:
        return
    delisted = result.counts.get("delisted")
    say(f"  {'Delisted' if delisted else 'Missing in the file, and still listed'} ({len(result.gone)}):")
    for one in result.gone[:20]:
        line(f"    {one['facility_id']}  {one['name']}, {one['city']}, {one['state']}")
    if len(result.gone) > 20:
        say(f"    ... and {len(result.gone) - 20} more.")
    if not delisted:
        line(f"  If they are gone: {command(len(result.gone))}")


def report(name: str, result: Any, rejects: Any) -> None:
    """What became of an imported file."""
    counts = ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in result.counts.items() if count)
    say(f"{name}: {result.rows} rows; {counts or 'nothing new'}; {len(result.rejects)} rejected.")
    if result.ignored_fields:
        say(f"  Not stored: {', '.join(sorted(result.ignored_fields))}.")
    for warning in result.warnings[:5]:
        say(f"  Line {warning.line}: {warning.reason}")
    if len(result.warnings) > 5:
        say(f"  ... and {len(result.warnings) - 5} more such rows.")
    for remark in (*result.remarks, result.note):
        if remark:
            say(f"  {remark}")
    if rejects:
        first = result.rejects[0]
        say(f"  Rejects are in {rejects}; the first: line {first.line}: {first.reason}")
