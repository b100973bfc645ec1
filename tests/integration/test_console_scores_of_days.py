"""Is the arithmetic on the page of an account its score, today and on every past day?"""

from __future__ import annotations

import os
import random
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from services.console.screens.facility.why import Standing, of_reply, why
from shared.contracts.events import FacilityAssessed, FacilityListed, FacilityMatched, Fact
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.scorer import ExportScores, Replay, Why
from shared.contracts.scorer_replies import ScoreReasons
from tests.integration.test_scorer_replay import CCNS, FIRST, a_signal, live
from tests.support.console import Console, Services
from tests.support.running import Running, run_service
from tests.support.sequencing import listed
from tests.support.servers import TestServers

ALL = 576
EACH = 1 if os.environ.get("LONG") == "1" else 8
"""Every account, or every so many-th."""
CENT = Decimal("0.1")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def facts(chance: random.Random) -> tuple[Fact, ...]:
    values = {
        "qm_rating": chance.choice(["1", "2", "4", None]),
        "staffing_rating": chance.choice(["1", "2", "5"]),
        "last_fine_on": str(FIRST - timedelta(days=chance.randint(1, 600))),
        "medicaid_share": chance.choice(["0.3", "0.8", None]),
        "mds_volume": str(chance.randint(50, 150)),
    }
    return tuple(Fact(field=name, value=value, as_of=FIRST - timedelta(days=9)) for name, value in values.items())


async def scored(scorer: Running) -> dict[str, Decimal]:
    """The scores as they are stored."""
    found, after = dict[str, Decimal](), None
    while page := await scorer.ask(ExportScores(after=after)):
        found |= {each.facility_id: each.score for each in page}
        after = page[-1].facility_id
    return found


def added_up(reply: ScoreReasons) -> Decimal:
    """The score that a person gets who adds up what the page shows."""
    shown = why(of_reply(reply), Standing(1, 1, FIRST))
    points = sum((Decimal(str(each.points)) for each in shown.factors), Decimal(0))
    assert points == Decimal(str(shown.total)).quantize(points)
    total = points
    for each in shown.adjustments:
        total *= Decimal(str(each.factor))
        assert abs(Decimal(str(shown.total)) + Decimal(str(each.points)) - Decimal(str(shown.score.value))) < CENT / 100
    return total


async def test_line_23_the_breakdown_on_the_page_is_the_score_of_all_accounts(scorer: Running) -> None:
    chance = random.Random(23)
    ids = [f"33{number:04}" for number in range(ALL)]
    await scorer.receive(
        *(FacilityListed(facility_id=i, version=1, listed_as_of=FIRST, name=i, city="X", state="NY") for i in ids),
        *(
            FacilityAssessed(facility_id=i, facts=facts(chance), import_no=1, dataset="d", received_at=NOON)
            for i in ids
        ),
        *(
            FacilityMatched(
                facility_id=i, role_family="mds_coordinator", version=1,
                signals=(a_signal(i, "mds_coordinator", FIRST, chance.randint(0, 4)),),
            )
            for i in chance.sample(ids, 100)
        ),
    )  # fmt: skip
    stored = await scored(scorer)

    assert len(stored) == ALL
    assert len(set(stored.values())) > 50
    for facility_id in ids[::EACH]:
        assert abs(added_up(await scorer.ask(Why(facility_id=facility_id))) - stored[facility_id]) <= CENT / 2


async def test_line_23_the_page_of_a_past_day_shows_what_a_replay_of_that_day_gives(
    scorer: Running, servers: TestServers
) -> None:
    days = [FIRST.replace(day=number) for number in range(1, 5)]

    async def owner(request: Question[Any], service: str) -> Any:
        if isinstance(request, Why):
            return await scorer.ask(request)
        raise AskFailed("no such thing", 404)

    await live(scorer, len(days), seed=23)
    for day in days:
        assert (await scorer.ask(Replay(to=day))).differing == []
    async with run_service("console", servers) as console:
        await console.receive(*(listed(each) for each in CCNS))
        site = Console(console, Services(owner))
        async with site.browser() as browser:
            await site.enter(browser, "helen", "manager")
            for day in days:
                for facility_id in CCNS:
                    page = (await browser.get(f"/facilities/{facility_id}?on={day}")).text
                    expected = await _score_of(scorer, facility_id, day)
                    if expected is None:
                        assert "No score of that day" in page
                        continue
                    assert "This is the score of" in page
                    [shown] = re.findall(r'class="big-score"><strong>([\d.]+)</strong>', page)
                    assert Decimal(shown) == expected.quantize(CENT)
            assert "rank" not in re.findall(r'class="big-score">.*?</p>', page, re.DOTALL)[0]


async def _score_of(scorer: Running, facility_id: str, day: date) -> Decimal | None:
    """The last score that was stored by the end of a day."""
    found = await scorer.sql(
        "SELECT score FROM score_history WHERE facility_id = %(id)s AND scored_on <= %(day)s"
        " ORDER BY scored_on DESC, score_version DESC LIMIT 1",
        id=facility_id,
        day=day,
    )
    return found[0]["score"] if found else None
