"""How are reports and playbooks displayed?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cli.printing.show import say, table
from engines.reports.pack import Playbook, Report, in_words
from engines.reports.rows import Listed

SHOWN = 50
"""The rows that are printed of a report with a file, which has all of them."""
WARNINGS = 5
NUMBERS = ("score", "points", "rank", "days")


def listed(found: Listed) -> None:
    """Print the accounts, then how many there are of each kind, and who has to act."""
    report, header = found.report, list(found.header)
    rows = found.rows[:SHOWN] if report.file else found.rows
    right = [heading for heading in header if heading in NUMBERS or heading.rpartition("_")[2] in NUMBERS]
    table(report.title, header, [row.cells for row in rows], right)
    if len(rows) < len(found.rows):
        say(f"... and {len(found.rows) - len(rows):,} more in {report.file}.")
    if found.counts:
        name = _words(report.count or "")
        counts = [(value or f"no {name}", count) for value, count in found.counts.items()]
        table(f"\nBy {name}", [name, "accounts"], counts, ["accounts"])
    for who, late in found.calls.items():
        say(f"\n{who or 'No ' + _words(report.call_out or '')}: {len(late)} over the limit.")
        for row in late:
            say(f"  {row.account.name}: {row.action}")
    if not found.rows:
        say("No account meets its conditions." if report.where else "There are no accounts.")


def written(paths: Sequence[Path], found: Listed) -> None:
    for path in paths:
        say(f"{len(found.rows):,} accounts written to {path}.")


def warnings(found: Sequence[str]) -> None:
    for warning in found[:WARNINGS]:
        say(f"  {warning}")
    if len(found) > WARNINGS:
        say(f"  ... and {len(found) - WARNINGS:,} more rows or cells that could not be used.")


def reports(found: Sequence[Report]) -> None:
    rows = [(each.name, each.title, each.file or "printed", each.chart.file if each.chart else "") for each in found]
    table("Reports of the pack", ["name", "title", "file", "picture"], rows)


def playbooks(found: Sequence[Playbook]) -> None:
    rows = [(each.name, each.title, in_words(each.where), each.focus) for each in found]
    table("Playbooks of the pack", ["name", "title", "accounts with", "message"], rows)


def playbook(each: Playbook, subjects: Sequence[str]) -> None:
    say(f"{each.title} ({each.name})\n")
    say(f"Accounts with {in_words(each.where)}.")
    say(f"Message: {each.focus}.")
    say(f"Ask: {each.cta}.")
    say(f"Letter: {each.letter}, with one of these subjects:")
    for subject in subjects:
        say(f"  {subject}")
    say(f"Export: pipeline playbook export {each.name} (columns of the report {each.report})")


def _words(name: str) -> str:
    return name.replace("_", " ").removesuffix(" label")
