"""Does the scorer score, publish, age and calibrate on real servers?"""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from engines import packs
from services.scorer import handlers
from services.scorer.store import scores
from services.scorer.store.scores import ScoreConflict
from services.scorer.usecases.publishing import publish_model
from shared.contracts.events import (
    ContactChanged,
    Event,
    FacilityAssessed,
    FacilityDelisted,
    FacilityListed,
    FacilityMatched,
    Fact,
    PackPublished,
    ScoreChanged,
    Signal,
    SignalExpired,
    TiersCalibrated,
)
from shared.contracts.refusals import AskFailed
from shared.contracts.scorer import Calibrations, Counts, ExportScores, SchemeInForce, ScoredAccounts, Why
from shared.storage import outbox
from tests.support.running import Running

TODAY = date(2026, 7, 1)
NAMES = UUID(int=4)
CCN = "335001"


def listed(facility_id: str = CCN, version: int = 1, state: str = "NY") -> FacilityListed:
    return FacilityListed(
        facility_id=facility_id,
        version=version,
        listed_as_of=date(2026, 6, 1),
        name=f"Home {facility_id}",
        city="Albany",
        state=state,
    )


def assessed(
    facility_id: str = CCN, import_no: int = 1, as_of: date = date(2026, 6, 1), **facts: str | None
) -> FacilityAssessed:
    return FacilityAssessed(
        facility_id=facility_id,
        facts=tuple(Fact(field=name, value=value, as_of=as_of) for name, value in facts.items()),
        import_no=import_no,
        dataset="invented",
        received_at=datetime(2026, 7, 1, tzinfo=UTC),
    )


def matched(facility_id: str = CCN, version: int = 1, role: str = "mds_coordinator", **details: Any) -> FacilityMatched:
    return FacilityMatched(
        facility_id=facility_id, role_family=role, version=version, signals=(signal(facility_id, role, **details),)
    )


def signal(facility_id: str, role: str, last_seen_on: date = TODAY, urgency: int = 1) -> Signal:
    return Signal(
        signal_id=uuid5(NAMES, facility_id + role),
        first_seen_on=last_seen_on,
        last_seen_on=last_seen_on,
        expires_on=last_seen_on + timedelta(days=30),
        urgency=urgency,
        chronic=False,
        closed=False,
        postings=1,
        title="MDS Coordinator",
    )


def changed(facility_id: str = CCN, role: str = "don", version: int = 1, on: date | None = TODAY) -> ContactChanged:
    return ContactChanged(facility_id=facility_id, role=role, version=version, changed_on=on)


async def score_of(scorer: Running, facility_id: str = CCN) -> Decimal:
    found = await scorer.sql("SELECT score FROM scores WHERE facility_id = %(facility_id)s", facility_id=facility_id)
    score: Decimal = found[0]["score"]
    return score


async def test_every_listed_facility_has_a_score_even_if_it_is_zero(scorer: Running) -> None:
    await scorer.receive(listed())

    published = await scorer.published(ScoreChanged)
    assert [(one.facility_id, one.score, one.tier, one.previous_score, one.cause) for one in published] == [
        (CCN, Decimal("0.0"), 3, None, "facility.listed")
    ]
    assert len(published[0].breakdown) == 6


async def test_the_score_of_a_posting_and_facts_has_its_reasons(scorer: Running) -> None:
    await scorer.receive(listed(), assessed(qm_rating="1", medicaid_share="0.5"), matched())

    why = await scorer.ask(Why(facility_id=CCN))

    assert why.score == Decimal("47.0")  # (25.2 + 20) x 1.04 = 47.008
    first, second = why.breakdown[:2]
    assert first.evidence == "MDS coordinator posting, seen 2026-07-01, urgency 1 of 4"
    assert (first.points, second.points) == (Decimal("25.2"), Decimal(20))
    assert None not in (first.event_id, second.event_id)
    assert second.evidence == "QM rating 1 of 5 as of 2026-06-01"
    assert why.unknown == ["survey_penalty", "turnover", "staffing_rating", "mds_volume"]
    assert [one.open for one in why.signals] == [True]
    assert why.history[0].cause == "facility.listed"


