"""Do sequences and capacity show who is where, what is full and who is away, also without the sequencer?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
import pytest_asyncio

from shared.contracts.events import EnrollmentBlocked, EnrollmentEnded, EnrollmentPaused, EnrollmentStarted, RepAway
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.sequencer_capacity import AccountStanding, Capacity, CapacityPlan, LateTouch, PlannedDay
from shared.contracts.sequencer_sequences import (
    ListSequences,
    MigrateSequence,
    Migration,
    MoveRow,
    PreviewMigration,
    SequenceDetails,
    SequenceRow,
    ShowSequence,
    StepRow,
)
from tests.integration.test_console_reading import a_task
from tests.support.console import Browser, Console, Services, one_browser
from tests.support.running import Running, run_service
from tests.support.sequencing import listed
from tests.support.servers import TestServers

pytestmark = pytest.mark.asyncio(loop_scope="module")
browser = one_browser

SEQUENCE = "ny-snf-21-day"
HOSTILE = "<script>alert(1)</script>\"'‮"
STATES = ("active", "waiting", "ended")
TODAY = date(2026, 7, 1)


def enrolled(number: int) -> dict[str, Any]:
    facility = f"33500{number}"
    return {
        "enrollment_id": _id(number),
        "facility_id": facility,
        "covers": (facility,),
        "sequence": SEQUENCE,
        "tier": 1,
        "owner": "rep-1",
    }


def _id(number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"enrollment/{number}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(servers: TestServers) -> AsyncIterator[Running]:
    """A console with an enrollment in each state, and a rep who is away."""
    async with run_service("console", servers) as running:
        await running.receive(*(listed(f"33500{number}") for number in (1, 2, 3)), listed("335004", name=HOSTILE))
        await running.receive(EnrollmentStarted(**enrolled(1), started_on=TODAY))
        await running.receive(EnrollmentBlocked(**enrolled(2), blocked_on=TODAY, missing=("telephone of the DON",)))
        paused = EnrollmentPaused(**enrolled(3), paused_on=TODAY, resume_on=date(2026, 7, 20), reason="they move house")
        await running.receive(paused)
        await running.receive(EnrollmentEnded(**enrolled(4), ended_on=TODAY, reason=HOSTILE))
        await running.receive(a_task(enrollment_id=_id(1), step_no=2))
        await running.receive(
            RepAway(leave_id=_id(9), rep="rep-2", version=1, from_on=TODAY, to_on=date(2099, 7, 9), cover="rep-1")
        )
        yield running


class Sequencer(Services):
    """Replies with two steps and a plan of two days; or not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False

    async def ask(self, request: Question[Any], /, *, service: str = "") -> Any:
        self.asked.append(request)
        if self.away:
            raise AskFailed("No service replies.", 503)
        if isinstance(request, ListSequences):
            return [
                SequenceRow(
                    name=SEQUENCE, title="21 days", version="abc", tiers=[1], days=["1", "4"], running=2, older=1
                )
            ]
        if isinstance(request, ShowSequence):
            return _details()
        if isinstance(request, PreviewMigration | MigrateSequence):
            return _migration(moved=2 if isinstance(request, MigrateSequence) else 0)
        assert isinstance(request, Capacity)
        return _plan()


def _details() -> SequenceDetails:
    steps = [
        StepRow(n=n, at=at, on=TODAY, channel="call", persona="don", template="t", condition=None, closing=False)
        for n, at in ((1, "1"), (2, "4"))
    ]
    return SequenceDetails(
        name=SEQUENCE, title="21 days", version="abc", current=True, starts_on=TODAY, steps=steps,
        rules=["A reply ends it."], versions=[],
    )  # fmt: skip


def _migration(moved: int) -> Migration:
    def move(number: int, facility: str, to_step: int | None, why_not: str | None = None) -> MoveRow:
        return MoveRow(
            enrollment_id=_id(number), facility_id=f"33500{number}", facility=facility, status="active",
            from_version="old", at_step=2, to_step=to_step, channel="call" if to_step else None,
            persona="don" if to_step else None, passed=[3], days=[date(2026, 7, 6)], why_not=why_not,
        )  # fmt: skip

    rows = [move(1, "WILLOW BEND", 4), move(4, HOSTILE, 4), move(3, "OAK HILL", None, "Its rep is away.")]
    return Migration(name=SEQUENCE, version="abcdef01", moves=rows, moved=moved)


def _plan() -> CapacityPlan:
    days = [
        PlannedDay(on=TODAY, touches={"rep-1": 5}, total=5, starts=1, away=["rep-2"]),
        PlannedDay(on=date(2026, 7, 2), touches={"rep-1": 3}, total=3, starts=0, away=["rep-2"]),
    ]
    waiting = AccountStanding(
        facility_id="335004", facility=HOSTILE, tier=1, score=Decimal("40.0"), owner=None, state="waiting",
        reason="no place", starts_on=date(2026, 7, 6),
    )  # fmt: skip
    late = LateTouch(
        enrollment_id=None, facility_id="335001", facility="Home", step_no=4, latest_on=date(2026, 7, 2), on=None
    )
    return CapacityPlan(
        scope="team", most=4, days=days, late=[late], counts={"running": 1, "waiting": 1}, waiting=[waiting],
        scarce=[], touches=[],
    )  # fmt: skip


