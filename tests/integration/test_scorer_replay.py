"""Does every past score follow from what was recorded by then, and can another model be tried?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import pytest
import yaml
from pydantic_core import to_jsonable_python

from cli.linting import lint
from engines import packs
from shared.contracts.events import (
    ContactChanged,
    Event,
    FacilityAssessed,
    FacilityListed,
    FacilityMatched,
    Fact,
    PackPublished,
    ScoreChanged,
    Signal,
)
from shared.contracts.refusals import AskFailed
from shared.contracts.schemes import Scheme
from shared.contracts.scorer import Publications, PublishScheme, Replay, SchemeInForce, WhatIf
from shared.contracts.scorer_replies import DifferingScore
from tests.support.running import Running

FIRST = date(2026, 7, 1)
CCNS = [f"33500{n}" for n in range(9)]
ROLES = ("mds_coordinator", "pdpm_rac", "chart_review", "qm")


def scheme(**changes: Any) -> Scheme:
    """The pack's scheme, with weights changed."""
    folder = packs.pack_folder()
    model = yaml.safe_load((folder / "scoring.yaml").read_text())
    for factor in model["factors"]:
        factor["weight"] = changes.get(factor["factor"], factor["weight"])
    policy = yaml.safe_load((folder / "tiers.yaml").read_text())
    return Scheme(pack=f"tried{sum(map(ord, str(changes)))}", model=model, policy=policy)


def published(given: Scheme) -> PublishScheme:
    return PublishScheme(**dict(given), actor="ada")


def a_day(chance: random.Random, day: date, number: int) -> Iterator[Event]:
    """Events of a day: new facts, some with old or future dates, signals that open and close, changes of people."""
    for facility_id in chance.sample(CCNS, 4):
        if chance.random() < 0.3 or number == 0:
            state = chance.choice(["NY", "NY", "NJ"])
            yield FacilityListed(
                facility_id=facility_id,
                version=number + 1,
                listed_as_of=day,
                name=f"Home {facility_id}",
                city="Albany",
                state=state,
            )
        dated = day + timedelta(days=chance.randint(-200, 3))
        facts = {
            "qm_rating": chance.choice(["1", "2", "4", None]),
            "staffing_rating": chance.choice(["1", "2", "5"]),
            "last_fine_on": str(dated),
            "medicaid_share": chance.choice(["0.3", "0.8", None]),
            "mds_volume": str(chance.randint(50, 150)),
        }
        named = chance.sample(sorted(facts), 3)
        yield FacilityAssessed(
            facility_id=facility_id,
            facts=tuple(Fact(field=name, value=facts[name], as_of=dated) for name in named),
            import_no=number + 1,
            dataset="invented",
            received_at=datetime(2026, 7, 1, tzinfo=UTC),
        )
        seen = day - timedelta(days=chance.randint(0, 29))
        role = chance.choice(ROLES)
        signals = () if chance.random() < 0.2 else (a_signal(facility_id, role, seen, chance.randint(0, 4)),)
        yield FacilityMatched(facility_id=facility_id, role_family=role, version=number + 1, signals=signals)
        yield ContactChanged(
            facility_id=facility_id, role="don", version=number + 1, changed_on=chance.choice([None, seen])
        )


def a_signal(facility_id: str, role: str, seen: date, urgency: int) -> Signal:
    return Signal(
        signal_id=uuid5(UUID(int=3), f"{facility_id}{role}{seen}"),
        first_seen_on=seen,
        last_seen_on=seen,
        expires_on=seen + timedelta(days=30),
        urgency=urgency,
        chronic=False,
        closed=False,
        postings=1,
        title="MDS Coordinator",
    )


async def live(scorer: Running, days: int, seed: int, down: range = range(0)) -> date:
    """Days of events and ticks; on the days `down` the scorer is not running. Returns the last day."""
    chance = random.Random(seed)
    await scorer.receive(
        *(FacilityListed(facility_id=c, version=1, listed_as_of=FIRST, name=c, city="X", state="NY") for c in CCNS[:6])
    )
    for number in range(days):
        day = FIRST + timedelta(days=number)
        if number in down:
            continue
        if number:
            await scorer.at(f"{day}T08:00")
        await scorer.receive(*a_day(chance, day, number))
        await scorer.at(f"{day}T23:45")
    return FIRST + timedelta(days=days - 1)


async def differing(scorer: Running, until: date) -> dict[date, list[DifferingScore]]:
    """The differences of every day on which the scorer ran."""
    days = [FIRST + timedelta(days=n) for n in range((until - FIRST).days + 1)]
    answers = {day: await scorer.ask(Replay(to=day)) for day in days}
    assert all(answer.facilities > 0 for answer in answers.values())
    return {day: answer.differing for day, answer in answers.items() if answer.differing}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_past_day_replays_to_what_was_stored(scorer: Running, seed: int) -> None:
    last = await live(scorer, 12, seed)

    assert await differing(scorer, last) == {}
    history = await scorer.sql("SELECT count(*) AS rows, count(DISTINCT tier) AS tiers FROM score_history")
    assert history[0]["rows"] > 30
    assert history[0]["tiers"] == 3


