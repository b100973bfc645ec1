"""Does the pipeline show every lead once, and does a move ask what its stage needs?"""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator
from datetime import date
from io import StringIO
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import pytest_asyncio

from shared.contracts.events import AccountMoved, LeadChanged
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.sequencer_leads import (
    ChangedLead,
    IntakeField,
    LeadRow,
    LeadStory,
    MoveLead,
    RecordedOutcome,
    RecordOutcome,
    ShowLead,
)
from tests.integration.test_console_reading import a_task
from tests.support.console import Browser, Console, Services, one_browser
from tests.support.running import Running, run_service
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers

pytestmark = pytest.mark.asyncio(loop_scope="module")
browser = one_browser

HOSTILE = "=cmd|' /C calc'!A0<script>alert(1)</script>\"'‮"
MINE, OTHERS, CLIENTS = "335001", "335002", "335090"
TABLE_ROW, CARD = re.compile(r"<tr data-row"), re.compile(r'id="lead-(\w+)"')


def a_lead(facility: str, stage: str, owner: str = "rep-1", source: Any = "signal", **changes: Any) -> LeadChanged:
    fields: dict[str, Any] = {
        "lead_id": uuid5(NAMESPACE_URL, f"{facility}/{source}"),
        "facility_id": facility,
        "lead_source": source,
        "owner": owner,
        "role_families": ("mds",),
        "raised_on": date(2026, 6, 1),
        "version": 3,
        "stage": stage,
        "phase": {"noticed": "new"}.get(stage, stage),
        "stage_since": date(2026, 6, 25),
    }
    return LeadChanged(**(fields | changes))


