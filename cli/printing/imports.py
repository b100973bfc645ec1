"""How is the result of an import displayed?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cli.printing.show import line, say


def gone(result: Any, command: Callable[[int], str]) -> None:
    """Print the facilities that a complete file lacks: those delisted, or the command that would delist them."""
    if not result.gone:
        return
    delisted = result.counts.get("delisted")
    say(f"  {'Delisted' if delisted else 'Missing from the file, and still listed'} ({len(result.gone)}):")
    for one in result.gone[:20]:
        line(f"    {one.facility_id}  {one.name}, {one.city}, {one.state}")
    if len(result.gone) > 20:
        say(f"    ... and {len(result.gone) - 20} more.")
    if not delisted:
        line(f"  If they are gone: {command(len(result.gone))}")


def report(name: str, result: Any, rejects: Any) -> None:
    """Print the result of an import."""
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
