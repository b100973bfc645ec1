"""Are the timeline and the arithmetic of an account's page what happened, and what a person can recompute?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.console.domain.permissions import Role
from services.console.domain.sessions import Session
from services.console.screens.facility.building import signals
from services.console.screens.facility.known import Known
from services.console.screens.facility.people import contacts
from services.console.screens.facility.queries import Entry, Row, State
from services.console.screens.facility.stages import asking, ends, moves
from services.console.screens.facility.story import Wording, moments
from services.console.screens.facility.touches import next_touch
from services.console.screens.facility.why import Standing, of_event, why
from services.console.usecases.describing.words import Names
from services.console.usecases.reading import split
from shared.contracts import events as e
from shared.contracts.sequencer_replies import ContactRow
from tests.support.samples import sample

NOON = datetime(2026, 7, 8, 16, tzinfo=UTC)
WORDING = Wording(Names(), "America/New_York", date(2026, 7, 8))


def entry(number: int, kind: type[e.Event], trace: str = "", at: datetime = NOON, /, **values: Any) -> Entry:
    data = split(sample(kind, full=True, **values))[0]
    return Entry(UUID(int=number), kind.SUBJECT, None, None, at, trace or str(number), data)


def matched(number: int, trace: str = "", urgency: int = 2) -> Entry:
    signal = sample(e.Signal, full=True, urgency=urgency, chronic=False, closed=False)
    return entry(number, e.FacilityMatched, trace, role_family="mds", signals=(signal,))


def scored(number: int, trace: str, score: str, before: str, tier: int = 1, tier_before: int = 1) -> Entry:
    return entry(
        number,
        e.ScoreChanged,
        trace,
        score=score,
        previous_score=before,
        tier=tier,
        previous_tier=tier_before,
        score_version=number,
    )


def test_a_sighting_and_the_score_that_it_gave_are_one_entry() -> None:
    [only] = moments([scored(2, "t", "57.1", "26.9", 1, 2), matched(1, "t")], WORDING)

    assert only.change == ("score", "26.9", "57.1")
    assert only.title.endswith("Tier 2 → Tier 1")
    assert [each.title for each in only.events] == ["facility.matched", "score.changed"]
    assert only.day == "Today"


def test_a_touch_is_one_entry_with_its_task_its_draft_and_its_end() -> None:
    later, task = NOON + timedelta(hours=4), {"task_id": UUID(int=5)}
    found = moments(
        [
            entry(5, e.TouchLogged, "a", later, kind="done", **task),
            entry(4, e.TaskDone, "b", later, **task),
            entry(3, e.EmailSent, "c", later, **task),
            entry(2, e.EmailDrafted, "d", **task),
            entry(1, e.TaskDue, "d", **task),
        ],
        WORDING,
    )

    assert [[each.title for each in moment.events] for moment in found] == [
        ["touch.logged", "task.done", "email.sent", "email.drafted", "task.due"]
    ]


def test_two_touches_of_one_task_stay_two_entries() -> None:
    task = {"task_id": UUID(int=5)}
    found = moments(
        [
            entry(2, e.TouchLogged, "a", NOON + timedelta(hours=1), kind="undone", **task),
            entry(1, e.TouchLogged, "b", NOON, kind="done", **task),
        ],
        WORDING,
    )

    assert len(found) == 2


def test_sightings_of_one_need_are_folded_until_something_changes() -> None:
    found = moments([matched(4), matched(3), matched(2), matched(1, urgency=1)], WORDING)

    assert [each.more for each in found] == [2, 0]


def test_without_permission_or_the_sequencer_only_roles_are_shown() -> None:
    row = ContactRow(
        facility_id="335001",
        chain=None,
        role="don",
        name="Ada Moss",
        direct_phone="518-555-0142",
        email=None,
        source="site",
        source_date=date(2026, 7, 1),
        current=True,
    )
    state = State(
        "contact",
        "335001/don",
        "335001",
        1,
        "",
        None,
        None,
        {"role": "don", "has_direct_phone": True, "has_email": False},
    )

    [named] = contacts([row], [state], {}, people=True)
    [role] = contacts([row], [state], {}, people=False)
    [silent] = contacts(None, [state], {}, people=True)

    assert (named.name, named.direct) == ("Ada Moss", True)
    assert (role.name, role.phone, role.line) == ("", "", "direct")
    assert silent == role


def factor(points: str, weight: str, value: str, *, known: bool = True) -> dict[str, Any]:
    return {"factor": "f", "label": "A factor", "weight": weight, "value": value, "points": points, "known": known,
        "evidence": "seen 2026-07-01, urgency 2 of 4", "as_of": "2026-07-01", "event_id": None}  # fmt: skip


@pytest.mark.parametrize("multiplier, score", [("1", "45.2"), ("1.0511", "47.5"), ("3", "100.0")])
def test_the_sum_and_its_adjustment_are_the_score(multiplier: str, score: str) -> None:
    breakdown = [factor("25.2", "0.36", "0.7"), factor("20", "0.2", "1"), factor("0", "0.12", "0", known=False)]
    data = {"score": score, "tier": 1, "multiplier": multiplier, "breakdown": breakdown, "pack": "abc"}

    shown = why(of_event(data, {1: 40.9}), Standing(7, 581, date(2026, 7, 8)))

    assert round(sum(each.points for each in shown.factors), 4) == round(shown.total, 4) == 45.2
    assert round(shown.total + sum(each.points for each in shown.adjustments), 4) == float(score)
    assert round(sum(shown.score.parts), 4) == float(score)
    assert [each.value for each in shown.factors] == [0.7, 1.0, None]
    assert all(Decimal(str(each.most)) >= Decimal(str(each.points)) for each in shown.factors)
    assert shown.factors[0].evidence == "seen 1 Jul"


def test_what_a_score_only_states_is_no_row_of_its_sum() -> None:
    stated = factor("0", "0", "0.7") | {"factor": "uplift", "label": "Uplift, %", "evidence": "11 as of 2026-07-01"}
    data = {"score": "36", "tier": 1, "multiplier": "1", "breakdown": [factor("36", "0.36", "1"), stated], "pack": "a"}

    shown = why(of_event(data, {1: 40.9}), Standing(7, 581, date(2026, 7, 8)))

    assert [each.title for each in shown.factors] == ["A factor"]
    assert [(each.title, each.value, each.unknown) for each in shown.estimates] == [("Uplift, %", "11", False)]


def test_the_summary_says_since_when_and_how_far_from_the_cut() -> None:
    data = {"score": "47.5", "tier": 1, "multiplier": "1", "breakdown": [factor("47.5", "0.5", "0.95")], "pack": "abc"}
    scores = [(date(2026, 6, 1), 21.0, 2), (date(2026, 7, 2), 47.0, 1), (date(2026, 7, 5), 47.5, 1)]

    shown = why(of_event(data, {1: 40.9}), Standing(7, 581, date(2026, 7, 8), scores))

    assert shown.summary == "Tier 1 since 2 July, 6.6 above the cut. “A factor” makes 100% of it."
    assert shown.curve is not None
    assert "47.5 on 5 Jul" in shown.curve.summary


def test_an_account_without_a_task_states_what_comes_next_and_when() -> None:
    def known(status: str, **data: Any) -> Known:
        data = {"sequence": "ny-snf-21-day", **data}
        enrollment = State("enrollment", "e", "335001", 1, status, None, date(2026, 7, 6), data, None)
        row = Row(
            "335001", "WILLOW BEND", "ALBANY", "NY", None, None, None, True, 1, 47.5, 3, "ann", False, None, 1, 9, 0
        )
        return Known(row, [enrollment], [], [], [], [], WORDING, NOON, rests_until=date(2026, 9, 10))

    def next_of(standing: Known) -> tuple[str, str] | None:
        found = next_touch(None, standing, Session.__new__(Session))
        return (found.text, found.due) if found else None

    assert next_of(known("active")) == ("Call, Administrator", "about 6 Jul")
    assert next_of(known("blocked", missing=["don"])) == ("No touch while the sequence is blocked: DON", "")
    assert next_of(known("completed")) == ("None: it rests after a closing letter", "until 10 Sep")
    assert next_of(replace(known("completed"), rests_until=None)) is None


@pytest.mark.parametrize("role, seen", [("manager", True), ("auditor", True), ("rep", False), ("reader", False)])
def test_a_signal_leads_to_what_allowed_its_postings_for_those_who_may_see_sources(role: Role, seen: bool) -> None:
    row = Row("335001", "WILLOW BEND", "ALBANY", "NY", None, None, None, True, 1, 47.5, 3, "ann", False, None, 1, 9, 0)
    data = matched(1).data
    data["signals"] = [{**data["signals"][0], "expires_on": "2026-09-01"}]
    signal = State("signal", "335001/mds", "335001", 1, "open", None, None, data, None)
    posting = {
        "id": "p1",
        "status": "open",
        "title": "Cook",
        "source": "birch",
        "family": "mds",
        "seen_on": NOON.date(),
    }
    viewer = Session(UUID(int=1), "dana", role, None, "Dana")

    [one] = signals(Known(row, [signal], [], [], [], [posting], WORDING, NOON), NOON.date(), viewer)
    several = [posting, {**posting, "id": "p2"}]
    [other] = signals(Known(row, [signal], [], [], [], several, WORDING, NOON), NOON.date(), viewer)

    ledger = "/settings/sources/ledger?posting="
    assert (one.ledger, one.postings) == (f"{ledger}p1" if seen else "", ())
    assert [each.ledger for each in other.postings] == ([f"{ledger}p1", f"{ledger}p2"] if seen else ["", ""])


def a_lead(stage: str) -> State:
    data = {"lead_source": "signal", "stage": stage}
    return State("lead", "l", "335001", 1, "open", "rep-1", date(2026, 7, 1), data, None)


def test_a_stage_that_asks_something_first_is_asked_for_on_the_page_with_its_question() -> None:
    contacted, proposal = a_lead("contacted"), a_lead("proposal")

    assert {each.value: each.detail for each in moves(contacted)} == {
        "new": "",
        "qualified": "asks the intake form",
        "proposal": "asks the intake form",
    }
    assert {each.value: each.detail for each in moves(proposal)} == {"new": "", "contacted": "", "qualified": ""}
    assert {each.value: each.detail for each in ends(contacted)} == {
        "meeting": "",
        "won": "asks to confirm",
        "lost": "asks a reason",
    }
    assert asking("335001", contacted) == "/pipeline?source=signal&move=335001&to="