async def test_days_without_the_scorer_replay_to_its_last_state(scorer: Running) -> None:
    last = await live(scorer, 12, seed=4, down=range(5, 9))

    assert await differing(scorer, last) == {}


async def test_a_replay_spans_a_change_of_the_model_and_back(scorer: Running) -> None:
    await live(scorer, 5, seed=5)
    await scorer.ask(published(scheme(open_posting=0.18, turnover=0.30)))
    await scorer.at("2026-07-06T08:00")
    changed = await differing(scorer, date(2026, 7, 6))
    [folder] = [row for row in await scorer.ask(Publications()) if row.published_by == "folder"]
    kept = await scorer.sql("SELECT pack, model, policy FROM models WHERE pack = %(pack)s", pack=folder.pack)
    await scorer.ask(published(Scheme(**kept[0])))
    await scorer.at("2026-07-07T08:00")

    assert changed == {}
    assert await differing(scorer, date(2026, 7, 7)) == {}
    assert len({row["pack"] for row in await scorer.sql("SELECT pack FROM score_history")}) == 2
    assert len(await scorer.published(PackPublished)) == 3


async def test_a_changed_score_is_found(scorer: Running) -> None:
    last = await live(scorer, 2, seed=6)
    await scorer.sql("UPDATE score_history SET score = score + 0.1 WHERE facility_id = '335001' RETURNING 1")

    found = await differing(scorer, last)

    assert [one.facility_id for one in found[last]] == ["335001"]


async def test_the_future_cannot_be_replayed(scorer: Running) -> None:
    with pytest.raises(AskFailed, match="2026-07-02 is in the future; today is 2026-07-01"):
        await scorer.ask(Replay(to=date(2026, 7, 2)))


async def test_trying_another_model_lists_changes_of_tier_and_changes_nothing(scorer: Running) -> None:
    await live(scorer, 3, seed=7)
    before = await scorer.sql("SELECT * FROM scores ORDER BY facility_id")

    tried = scheme(open_posting=0.02, mds_volume=0.40)
    tried.policy["targets"] = {1: 1, 2: 1}

    answer = await scorer.ask(WhatIf(**dict(tried)))

    compared = answer.comparison
    assert compared.cohort == len(before)
    assert compared.rescored > 0
    assert sum(compared.after.sizes.values()) == compared.cohort
    crossed = compared.crossings
    assert {one.facility_id for one in crossed} <= {row["facility_id"] for row in before}
    assert all(one.from_tier != one.to_tier for one in crossed)
    assert any(one.because for one in crossed)
    assert crossed
    assert await scorer.sql("SELECT * FROM scores ORDER BY facility_id") == before
    assert len(await scorer.ask(Publications())) == 1


async def test_the_same_model_changes_no_tier(scorer: Running) -> None:
    await live(scorer, 3, seed=8)

    compared = (await scorer.ask(WhatIf(**dict(scheme())))).comparison

    assert (compared.crossings, compared.rescored, compared.at_once) == ([], 0, 0)


async def test_a_published_model_is_in_force_at_once_and_has_one_event(scorer: Running) -> None:
    await live(scorer, 1, seed=9)
    one, other = (published(scheme(open_posting=0.06, survey_penalty=0.48)) for _ in range(2))

    first = await scorer.ask(one)
    again = await scorer.ask(other)

    assert (first.published, again.published) == (True, False)
    assert {row["pack"] for row in await scorer.sql("SELECT pack FROM scores")} == {first.pack}
    assert [one.pack for one in await scorer.published(PackPublished)][1:] == [first.pack]
    causes = {one.cause for one in await scorer.published(ScoreChanged) if one.pack == first.pack}
    assert causes == {"pack.published"}


async def test_an_inconsistent_model_is_refused(scorer: Running) -> None:
    with pytest.raises(AskFailed, match=r"sum to 1, they sum to 1\.1"):
        await scorer.ask(WhatIf(**dict(scheme(open_posting=0.46))))


async def test_the_model_in_force_can_be_read_tried_and_checked(scorer: Running) -> None:
    await live(scorer, 1, seed=10)
    await scorer.ask(published(scheme(open_posting=0.06, survey_penalty=0.48)))

    in_force = await scorer.ask(SchemeInForce())

    assert (await scorer.ask(WhatIf(**dict(in_force)))).comparison.rescored == 0
    assert lint(packs.pack_folder(), in_force).faults == ()
    in_force.model["factors"][1]["field"] = "moon_phase"
    [fault] = lint(packs.pack_folder(), in_force).faults
    assert fault.file == "scoring.yaml"
    assert fault.problem == "qm_rating reads moon_phase, which fields.yaml does not know"


async def test_a_stored_model_scores_as_the_original_does(scorer: Running) -> None:
    from engines.scoring.pack import scheme_from, scheme_in

    here = scheme_in(packs.pack_folder())

    back = scheme_from(here.pack, to_jsonable_python(asdict(here.model)), to_jsonable_python(asdict(here.policy)))

    assert back == here
    assert back.model.factors[0].weight == Decimal("0.36")
