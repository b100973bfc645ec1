"""How do figures, lists and clocks become the page?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engines.figures.computing import part_of
from engines.figures.pack import Kpi
from services.console import settings
from services.console.rendering import charts, figures
from services.console.rendering.charts import Bar, Tone
from services.console.rendering.figures import written
from services.console.rendering.filters import plural
from services.console.screens.health.queries import Draft, Group, Work
from services.console.screens.health.view import Ages, Health, Need, RepDay, Signals, Sla, Waiting
from services.console.store.signals import OpenSignal
from services.console.store.team import Reps
from services.console.usecases.dashboards import Asked, reps, windows
from services.console.usecases.figures import figure, trend
from services.console.usecases.measuring import Measures, chosen, kpis_of
from services.console.usecases.texts import label
from shared.contracts.sequencer_sla import SlaReport

LEVELS = (0, 1, 2, 3, 4)
HOT = 3
"""Signals of this urgency and above are named."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    measures: Measures
    work: Sequence[Work]
    clocks: SlaReport | None
    inbox: Sequence[Group]
    drafts: Sequence[Draft]
    signals: Sequence[OpenSignal]
    reps: Reps
    now: datetime
    seen: frozenset[str] = frozenset({"touches", "inbox", "drafts"})
    """Of these lists, those that the person may open."""


def health(asked: Asked, today: date, known: Known) -> Health:
    measured = known.measures
    same_day = next((kpi for kpi in kpis_of("activity") if kpi.figure == "ratio" and "rep" in kpi.dimensions), None)
    days, team = _days(asked, known, same_day)
    return Health(
        today,
        windows(asked, today, 7, 30, 90),
        reps(asked, known.reps),
        figures.days(asked.since, asked.until) + (", complete days" if asked.until < today else ""),
        tuple(figure(asked, measured, kpi) for kpi in kpis_of("activity")),
        tuple(figure(asked.of_window(kpi), measured, kpi) for kpi in kpis_of("accounts")),
        _today(team if not asked.rep else days[0] if days else team),
        "due today or earlier, and done today"
        + (
            f" · {same_day.title[:1].lower()}{same_day.title[1:]}: {figures.days(asked.since, asked.until)}"
            if same_day
            else ""
        ),
        "Same day" if same_day and same_day.within_days == 0 else "In time" if same_day else "",
        days,
        team,
        ("/worklist" if asked.own else "/worklist?who=team") if "touches" in known.seen else "",
        _sla(asked, known),
        tuple(trend(asked, measured, kpi) for kpi in _with_target()),
        _inbox(known.inbox, known.now, "/inbox" if "inbox" in known.seen else ""),
        _drafts(known.drafts, today, "/drafts" if "drafts" in known.seen else ""),
        _signals(asked, known.signals),
    )


def _with_target() -> list[Kpi]:
    """Shares with a target, of what reps do and of what happens first."""
    both = (kpis_of("activity"), kpis_of("funnel"))
    found = [next((kpi for kpi in kpis if kpi.figure == "ratio" and kpi.target), None) for kpis in both]
    return [kpi for kpi in found if kpi]


# --- today ---------------------------------------------------------------------------------------------------


def _days(asked: Asked, known: Known, same_day: Kpi | None) -> tuple[tuple[RepDay, ...], RepDay]:
    shown_reps = [each for each in known.work if (asked.own or asked.rep) in ("", each.rep)]
    past = {load.owner: load.breached for load in known.clocks.owners} if known.clocks else None
    rows = tuple(
        _day(asked, known, same_day, each, past.get(each.rep, 0) if past is not None else None) for each in shown_reps
    )
    total = Work("", "Team", *(sum(getattr(each, name) for each in known.work) for name in Work.__slots__[2:]))
    return rows, _day(asked, known, same_day, total, sum(past.values()) if past is not None else None)


def _day(asked: Asked, known: Known, same_day: Kpi | None, each: Work, past: int | None) -> RepDay:
    text, href = figures.Written(figures.DASH), ""
    if same_day:
        found = known.measures.figure(same_day, asked.since, asked.until)
        part = part_of(same_day, chosen(found.cases, {"rep": each.rep})) if each.rep else found.whole
        text, href = written(same_day, part, found.note), asked.list_of(same_day, rep=each.rep)
    return RepDay(
        each.name,
        f"/worklist?who={each.rep or 'team'}" if "touches" in known.seen and (not asked.own or each.rep) else "",
        each.done,
        each.done + each.due,
        each.late,
        each.calls,
        each.emails,
        each.by_hand,
        text,
        href,
        past,
    )