def owned(facility: str, owner: str) -> AccountMoved:
    return AccountMoved(facility_id=facility, owner=owner, version=1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(servers: TestServers) -> AsyncIterator[Running]:
    """A console with 27 new leads of two reps, and one or two in other stages."""
    new = [f"3351{number:02}" for number in range(27)]
    async with run_service("console", servers) as running:
        await running.receive(*(listed(each) for each in (MINE, OTHERS, CLIENTS, *new)))
        await running.receive(listed("335003", name=HOSTILE))
        await running.receive(scored(MINE, 1, "58.0"), scored(OTHERS, 2, "20.0"), scored("335003", 2, "19.0"))
        await running.receive(owned(MINE, "rep-1"), owned(OTHERS, "rep-2"), owned("335003", "rep-2"))
        await running.receive(a_task())
        await running.receive(
            *(a_lead(each, "new", f"rep-{1 + number % 2}") for number, each in enumerate(new)),
            a_lead(MINE, "contacted"),
            a_lead(OTHERS, "contacted", "rep-2", stage_since=date(2026, 3, 1)),
            a_lead("335003", "lost", "rep-2", closed_on=date(2026, 6, 25), closed_reason=HOSTILE),
            a_lead("335004", "contacted", closed_on=date(2026, 6, 25), closed_reason="no open signal"),
            a_lead(CLIENTS, "noticed", source="upsell"),
        )
        yield running


class Sequencer(Services):
    """Has an intake form, and carries out moves; or does not reply."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False

    async def ask(self, request: Question[Any], /, *, service: str = "") -> Any:
        self.asked.append(request)
        if self.away:
            raise AskFailed("No service replies.", 503)
        if isinstance(request, ShowLead):
            form = [IntakeField(field="beds", label="Beds stated", type="integer", required=True, value="120")]
            return LeadStory(lead=_row(request.facility_id), form=form, amounts=[], story=[])
        if isinstance(request, MoveLead):
            return ChangedLead(**_row(request.facility_id, request.stage).model_dump(), left="contacted", ended=1)
        assert isinstance(request, RecordOutcome)
        return RecordedOutcome(
            facility_id=request.facility_id, lead_id=uuid5(NAMESPACE_URL, "x"), lead_source="signal", stage="lost",
            closed_on=date(2026, 7, 1), version=4,
        )  # fmt: skip


def _row(facility: str, stage: str = "contacted") -> LeadRow:
    return LeadRow(
        lead_id=uuid5(NAMESPACE_URL, "x"), facility_id=facility, lead_source="signal", stage=stage, owner="rep-1",
        role_families=[], raised_on=date(2026, 6, 1), refreshed_on=date(2026, 6, 1), closed_on=None,
        closed_reason=None, version=4,
    )  # fmt: skip


@pytest.fixture
def sequencer() -> Sequencer:
    return Sequencer()


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running, sequencer: Sequencer) -> Console:
    return Console(shared, sequencer)


def counts(page: str) -> dict[str, int]:
    """The counts of the heads, by the title of the stage."""
    found = re.findall(r'<h2 id="stage-(\w+)">[^<]* <span class="count">(\d+)', page)
    return {stage: int(count) for stage, count in found}


@pytest.mark.parametrize("query", ["", "owner=rep-2", "tier=2", "over=1", "source=upsell"])
async def test_line_26_board_table_and_file_have_the_same_leads(site: Console, browser: Browser, query: str) -> None:
    await site.enter(browser, "mona", "manager")

    board = (await browser.get(f"/pipeline?{query}")).text
    table = (await browser.get(f"/pipeline?view=table&{query}")).text
    file = list(csv.reader(StringIO((await browser.get(f"/pipeline.csv?{query}")).text)))

    rows = len(file) - 1
    assert rows == {"": 30, "owner=rep-2": 15, "tier=2": 2, "over=1": 1, "source=upsell": 1}[query]
    assert sum(counts(board).values()) == rows == len(TABLE_ROW.findall(table))
    for stage, count in counts(board).items():
        part = (await browser.get(f"/pipeline?view=table&stage={stage}&{query}")).text
        assert len(TABLE_ROW.findall(part)) == count


async def test_a_column_shows_25_cards_and_leads_to_the_table_with_all(site: Console, browser: Browser) -> None:
    await site.enter(browser, "mona", "manager")

    page = (await browser.get("/pipeline")).text

    assert counts(page)["new"] == 27
    assert len(CARD.findall(page)) == 25 + 3
    assert "25 shown" in page
    assert "/pipeline?view=table&amp;stage=new" in page
    assert "122 days, limit" in page  # over the limit of its stage
    assert "Call, today" in page


async def test_line_16_a_move_asks_what_its_stage_needs_and_cancel_leaves_the_card(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    form = (await browser.get(f"/pipeline?owner=me&move={MINE}&to=qualified")).text
    lost = (await browser.get(f"/pipeline?move={MINE}&to=lost")).text
    canceled = (await browser.get("/pipeline")).text

    assert 'name="values.beds" type="number" value="120" required' in form
    assert '<a class="btn" href="/pipeline?owner=rep-1">Cancel</a>' in form
    assert 'name="reason" value="do not contact" required' in lost
    assert [type(each) for each in sequencer.asked] == [ShowLead, ShowLead]
    assert "data-modal" not in canceled
    assert MINE in canceled.split('data-stage="contacted"')[1].split("data-stage")[0]


async def test_line_31_the_forms_move_a_lead_and_record_a_loss(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    await browser.do("move_lead", target=MINE, version=3, stage="qualified", **{"values.beds": "120"})
    await browser.do("record_outcome", target=MINE, version=3, outcome="lost", reason=["no reply", "called six times"])

    moved, lost = sequencer.asked
    assert (moved.stage, moved.values, moved.seen) == ("qualified", {"beds": "120"}, 3)
    assert (lost.outcome, lost.reason) == ("lost", "no reply: called six times")


async def test_a_moved_card_is_one_button_from_the_stage_that_it_left(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    await browser.do("move_lead", target=MINE, version=3, stage="new")
    line = (await browser.get("/pipeline")).text.split('id="status"')[1]

    assert "New, from Contacted. 1 run ended; moving it back does not resume that." in line
    assert '<input type="hidden" name="stage" value="contacted">' in line
    assert "<span>Back to Contacted</span>" in line


async def test_a_rep_cannot_move_anothers_account_nor_export_it(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    page = (await browser.get(f"/pipeline?move={OTHERS}&to=lost")).text
    refused = await browser.do("move_lead", target=OTHERS, version=3, stage="new")

    assert f'data-card="{MINE}"' in page
    assert f'data-card="{OTHERS}"' not in page
    assert "data-modal" not in page
    assert (refused.status_code, sequencer.asked) == (403, [])
    assert (await browser.get("/pipeline.csv")).status_code == 403
    assert (await browser.get("/pipeline.csv?owner=me")).status_code == 200


async def test_line_7_hostile_names_are_inert_on_the_page_and_in_the_file(site: Console, browser: Browser) -> None:
    await site.enter(browser, "mona", "manager")

    page, file = (await browser.get("/pipeline")).text, (await browser.get("/pipeline.csv?stage=lost")).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    [_, row] = csv.reader(StringIO(file))
    assert all(not cell.startswith("=") for cell in row)
    assert sum(cell.startswith("'=") for cell in row) == 2


async def test_line_15_the_page_and_the_form_open_without_the_sequencer(
    site: Console, browser: Browser, sequencer: Sequencer
) -> None:
    await site.enter(browser, "mona", "manager")
    sequencer.away = True

    page = await browser.get(f"/pipeline?move={MINE}&to=qualified")

    assert page.status_code == 200
    assert "The sequencer does not answer" in page.text
    assert 'name="values.beds"' in page.text


async def test_an_address_that_is_none_is_refused_in_words(site: Console, browser: Browser) -> None:
    await site.enter(browser, "mona", "manager")

    assert (await browser.get("/pipeline?tier=high")).status_code == 400
    assert (await browser.get("/pipeline?sort=mood")).status_code == 400
