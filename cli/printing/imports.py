"""How is the result of an import displayed?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cli.printing.show import line, say

MOST_SHOWN = 20
MOST_NAMED = 12
"""Columns that are not stored: publishers have a hundred of them."""


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
    """Print the result of an import, or of its preview."""
    counts = ", ".join(f"{count} {what}" for what, count in _counted(result).items() if count)
    begin = "PREVIEW, nothing is written. " if result.preview else ""
    say(f"{begin}{name}: {result.rows} rows; {counts or 'nothing new'}; {len(result.rejects)} rejected.")
    _changes(result)
    if result.ignored_fields:
        say(f"  Not stored: {_some(sorted(result.ignored_fields))}.")
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
    if result.import_id and result.counts.get("imported") and not result.preview:
        line(f"  Undo: pipeline import undo {str(result.import_id)[:8]}")


def _some(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more columns" if more > 0 else "")


def _counted(result: Any) -> dict[str, int]:
    """The counts in words; of what was imported, how much was added and how much changed."""
    counts = {what.replace("_", " "): count for what, count in result.counts.items()}
    if result.import_id is None or "changed" not in counts:
        return counts
    changed, imported = counts.pop("changed"), counts.pop("imported")
    return {"added": imported - changed, "changed": changed, **counts}


def _changes(result: Any) -> None:
    """What the rows of a preview would do, and the enrollments that end."""
    for each in result.changes[:MOST_SHOWN]:
        what = "add" if each.added else "change"
        line(f"  line {each.line}: {what} {each.key}: {'; '.join(map(_field, each.fields))}")
    if len(result.changes) > MOST_SHOWN:
        say(f"  ... and {len(result.changes) - MOST_SHOWN} more such rows; `--json` lists all.")
    if result.ended:
        say(f"  {result.ended} enrollments {'would end' if result.preview else 'ended'}, with their tasks.")


def _field(field: Any) -> str:
    after = "none" if field.after is None else field.after
    return f"{field.field} {after}" if field.before is None else f"{field.field} {field.before} -> {after}"


def undone(result: Any, preview: bool) -> None:
    """Print what an undo put back, or would."""
    if not result.changed:
        say(f"{result.file_name} was undone before; this is what was put back then.")
    begin = "PREVIEW, nothing is written. " if preview else ""
    what = ", ".join(f"{count} {subject}{'s' if count > 1 else ''}" for subject, count in result.put_back.items())
    say(f"{begin}{result.file_name}: {'would put' if preview else 'put'} back {what or 'nothing'}.")
    if result.stopped:
        say(f"  {result.stopped} enrollments that followed from it {'would end' if preview else 'ended'}.")
    for each in result.kept:
        line(f"  Stays: {each.subject} {each.key}: {each.why}.")


def as_json(name: str, result: Any) -> dict[str, Any]:
    """The result of an import, for programs."""
    return {
        "file": name,
        "preview": result.preview,
        "import_id": None if result.preview else result.import_id,
        "rows": result.rows,
        **_counted(result),
        "ended": result.ended,
        "changes": result.changes,
        "rejects": [{"line": each.line, "reason": each.reason} for each in result.rejects],
    }