def _today(row: RepDay) -> str:
    if not row.due:
        return "Today: nothing is due"
    late = f", {row.late} late" if row.late else ""
    return f"Today: {row.done} of {plural(row.due, 'touch', 'touches')} done{late}"


# --- what waits ----------------------------------------------------------------------------------------------


def _sla(asked: Asked, known: Known) -> Sla | None:
    clocks = known.clocks
    if clocks is None:
        return None
    whose = asked.own or asked.rep
    owners = [each for each in clocks.owners if not whose or each.owner == whose]
    bars = [
        charts.stack(
            known.reps.names.get(each.owner or "", each.owner or "No one"),
            ((each.on_track, "", "in time"), (each.at_risk, "warn", "at risk"), (each.breached, "bad", "past it")),
            str(each.breached),
            f"of {each.accounts}",
        )
        for each in owners
    ]
    rows = [
        Waiting(
            settings.usual_name(row.facility or row.facility_id),
            f"/facilities/{row.facility_id}",
            _for(row.hours),
            f"Tier {row.tier}" + (f", {known.reps.names.get(row.owner, row.owner)}" if row.owner else ""),
        )
        for row in clocks.rows
        if row.status == "breached" and (not whose or row.owner == whose)
    ]
    counted = clocks.owners if asked.own and not asked.rep else owners
    breached = sum(each.breached for each in counted)
    return Sla(
        f"{plural(breached, 'account')} past the SLA" if breached else "Every account is within its SLA",
        tuple(bars),
        sum(each.on_track for each in counted),
        sum(each.at_risk for each in counted),
        breached,
        tuple(rows),
    )


def _for(hours: int) -> str:
    return plural(hours // 24, "day") if hours >= 48 else f"{hours} h"


def _ages(counts: Sequence[tuple[str, int, Tone]]) -> tuple[Bar, ...]:
    most = max((count for _, count, _ in counts), default=0)
    return tuple(
        Bar(name, round(100 * count / most, 2) if most else 0.0, f"{count:,}", tone=tone)
        for name, count, tone in counts
    )


def _inbox(groups: Sequence[Group], now: datetime, href: str) -> Ages:
    ages = [now - (each.since or now) for each in groups]
    counts: list[tuple[str, int, Tone]] = [
        ("under 24 h", sum(age < DAY for age in ages), ""),
        ("24 to 48 h", sum(DAY <= age < 2 * DAY for age in ages), "warn"),
        ("over 48 h", sum(age >= 2 * DAY for age in ages), "bad"),
    ]
    old = counts[1][1] + counts[2][1]
    title = (
        f"{plural(old, 'employer waits', 'employers wait')} over a day"
        if old
        else "No employer waits over a day"
        if groups
        else "The inbox is empty"
    )
    return Ages(title, "signal inbox by age, now", _ages(counts), href, "inbox", "Nothing waits.")


def _drafts(drafts: Sequence[Draft], today: date, href: str) -> Ages:
    ages = [(today - each.drafted_on).days for each in drafts]
    counts: list[tuple[str, int, Tone]] = [
        ("today", sum(age <= 0 for age in ages), ""),
        ("1 to 2 days", sum(1 <= age <= 2 for age in ages), "soft"),
        ("3 days or more", sum(age >= 3 for age in ages), "warn"),
    ]
    title = f"{plural(len(drafts), 'draft waits', 'drafts wait')}" if drafts else "No draft waits"
    old = counts[2][1]
    title += f", {old} for three days or more" if old else ""
    return Ages(title, "letters to send by age, now", _ages(counts), href, "drafts", "Every letter has left.")


def _signals(asked: Asked, found: Sequence[OpenSignal]) -> Signals:
    counts = Counter((each.family, each.urgency) for each in found)
    families = Counter(each.family for each in found)
    hot = sum(each.urgency >= HOT for each in found)
    soon = sum((each.expires_on - asked.until).days <= 7 for each in found)

    def listed(**where: str) -> str:
        return asked.href(path="/dashboards/signals", **where)

    return Signals(
        f"{plural(len(found), 'open signal')}" + (f", {hot} of urgency {HOT} or more" if hot else ""),
        f"by need and urgency, now · {soon} expire within 7 days",
        LEVELS,
        tuple(
            Need(
                label("role_family", family, {}),
                tuple((counts[family, level], listed(role_family=family, urgency=str(level))) for level in LEVELS),
                total,
                listed(role_family=family),
            )
            for family, total in families.most_common()
        ),
        listed(),
    )
