"""Is `shared/clock.py` the only place where a day is derived from an instant?

Code that slices a day from a text, reads the machine's date or uses PostgreSQL's date is wrong for some hours of each
day, unless the zones are equal. The few exceptions are listed with their reasons.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
SOURCES = ("cli", "deploy", "engines", "services", "shared")
CLOCK = "shared/clock.py"

ALLOWED = {
    ("shared/storage/retention.py", "datetime.now"): "partitions follow the real time, by weeks in UTC",
    ("shared/storage/retention.py", "format"): "the name of a partition, whose week is in UTC",
    ("shared/storage/retention.py", "strptime"): "the same name, parsed",
    ("shared/operations/health.py", "format"): "a job's time of day, already in the deployment's zone",
    ("cli/stack/binaries.py", "slice"): "hex digits of a hash",
    ("cli/stack/running.py", "datetime.now"): "when a process of this machine was started, an instant in UTC",
    ("cli/client/since.py", "datetime.now"): "an instant before now, in UTC",
    ("services/matcher/domain/inbox.py", "slice"): "ten hex digits of a key",
    ("services/matcher/migrations/versions/0003_groups_by_their_keys.py", "slice"): "ten hex digits of a key",
    ("services/sequencer/queries/day.py", "format"): "a job's time of day, already in the deployment's zone",
    ("cli/commands/worklist.py", "date()"): "a day that a person writes, which is not an instant",
    ("engines/mail/absences.py", "date()"): "the day that the sender of a message wrote, in the zone of the sender",
    ("engines/cadence/sla.py", "date()"): "days of times that are local already",
    ("services/sequencer/domain/plan/clocks.py", "date()"): "the same",
    ("cli/printing/capacity.py", "format"): "the month of a day of the plan, which is not an instant",
    ("engines/datasets/workbooks.py", "date()"): "a day in a workbook's cell, which is not an instant",
    ("services/notifier/domain/pacing.py", "zone"): "the time zone of a recipient, in whose hours a letter leaves",
    ("services/notifier/domain/pacing.py", "astimezone"): "the same",
    ("services/notifier/domain/pacing.py", "date()"): "the same",
    ("services/notifier/domain/pacing.py", "format"): "the same",
    (
        "services/courier/domain/recipients.py",
        "zone",
    ): "the time zone of a recipient of notices",
    ("services/courier/domain/recipients.py", "astimezone"): "the same",
    ("services/courier/domain/recipients.py", "date()"): "the same",
    ("services/notifier/usecases/pacing.py", "today"): "a count of letters, no date",
    ("engines/postings/values.py", "datetime.fromtimestamp"): "the day in UTC of an instant that an answer states",
    ("cli/files/postings.py", "datetime.fromtimestamp"): "when a file was changed, an instant in UTC",
    ("engines/crm/records.py", "date()"): "a day that a CRM writes as its midnight in UTC",
    ("engines/crm/records.py", "datetime.fromtimestamp"): "an instant that a CRM states in milliseconds",
    ("engines/crm/records.py", "astimezone"): "an instant as a CRM takes it, in UTC",
    ("cli/fakes/kept/things.py", "datetime.fromtimestamp"): "an instant of the clock of the fakes, in UTC",
    ("engines/datasets/facts.py", "date()"): "the day that a publisher's file writes, which is not an instant",
}

DAY_IN_SQL = re.compile(
    r"\b(current_(date|time|timestamp)|localtime|localtimestamp|date_trunc|date_part|to_char|at time zone)\b"
    r"|\b(now|clock_timestamp|transaction_timestamp|statement_timestamp)\(\)\s*(::|AS)\s*date"
    r"|\bnow\(\)|_at\)?\s*::\s*date\b|\bcast\(\s*\w+_at\s+as\s+date|\bdate\(\s*\w+_at\s*\)",
    re.IGNORECASE,
)
LENGTHS_OF_TEXT = {10, 13, 16, 19}
"""`2026-07-01`, and with the time to the hour, the minute and the second."""


def cuts(source: str) -> Iterator[tuple[int, str]]:
    """The lines that derive a day from an instant without the clock, each with its kind."""
    for node in ast.walk(ast.parse(source)):
        if kind := _kind(node):
            yield getattr(node, "lineno", 0), kind


def _kind(node: ast.AST) -> str | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _kind_of_call(node, node.func)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ZoneInfo":
        return "zone"
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        upper = node.slice.upper
        lower = node.slice.lower
        if lower is None and isinstance(upper, ast.Constant) and upper.value in LENGTHS_OF_TEXT:
            return "slice"
    if isinstance(node, ast.FormattedValue) and node.format_spec and re.search("%[YmdHMjF]", ast.unparse(node)):
        return "format"
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and DAY_IN_SQL.search(node.value):
        return "sql"
    return None


def _kind_of_call(call: ast.Call, called: ast.Attribute) -> str | None:
    name = called.attr
    if name == "date" and not call.args and not call.keywords:
        return "date()"
    if name in ("today", "utcnow", "utcfromtimestamp", "strptime", "strftime", "astimezone", "isocalendar"):
        return name
    if name in ("now", "fromtimestamp") and ast.unparse(called.value).split(".")[-1] in ("datetime", "date"):
        return f"datetime.{name}"
    if name in ("split", "partition") and call.args and ast.unparse(call.args[0]) == "'T'":
        return "slice"
    return None


def found() -> list[tuple[str, int, str]]:
    files = [path for folder in SOURCES for path in sorted((REPOSITORY / folder).rglob("*.py"))]
    named = [(path.relative_to(REPOSITORY).as_posix(), path) for path in files]
    return [(name, *cut) for name, path in named if name != CLOCK for cut in cuts(path.read_text("utf-8"))]


def test_only_the_clock_derives_a_day_from_an_instant() -> None:
    others = [f"{name}:{line}: {kind}" for name, line, kind in found() if (name, kind) not in ALLOWED]

    assert not others, f"use shared.clock, or list the place with its reason: {', '.join(others)}"


@pytest.mark.parametrize(
    "line",
    [
        'str(ask("scorer.ask.status")["now"])[:10]',
        "answer['now'].split('T')[0]",
        "tx.now.date()",
        "date.today()",
        "datetime.utcnow()",
        "datetime.now(UTC)",
        "datetime.fromtimestamp(0)",
        "now.astimezone().isoformat()",
        "now.strftime('%F')",
        "f'{now:%Y-%m-%d}'",
        "ZoneInfo('America/New_York')",
        "'SELECT current_date'",
        "'SELECT now()::date'",
        "'SELECT received_at::date FROM postings'",
        "f'SELECT {columns} WHERE (stored_at)::date = %(today)s'",
        "\"SELECT date_trunc('day', received_at)\"",
        "\"SELECT received_at AT TIME ZONE 'UTC'\"",
    ],
)
def test_a_cut_is_found(line: str) -> None:
    assert list(cuts(line))


@pytest.mark.parametrize(
    "line",
    [
        "local_date(tx.now, timezone)",
        "deployment().today",
        "date.fromisoformat(text)",
        "\"SELECT (signal ->> 'expires_on')::date, NULL::date\"",
        "'SELECT clock_timestamp()'",
        "rows[:5]",
    ],
)
def test_other_lines_are_not_reported(line: str) -> None:
    assert not list(cuts(line))