async def test_a_calibration_waits_while_a_facility_is_scored(scorer: Running) -> None:
    async def calibrate() -> None:
        async with scorer.app.begin() as tx:
            await scores.lock_everything(tx)

    async with scorer.app.begin() as batch:
        (handler,) = [each for each in handlers.router.handlers if each.event is FacilityMatched]
        locks = handler.locks_for([matched()])
        await outbox.accept_unseen(batch, [], "scorer-facility-matched", *locks)
        calibrating = asyncio.create_task(calibrate())
        done, _ = await asyncio.wait([calibrating], timeout=0.3)
        assert not done
    await asyncio.wait_for(calibrating, 5)


async def test_only_what_changed_is_published(scorer: Running) -> None:
    await scorer.receive(listed(), assessed(qm_rating="1"))
    before = len(await scorer.published(ScoreChanged))

    await scorer.receive(assessed(import_no=2, as_of=date(2026, 6, 30), qm_rating="1", overall_rating="2"))
    await scorer.receive(assessed(import_no=3, as_of=date(2026, 5, 1), qm_rating="5"))

    assert len(await scorer.published(ScoreChanged)) == before
    assert (await scorer.ask(Why(facility_id=CCN))).breakdown[1].as_of == date(2026, 6, 30)


async def test_an_older_version_changes_nothing_and_an_empty_list_retracts(scorer: Running) -> None:
    await scorer.receive(listed(), matched(version=3, urgency=4))
    await scorer.receive(matched(version=2, urgency=0))
    assert await score_of(scorer) == Decimal("36.0")

    await scorer.receive(FacilityMatched(facility_id=CCN, role_family="mds_coordinator", version=4, signals=()))

    assert await score_of(scorer) == Decimal("0.0")
    assert (await scorer.published(ScoreChanged))[-1].previous_score == Decimal("36.0")


async def test_a_score_ages_although_nothing_arrives(scorer: Running) -> None:
    await scorer.receive(
        listed(), matched(), assessed(last_f641_on="2026-02-01"), changed(on=date(2026, 6, 1)), listed("335002")
    )
    assert await score_of(scorer) == Decimal("55.2")  # 25.2 + 18 + 12

    found = {}
    for day in ("07-30", "07-31", "08-01", "08-29", "08-30"):
        await scorer.at(f"2026-{day}T06:00")
        found[day] = await score_of(scorer)

    assert found == {
        "07-30": Decimal("55.2"),  # 179 days after the citation
        "07-31": Decimal("44.4"),  # the signal is open through this day
        "08-01": Decimal("19.2"),
        "08-29": Decimal("19.2"),  # 89 days after the DON changed
        "08-30": Decimal("7.2"),
    }
    assert {one.cause for one in (await scorer.published(ScoreChanged))[-2:]} == {"time"}


async def test_expiry_publishes_the_same_whether_the_event_or_the_tick_is_first(scorer: Running) -> None:
    await scorer.receive(listed(), matched(last_seen_on=date(2026, 6, 1)))
    gone = SignalExpired(
        facility_id=CCN,
        role_family="mds_coordinator",
        version=2,
        signals=(signal(CCN, "mds_coordinator", date(2026, 6, 1)),),
        signal_id=uuid5(NAMES, "any"),
        expired_on=date(2026, 7, 2),
    )

    await scorer.at("2026-07-02T06:00")
    published = await scorer.published(ScoreChanged)
    await scorer.receive(gone)

    assert (published[-1].score, published[-1].previous_score) == (Decimal("0.0"), Decimal("25.2"))
    assert len(await scorer.published(ScoreChanged)) == len(published)
    assert (await scorer.ask(Why(facility_id=CCN))).history[0].cause == "time"


