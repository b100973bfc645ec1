"""Do playbooks show, and write as a file, the accounts that meet their conditions, and nothing that no one may see?"""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

import pytest
import pytest_asyncio

from engines.packs import pack_folder
from services.console.usecases import playbooks as of_pack
from shared.contracts.console import AuditLog
from shared.contracts.events import AccountMoved, FactorScore, ScoreChanged, SuppressionChanged
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.sequencer_touches import BookmarkRow, Bookmarks
from tests.support.console import Browser, Console, Services, one_browser
from tests.support.running import Running, run_service
from tests.support.sequencing import listed
from tests.support.servers import TestServers

pytestmark = pytest.mark.asyncio(loop_scope="module")
browser = one_browser

HOSTILE = '=cmd|" /C calc"!A0 <script>alert(1)</script> {{ company }}'
PLAYBOOK = """
name: low-quality
title: Low quality
where: [{factor: qm_rating, at_least: 14}, {score: true, at_least: 30}]
focus: Measures that fell
letter: intro-don
cta: 15 minutes
snippet: pitch
report: crm
"""
REPORT = """
name: crm
title: CRM list
columns: {number: "{{ key }}", name: "{{ facility }}", score: "{{ score }}", owner: "{{ owner }}", text: "{{ pitch }}"}
"""
PITCH = '  pitch: [["About {{ facility }}, tier {{ tier }}."]]\n'


@pytest.fixture(scope="module", autouse=True)
def pack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The pack of the tests with a playbook and its list."""
    folder = tmp_path_factory.mktemp("packs") / "with-playbooks"
    shipped = pack_folder()
    for name, content in (("playbooks/low-quality", PLAYBOOK), ("reports/crm", REPORT)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yaml").write_text(content)
    (folder / "pack.yaml").write_text("name: with-playbooks\ntitle: With\nthesis: With playbooks.\nextends: snf\n")
    texts = (shipped / "outreach.yaml").read_text().replace("\npassages:\n", f"\npassages:\n{PITCH}")
    (folder / "outreach.yaml").write_text(texts)
    cached = (of_pack.playbooks, of_pack.reports, of_pack.outreach, of_pack.subjects)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIPELINE_PACKS_DIR", str(folder.parent))
        patch.setenv("PIPELINE_PACK", folder.name)
        for each in cached:
            each.cache_clear()
        yield
    for each in cached:
        each.cache_clear()


def scored(number: int, score: str, points: str) -> ScoreChanged:
    rating = FactorScore(
        factor="qm_rating",
        label="QM rating",
        weight=Decimal("0.2"),
        value=Decimal("0.7"),
        points=Decimal(points),
        known=True,
        evidence="QM rating 2 of 5 as of 2026-06-01",
    )
    return ScoreChanged(
        facility_id=f"33500{number}",
        score_version=1,
        score=Decimal(score),
        tier=2,
        scored_on=date(2026, 7, 1),
        breakdown=(rating,),
        multiplier=Decimal(1),
        pack="test",
        cause="facility.assessed",
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(servers: TestServers) -> AsyncIterator[Running]:
    """Two accounts that match, one each with too few points of the factor and of the score, and two without contact."""
    async with run_service("console", servers) as running:
        await running.receive(*(listed(f"33500{number}") for number in (1, 3, 4, 5)), listed("335002", name=HOSTILE))
        await running.receive(listed("335006", chain="Moss Care"))
        scores = (
            (1, "40", "14"),
            (2, "50.5", "20"),
            (3, "60", "13.9"),
            (4, "29.9", "20"),
            (5, "70", "20"),
            (6, "80", "20"),
        )
        await running.receive(*(scored(*each) for each in scores))
        await running.receive(AccountMoved(facility_id="335002", owner="rep-1", version=1))
        await running.receive(closed("facility", "335005"), closed("chain", "MOSS CARE"))
        yield running


def closed(scope: Literal["facility", "chain"], target: str) -> SuppressionChanged:
    return SuppressionChanged(
        suppression_id=uuid5(NAMESPACE_URL, target),
        scope=scope,
        target=target,
        label=target,
        version=1,
        channels=("all",),
        marks=(f"{scope}:{target}",),
        reason="they asked",
        source="a person",
        stated_by="dana",
        stated_on=date(2026, 7, 1),
    )


class Sequencer(Services):
    """Replies with the marked accounts, or not at all."""

    silent = False

    def __init__(self) -> None:
        super().__init__(self._reply)

    async def _reply(self, request: Question[Any], service: str) -> Any:
        if self.silent:
            raise AskFailed("no reply", 504)
        assert isinstance(request, Bookmarks)
        on = date(2026, 7, 1)
        return [BookmarkRow.model_construct(facility_id="335001", marked_by="dana", reason=None, marked_on=on)]


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running) -> Console:
    return Console(shared, Sequencer())


async def test_a_playbook_shows_who_matches_with_a_text_to_use(site: Console, browser: Browser) -> None:
    await site.enter(browser, "helen", "manager")

    page = (await browser.get("/playbooks")).text

    assert re.findall(r'id="account-(\d+)"', page) == ["335002", "335001"]
    assert "QM rating of 1 or 2 stars at least 14 and score at least 30." in page
    assert "Measures that fell. Asks for: 15 minutes." in page
    assert len(re.findall(r'"letter-text">About [^<]+, tier 2\.</p>', page)) == 2
    assert "<script>alert" not in page
    assert page.count(">Bookmarked<") == 1
    assert page.count('action="/do/log_touch"') == 2
    assert (await browser.get("/playbooks/low-quality")).status_code == 200
    assert (await browser.get("/playbooks/nothing")).status_code == 404


async def test_the_same_accounts_are_a_file_in_which_nothing_is_a_formula(site: Console, browser: Browser) -> None:
    await site.enter(browser, "helen", "manager")

    sent = await browser.get("/playbooks/low-quality.csv")

    rows = list(csv.DictReader(StringIO(sent.text), strict=True))
    assert [(row["number"], row["score"]) for row in rows] == [("335002", "50.5"), ("335001", "40")]
    assert rows[0]["name"] == f"'{HOSTILE}"
    assert rows[0]["text"] == f"About {HOSTILE}, tier 2."
    log = await site.running.ask(AuditLog())
    assert [each.target for each in log if each.action == "export_playbook"] == ["low-quality"]


async def test_a_rep_sees_playbooks_and_takes_the_list_of_own_accounts(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", rep="rep-1")

    assert "/playbooks/low-quality.csv" in (await browser.get("/playbooks")).text
    rows = list(csv.DictReader(StringIO((await browser.get("/playbooks/low-quality.csv")).text)))
    assert [row["number"] for row in rows] == ["335002"]


async def test_without_the_sequencer_only_bookmarks_are_missing(site: Console, browser: Browser) -> None:
    await site.enter(browser, "helen", "manager")
    assert isinstance(site.services, Sequencer)
    site.services.silent = True

    page = (await browser.get("/playbooks")).text

    assert "Bookmarks are not shown" in page
    assert re.findall(r'id="account-(\d+)"', page) == ["335002", "335001"]
