"""How are sources, their tests and rows of the ledger put in words?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.rendering.filters import day, instant, size
from services.console.rendering.shapes import Choice, State, Tone
from services.console.screens.settings.sources.view import (
    Entry,
    OneSource,
    Robots,
    Source,
    Tried,
    TriedPosting,
)
from services.console.usecases.wording import translated
from shared.contracts.ingest_sources import LedgerRow, RobotsOfHost, SourceDetail, SourceState, TestedSource

HERE = "/settings/sources"
SHOW = f"{HERE}/show"
LEDGER = f"{HERE}/ledger"
RULES = {
    "public_api": "public interface",
    "licensed_api": "licence",
    "robots": "robots.txt",
    "accepted_terms": "accepted terms",
    "own_file": "file of our own",
    "key": "key",
    "command": "command",
    "file": "imported file",
}
STATES: Mapping[str, tuple[str, Tone]] = {
    "waiting": ("on schedule", "ok"),
    "fetching": ("being fetched", "info"),
    "paused": ("paused", "plain"),
    "failing": ("failing", "warn"),
    "stopped": ("stopped", "danger"),
    "ready": ("ready", "ok"),
}
OUTCOMES: Mapping[str, Tone] = {"complete": "ok", "accepted": "ok", "incomplete": "warn", "failed": "danger"}
KINDS = {"fetch": "fetched", "test": "tested", "push": "pushed", "file": "imported"}
WAYS = {"pushed": "pushes with a key", "imported": "imported"}
MOST_VALUES = 6
"""Of an option; a career site may list five hundred pages."""
MOST_POSTINGS = 20
"""Of a test."""


def href_of(name: str) -> str:
    return address_of(SHOW, {"name": name})


def state(each: SourceState) -> State:
    text, tone = STATES.get(each.state, (each.state, "plain"))
    if each.state == "paused":
        reason = f": {each.pause_reason}" if each.pause_reason else ""
        return State(text, tone, f"by {each.paused_by}{reason}" if each.paused_by else "")
    if each.state in ("failing", "stopped"):
        failed = "The last fetch" if each.failures == 1 else f"{each.failures} fetches in a row"
        only = "; it is tried on its schedule only" if each.state == "stopped" else ""
        return State(text, tone, f"{failed} failed: {each.error or 'for an unknown reason'}{only}")
    if each.warning:
        return State(text, "warn", translated(each.warning, {}))
    last = each.last
    if each.kind == "fetched" and last and last.outcome == "incomplete" and last.note:
        return State(text, tone, f"The last listing is incomplete: {last.note}")
    return State(text, tone)


def needs_a_look(each: SourceState) -> bool:
    return each.warning is not None or each.state in ("failing", "stopped")


def source(each: SourceState) -> Source:
    last = each.last
    rule = each.rule or (last.rule if last else "key")
    return Source(
        name=each.name,
        href=href_of(each.name),
        how=each.adapter or WAYS.get(each.kind, each.kind),
        employer=each.employer_name or "",
        rule=RULES.get(rule, rule),
        state=state(each),
        complete=each.last_complete_at,
        next=each.next_at,
        open=f"{each.listed:,}" if each.kind == "fetched" else "",
        last=last.finished_at if last else None,
        came=came(last) if last else "",
        refused=last.refused if last else 0,
    )


def entry(row: LedgerRow) -> Entry:
    return Entry(
        number=row.fetch_no,
        at=row.finished_at,
        source=row.source,
        href=href_of(row.source),
        kind=KINDS.get(row.kind, row.kind),
        outcome=row.outcome,
        tone=OUTCOMES.get(row.outcome, "plain"),
        came=came(row),
        refusals=tuple(row.refusals.items()),
        note=row.note or "",
        requests=row.requests,
        size=size(row.bytes) if row.bytes else "",
        rule=RULES.get(row.rule, row.rule),
        detail=row.detail,
        sha256=row.rule_sha256 or "",
    )


def came(row: LedgerRow) -> str:
    """The numbers that are not 0."""
    counts = {"new": row.new, "known": row.seen, "unchanged": row.again, "refused": row.refused, "closed": row.closed}
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing"


def one(
    found: SourceDetail, test: TestedSource | None, sections: tuple[Choice, ...], zone: str, *, change: bool
) -> OneSource:
    known = found.state
    fetched = known.kind == "fetched"
    return OneSource(
        sections=sections,
        name=known.name,
        state=state(known),
        fetched=fetched,
        how=_how(found, zone) if fetched else (("How", WAYS.get(known.kind, known.kind).capitalize()),),
        options=tuple((name.replace("_", " "), _value(value)) for name, value in found.options.items()),
        doing=_doing(found, zone) if fetched else (),
        robots=tuple(map(_robots, found.robots)),
        rows=tuple(map(entry, found.ledger)),
        ledger=address_of(LEDGER, {"source": known.name}),
        paused=known.state == "paused",
        change=change and fetched,
        test=tried(test) if test else None,
    )


def _how(found: SourceDetail, zone: str) -> tuple[tuple[str, str], ...]:
    terms, rule = found.terms, found.state.rule or ""
    added = f"by {found.added_by}, {instant(found.added_at, zone, 'full')}" if found.added_at else ""
    facts = (
        ("Adapter", found.state.adapter),
        ("Employer, if none is stated", found.state.employer_name),
        ("Hosts", _value(found.hosts)),
        ("Allowed by", RULES.get(rule, rule)),
        ("Terms accepted", f"by {terms.by}, {day(terms.on, 'year')}" if terms else ""),
        ("Licence until", day(found.licence_until, "year") if found.licence_until else ""),
        ("Schedule", found.schedule),
        ("Added", added),
    )
    return tuple((name, value) for name, value in facts if value)


def _doing(found: SourceDetail, zone: str) -> tuple[tuple[str, str], ...]:
    known = found.state
    return (
        ("Last complete listing", instant(known.last_complete_at, zone, "full") if known.last_complete_at else "never"),
        ("Next fetch", instant(known.next_at, zone, "full") if known.next_at else "not while it is paused"),
        ("Open postings", f"{known.listed:,}"),
        ("Missed by its last listing", f"{known.missed:,}"),
        ("Pages remembered", f"{found.pages:,}"),
    )


def _value(value: Any) -> str:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return str(value)
    shown = ", ".join(map(str, value[:MOST_VALUES]))
    return f"{shown} and {len(value) - MOST_VALUES:,} more" if len(value) > MOST_VALUES else shown


def _robots(each: RobotsOfHost) -> Robots:
    if 200 <= each.status < 300:
        text = "its rules apply"
    elif 300 <= each.status < 500:
        text = f"none (status {each.status}), so everything is allowed"
    else:
        text = f"not answered (status {each.status}), so nothing is allowed"
    return Robots(each.host, text, each.sha256, each.fetched_at)


def tried(found: TestedSource) -> Tried | None:
    """None if it was never tested."""
    asked = found.asked_at or found.tested_at
    if asked is None:
        return None
    families = settings.family_labels()
    return Tried(
        asked=asked,
        at=found.tested_at,
        error=found.error or "",
        rule=found.rule or "",
        addresses=tuple((each.status, each.url) for each in found.asked),
        postings=tuple(
            TriedPosting(
                id=each.source_posting_id,
                title=each.title,
                employer=each.employer_name,
                place=" ".join(filter(None, (each.city, each.state, each.zip))),
                role=families.get(each.role_family, each.role_family.replace("_", " ")),
                posted=each.posted_on,
                closes=each.closes_on,
            )
            for each in found.postings[:MOST_POSTINGS]
        ),
        found=found.found,
        refusals=tuple(found.refusals.items()),
        notes=tuple(each for each in found.notes if each != found.error),
    )