async def test_the_first_full_run_calibrates_at_the_end_of_its_day_and_then_every_monday(scorer: Running) -> None:
    await scorer.at("2026-07-01T23:45")
    assert await scorer.published(TiersCalibrated) == []

    await scorer.receive(*cohort(100))
    assert {row["tier"] for row in await scorer.sql("SELECT tier FROM scores")} == {3}
    for day in range(2, 15):
        await scorer.at(f"2026-07-{day:02}T23:45")

    made = await scorer.published(TiersCalibrated)
    assert [one.calibrated_on.day for one in made] == [2, 6, 13]
    assert made[0].cohort == 100
    assert made[0].sizes == {1: 20, 2: 20, 3: 60}
    assert made[0].cuts == {1: Decimal("36.0"), 2: Decimal("10")}
    assert made[0].ties == {1: 20, 2: 0}
    assert made[1].crossings == ()


async def test_a_facility_that_changes_tier_at_a_calibration_is_published_and_counted(scorer: Running) -> None:
    await scorer.receive(*cohort(100))
    before = len(await scorer.published(ScoreChanged))

    await scorer.at("2026-07-01T23:45")

    made = (await scorer.published(TiersCalibrated))[0]
    published = (await scorer.published(ScoreChanged))[before:]
    assert {one.facility_id for one in published} == {one.facility_id for one in made.crossings}
    assert {(one.previous_tier, one.cause) for one in published} == {(3, "calibrate")}
    counts = await scorer.ask(Counts())
    assert counts.tiers == made.sizes
    assert counts.calibrated_on == TODAY
    assert (await scorer.ask(Calibrations()))[0].ties == made.ties


async def test_between_calibrations_a_facility_keeps_its_tier_down_to_two_points_below_the_cut(scorer: Running) -> None:
    await scorer.receive(*cohort(20))
    await scorer.at("2026-07-01T23:45")
    retracted = FacilityMatched(facility_id="335000", role_family="mds_coordinator", version=2, signals=())

    await scorer.receive(
        retracted, *(matched(facility_id, role="pdpm_rac", urgency=2) for facility_id in ("335000", "335002"))
    )

    rows = await scorer.sql(
        "SELECT facility_id, score, tier FROM scores WHERE facility_id IN ('335000', '335002') ORDER BY facility_id"
    )
    assert [(row["facility_id"], row["score"], row["tier"]) for row in rows] == [
        ("335000", Decimal("24.5"), 1),  # was in Tier 1, whose cut is 25
        ("335002", Decimal("24.5"), 2),
    ]


def cohort(size: int) -> list[Event]:
    """A fifth with a posting, a fifth with a low QM rating, the rest without facts."""
    several: list[Event] = []
    for n in range(size):
        facility_id = f"335{n:03}"
        several.append(listed(facility_id))
        if n % 5 == 0:
            several.append(matched(facility_id, urgency=4))
        elif n % 5 == 1:
            several.append(assessed(facility_id, qm_rating="1"))
    return several


async def test_a_delisted_facility_leaves_the_cohort_and_returns_when_listed_again(scorer: Running) -> None:
    await scorer.receive(
        FacilityDelisted(facility_id=CCN, version=2, delisted_as_of=TODAY), listed(version=1), listed("335002")
    )
    assert (await scorer.ask(Counts())).listed == 1
    assert [row.facility_id for row in await scorer.ask(ExportScores(limit=10))] == ["335002"]

    await scorer.receive(listed(version=3))

    assert (await scorer.ask(Counts())).listed == 2


async def test_the_export_has_a_column_for_each_factor_and_is_paged(scorer: Running) -> None:
    await scorer.receive(*cohort(3))

    first = await scorer.ask(ExportScores(limit=2))
    second = await scorer.ask(ExportScores(after=first[-1].facility_id, limit=2))

    assert [row.facility_id for row in first + second] == ["335000", "335001", "335002"]
    assert [row.points["open_posting"] for row in first + second] == [36, 0, 0]
    assert first[1].points["qm_rating"] == 20