@pytest.fixture
def sequencer() -> Sequencer:
    return Sequencer()


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running, sequencer: Sequencer) -> Console:
    return Console(shared, sequencer)


async def test_line_21_the_counts_of_a_sequence_are_the_lists_behind_them(site: Console, browser: Browser) -> None:
    await site.enter(browser, "mona", "manager")

    overview = (await browser.get("/sequences")).text
    lists = [(await browser.get(f"/sequences/{SEQUENCE}/runs?state={state}")).text for state in STATES]

    assert [page.count("<tr data-row>") for page in lists] == [1, 2, 1]
    assert re.findall(r">(\d) (active|waiting|ended)<", overview) == [("1", "active"), ("2", "waiting"), ("1", "ended")]
    assert "1 here" in overview  # at step 2
    assert "missing: telephone of the DON" in lists[1]
    assert "paused till Mon 20 Jul: they move house" in lists[1]
    assert all("<script>alert" not in page for page in lists)


async def test_only_who_may_give_out_work_pauses_and_resumes(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    await site.enter(browser, "mona", "manager")
    assert "pause_enrollment" in (await browser.get(f"/sequences/{SEQUENCE}/runs")).text
    assert "resume_enrollment" in (await browser.get(f"/sequences/{SEQUENCE}/runs?state=waiting")).text
    await site.enter(browser, "dana", "rep", "rep-1")

    page = (await browser.get(f"/sequences/{SEQUENCE}/runs")).text

    assert "pause_enrollment" not in page
    assert (await browser.do("pause_enrollment", target="335001", version=1, until="2026-07-09")).status_code == 403


async def test_a_migration_shows_where_each_goes_on_before_it_is_done(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    await site.enter(browser, "mona", "manager")
    assert f"/sequences/{SEQUENCE}/migrate" in (await browser.get("/sequences")).text

    page = (await browser.get(f"/sequences/{SEQUENCE}/migrate")).text
    assert "2 enrollments can move to version abcdef, 1 cannot" in page
    assert "4: Call, DON" in page
    assert "Mon 6 Jul" in page
    assert "Its rep is away." in page
    assert "<script>alert" not in page
    assert not any(isinstance(each, MigrateSequence) for each in sequencer.asked)

    await browser.do("migrate_sequence", target=SEQUENCE)
    assert any(isinstance(each, MigrateSequence) for each in sequencer.asked)
    assert "2 enrollments go on in the version of the pack. 1 cannot." in (await browser.get("/sequences")).text
    await site.enter(browser, "dana", "rep", "rep-1")
    assert "/do/migrate_sequence" not in (await browser.get(f"/sequences/{SEQUENCE}/migrate")).text
    assert (await browser.do("migrate_sequence", target=SEQUENCE)).status_code == 403


async def test_a_manager_stops_what_is_active_or_waits_and_nothing_that_has_ended(
    site: Console, browser: Browser
) -> None:
    await site.enter(browser, "mona", "manager")
    pages = [(await browser.get(f"/sequences/{SEQUENCE}/runs?state={state}")).text for state in STATES]

    assert [page.count("/do/stop_enrollment") for page in pages] == [1, 2, 0]


async def test_capacity_says_what_is_over_the_cap_what_is_late_and_who_is_away(site: Console, browser: Browser) -> None:
    await site.running.sql(
        """
        INSERT INTO states (kind, id, version, status, rep, data) VALUES ('rep', 'rep-2', 1, '', 'rep-2', '{}')
        ON CONFLICT DO NOTHING
        """
    )
    await site.enter(browser, "dana", "rep", "rep-2")

    page = (await browser.get("/capacity?state=waiting")).text

    assert "1 day is over the cap; Wed 1 Jul is the fullest, 5 of" in page
    assert 'name="from_on" type="date" value="2026-07-01"' in page
    assert 'class="over"' in page
    assert "step 4, latest 2 Jul, after these days" in page
    assert "no place, starts Mon 6 Jul" in page
    assert "end_leave" in page  # it is their own
    assert "<script>alert" not in page
    await site.enter(browser, "marc", "rep", "rep-1")
    assert "end_leave" not in (await browser.get("/capacity")).text


@pytest.mark.parametrize("path", ["/sequences", f"/sequences/{SEQUENCE}/runs", "/capacity", "/playbooks"])
async def test_line_15_the_pages_open_without_the_sequencer(
    site: Console, browser: Browser, sequencer: Sequencer, path: str
) -> None:
    await site.enter(browser, "mona", "manager")
    sequencer.away = True

    page = await browser.get(path)

    assert page.status_code == 200
    assert ("the sequencer does not answer" in page.text) is (path != "/playbooks")


async def test_a_sequence_that_does_not_exist_is_not_found(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    await site.enter(browser, "mona", "manager")
    sequencer.away = True

    assert (await browser.get("/sequences/nothing/runs")).status_code == 404
    assert (await browser.get(f"/sequences/{SEQUENCE}/runs?state=mood")).status_code == 400
