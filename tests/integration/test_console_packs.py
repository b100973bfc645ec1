"""Which scoring is in force, what would another one change, and who may decide that on a page?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from services.console.domain.permissions import Role
from shared.contracts.console import AuditLog
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.schemes import ComparedScheme, Comparison, CrossingFacility, MovedFactor, Scheme
from shared.contracts.scorer import Publications, PublishScheme, SchemeInForce, WhatIf
from shared.contracts.scorer_replies import Publication, PublishedScheme, TriedScheme
from tests.support.console import Browser, Console, Services, one_console
from tests.support.running import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")
shared = one_console

HERE = "/settings/packs"
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def scheme(pack: str, weight: str) -> Scheme:
    factors = [{"name": "open_posting", "label": "=Open <b>posting</b>", "weight": weight}]
    return Scheme(
        pack=pack, model={"name": "first", "factors": factors}, policy={"policy": "fixed", "cuts": {"1": "60"}}
    )


SCHEMES = {"new": scheme("new", "0.4"), "old": scheme("old", "0.36")}


class Scorer:
    """The scorer: two packs, of which one is in force."""

    def __init__(self) -> None:
        self.in_force = "new"
        self.silent = False

    async def reply(self, request: Question[Any], service: str) -> Any:
        match request:
            case _ if self.silent:
                raise AskFailed("no reply", 503)
            case SchemeInForce():
                if request.pack not in (None, *SCHEMES):
                    raise AskFailed("none", 404)
                return SCHEMES[request.pack or self.in_force]
            case Publications():
                return [
                    Publication(publication_no=no, pack=pack, name="first", published_by="helen", published_at=NOW)
                    for no, pack in ((2, "new"), (1, "old"))
                ]
            case WhatIf():
                return tried()
            case PublishScheme():
                previous, self.in_force = self.in_force, request.pack
                return PublishedScheme(pack=request.pack, previous=previous, published=previous != request.pack)
        raise AssertionError(request.NAME)


def tried() -> TriedScheme:
    side = ComparedScheme(pack="p", cuts={}, sizes={}, ties={}, unknown={})
    moved = MovedFactor(factor="open_posting", before=Decimal(40), after=Decimal(36))
    crossing = CrossingFacility(
        facility_id="335001", from_tier=1, to_tier=2, score_before=Decimal("61.2"), score_after=Decimal("57.5"),
        because=[moved],
    )  # fmt: skip
    comparison = Comparison(cohort=576, rescored=9, before=side, after=side, crossings=[crossing], at_once=1)
    return TriedScheme(on=date(2026, 7, 1), comparison=comparison, names={"335001": "=Willow <i>Bend</i>"})


@pytest_asyncio.fixture(loop_scope="module")
async def scorer() -> Scorer:
    return Scorer()


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running, scorer: Scorer) -> Console:
    await shared.sql("TRUNCATE users, links, sessions, attempts")
    return Console(shared, Services(scorer.reply))


@pytest_asyncio.fixture(loop_scope="module")
async def browser(site: Console) -> AsyncIterator[Browser]:
    async with site.browser() as opened:
        await site.enter(opened, "helen", "manager")
        yield opened


async def test_the_page_states_what_is_in_force_with_every_value(browser: Browser) -> None:
    page = (await browser.get(HERE)).text

    assert "The scoring of pack <code>new</code> is in force" in page
    assert '<th scope="row">=Open &lt;b&gt;posting&lt;/b&gt;: weight</th>' in page
    assert "open_posting" not in page
    assert f'href="{HERE}?with=old"' in page
    assert f'href="{HERE}?with=new"' not in page


async def test_two_packs_are_compared_by_value_and_by_who_crosses_a_tier(browser: Browser) -> None:
    page = (await browser.get(f"{HERE}?with=old")).text
    file = (await browser.get(f"{HERE}.csv?with=old")).text.splitlines()

    assert '<td data-l="In force">0.4</td><td data-l="Then">0.36</td>' in page
    assert "cuts: 1" not in page
    assert '<td data-l="Because of" class="full">=Open &lt;b&gt;posting&lt;/b&gt;</td>' in page
    assert "1 account of 576 would be in another tier." in page
    assert "=Willow &lt;i&gt;Bend&lt;/i&gt;" in page
    assert len(file) == 2
    assert "'=Willow" in file[1]
    assert (await browser.get(f"{HERE}?with=none")).status_code == 404


@pytest.mark.parametrize("role, publishes", [("manager", True), ("operations", False), ("auditor", False)])
async def test_only_a_manager_puts_a_pack_in_force(
    site: Console, browser: Browser, role: Role, publishes: bool
) -> None:
    await site.enter(browser, role, role)

    page = (await browser.get(f"{HERE}?with=old&ask=publish")).text

    assert ("/do/publish_pack" in page) is publishes


async def test_an_earlier_pack_comes_into_force_again_and_that_is_recorded(
    site: Console, browser: Browser, scorer: Scorer
) -> None:
    await browser.do("publish_pack", target="old", back=HERE)

    assert scorer.in_force == "old"
    assert "Pack old is in force; the one before was new." in (await browser.get(HERE)).text
    row = (await site.running.ask(AuditLog()))[0]
    assert (row.action, row.target, row.outcome) == ("publish_pack", "old", "done")


async def test_line_15_the_page_opens_without_the_scorer(browser: Browser, scorer: Scorer) -> None:
    scorer.silent = True

    page = await browser.get(f"{HERE}?with=old")

    assert page.status_code == 200
    assert "the scorer does not answer" in page.text
