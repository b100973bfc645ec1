"""What does a report state about each account, and below the list?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from engines.drafting.accounts import Account, facts_of_account
from engines.drafting.facts import Fact, one_line, values
from engines.drafting.language import NotRendered, names_in, render
from engines.drafting.outreach import Outreach
from engines.drafting.writing import with_passages
from engines.reports.choosing import OVERDUE, in_order, matches
from engines.reports.pack import Report

More = Mapping[str, Mapping[str, str]]
"""By account: facts from elsewhere, such as its owner and how long it has waited."""
OF_LISTS = (
    *("key", "rank", "owner", "last_contacted_on", "next_follow_up_on"),
    *("sla_status", "sla_label", "sla_action", "days_since_outreach"),
)
"""What reports know beside the facts of an account."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a pack states for lists, and on which day."""

    outreach: Outreach
    labels: Mapping[int, str]
    """The names of tiers."""
    on: date


@dataclass(frozen=True, slots=True)
class Row:
    """An account of a report with its cells, and its bar of a chart."""

    account: Account
    cells: tuple[str, ...]
    label: str = ""
    counted: str = ""
    """The value by which it is counted."""
    called: str | None = None
    """Who has it, if its time is over."""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A report over accounts, in its order."""

    report: Report
    rows: tuple[Row, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    calls: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    """The accounts whose time is over, by who has them: the most first."""

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(self.report.columns)


def listed(report: Report, accounts: Iterable[Account], words: Words, more: More) -> Listed:
    """A report over accounts; it has those that meet its conditions."""
    found = in_order((each for each in accounts if matches(each, report.where)), report.order, more)
    facts = _Facts(_sources(report), words)
    rows = tuple(
        _row(report, each, facts.of(each, {**more.get(each.facility_id, {}), "rank": str(rank)}))
        for rank, each in enumerate(found, 1)
    )
    return Listed(report, rows, _counts(report, rows), _calls(rows))


def text_of(account: Account, source: str, words: Words, more: Mapping[str, str] | None = None) -> str:
    """A text over the facts of one account; empty if it states an unknown one."""
    return _text(source, _Facts([source], words).of(account, more or {}))


class _Facts:
    """The facts of accounts, with those passages that some texts need."""

    def __init__(self, sources: Iterable[str], words: Words) -> None:
        self._words = words
        passages, needed = words.outreach.passages, set[str]()
        names = {name for source in sources for name in names_in(source)}
        for passage in reversed(passages):
            if passage in names:
                needed.add(passage)
                names |= {name for group in passages[passage] for source in group for name in names_in(source)}
        self._passages = {name: groups for name, groups in passages.items() if name in needed}

    def of(self, account: Account, more: Mapping[str, str]) -> dict[str, str]:
        words = self._words
        known = facts_of_account(account, words.outreach, words.labels, words.on)
        # A list has the complete name, however long; only letters leave a name out that no letter has space for.
        further = {**more, "key": account.facility_id, "facility": one_line(account.name)}
        known |= {name: Fact(value, "") for name, value in further.items() if value}
        return values(with_passages(known, self._passages, account.facility_id))


def _sources(report: Report) -> Iterator[str]:
    """All texts of a report; a fact by which it counts is one, too."""
    yield from report.columns.values()
    if report.chart:
        yield report.chart.label
    yield from (f"{{{{ {name} }}}}" for name in (report.count, report.call_out) if name)


def _row(report: Report, account: Account, facts: Mapping[str, str]) -> Row:
    over = report.call_out is not None and facts.get("sla_status") == OVERDUE[0]
    return Row(
        account,
        tuple(_text(source, facts) for source in report.columns.values()),
        label=_text(report.chart.label, facts) if report.chart else "",
        counted=facts.get(report.count or "", ""),
        called=facts.get(report.call_out or "", "") if over else None,
        action=facts.get("sla_action", ""),
    )


def _text(source: str, facts: Mapping[str, str]) -> str:
    try:
        return one_line(render(source, facts))
    except NotRendered:
        return ""


def _counts(report: Report, rows: Iterable[Row]) -> dict[str, int]:
    """How many accounts have each value of a fact; those without one come last."""
    counted = Counter(row.counted for row in rows) if report.count else Counter[str]()
    return {value: counted[value] for value in sorted(counted, key=lambda value: (not value, value))}


def _calls(rows: Iterable[Row]) -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for row in rows:
        if row.called is not None:
            found[row.called] = (*found.get(row.called, ()), row)
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


def bars(found: Listed) -> list[tuple[str, Decimal, int]]:
    """Label, score and tier of each account, for a chart."""
    return [(row.label or row.account.name, row.account.score, row.account.tier) for row in found.rows]