async def test_lists_get_every_account_with_every_factor_in_pages(scorer: Running) -> None:
    await scorer.receive(*cohort(3))

    first = await scorer.ask(ScoredAccounts(limit=2))
    second = await scorer.ask(ScoredAccounts(after=first[-1].facility_id, limit=2))

    assert [row.facility_id for row in first + second] == ["335000", "335001", "335002"]
    why = await scorer.ask(Why(facility_id="335001"))
    assert (first[1].name, first[1].city, first[1].state) == (why.facility.name, why.facility.city, why.facility.state)
    assert (first[1].score, first[1].tier) == (why.score, why.tier)
    assert [(line.factor, line.evidence) for line in first[1].breakdown] == [
        (line.factor, line.evidence) for line in why.breakdown
    ]


async def test_a_refresh_with_a_later_date_is_not_caused_by_time(scorer: Running) -> None:
    await scorer.receive(listed(), assessed(qm_rating="5"))
    await scorer.at("2026-08-05T08:00")

    await scorer.receive(assessed(import_no=2, as_of=date(2026, 8, 1), qm_rating="1"))

    [latest] = await scorer.sql("SELECT cause FROM score_history ORDER BY scored_on DESC LIMIT 1")
    assert latest["cause"] == "facility.assessed"


async def test_the_model_in_force_is_published_once(scorer: Running) -> None:
    published = await scorer.published(PackPublished)

    assert [one.name for one in published] == ["snf"]
    assert [row["name"] for row in await scorer.sql("SELECT name FROM models")] == ["snf"]


async def test_a_score_that_another_transaction_wrote_is_not_overwritten(scorer: Running) -> None:
    await scorer.receive(listed())

    async with scorer.app.begin() as tx:
        stale = (await scores.current_and_previous(tx, [CCN], TODAY))[0][CCN]
        with pytest.raises(ScoreConflict, match="1 of 1"):
            await scores.write(tx, [stale], [])


async def test_a_changed_pack_is_in_force_after_the_start_and_rescores_all_facilities(
    scorer: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scorer.receive(listed(), matched())
    published = len(await scorer.published(ScoreChanged))
    another = tmp_path / "snf"
    shutil.copytree(packs.pack_folder(), another)
    (another / "pack.yaml").write_text(f"# another pack of the same model\n{(another / 'pack.yaml').read_text()}")
    monkeypatch.setenv("PIPELINE_PACKS_DIR", str(tmp_path))

    for _ in range(2):
        async with scorer.app.begin() as tx:
            await publish_model(tx)

    assert [row["pack"] for row in await scorer.sql("SELECT pack FROM scores")] == [packs.hash_of(another)]
    assert [one.pack for one in await scorer.published(PackPublished)][1:] == [packs.hash_of(another)]
    assert len(await scorer.published(ScoreChanged)) == published  # equal numbers by another pack are not published
    [before, after] = [one.pack for one in await scorer.published(PackPublished)]
    assert (await scorer.ask(SchemeInForce())).pack == after
    assert (await scorer.ask(SchemeInForce(pack=before))).pack == before
    with pytest.raises(AskFailed, match="No pack 12ab was in force"):
        await scorer.ask(SchemeInForce(pack="12ab"))


async def test_an_unknown_facility_is_refused_with_a_sentence(scorer: Running) -> None:
    with pytest.raises(AskFailed, match="There is no facility 999999"):
        await scorer.ask(Why(facility_id="999999"))


async def test_a_future_day_has_no_reasons(scorer: Running) -> None:
    with pytest.raises(AskFailed, match=r"2030-01-01 is in the future; today is"):
        await scorer.ask(Why(facility_id=CCN, on=date(2030, 1, 1)))
