"""Which events do the loops handle?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from shared.contracts.envelope import seal
from shared.contracts.events import (
    EmailDrafted,
    FacilityMatched,
    FactorScore,
    PostingSeen,
    ScoreChanged,
    Signal,
    TaskDue,
)
from shared.messaging.broker import connect

NAMESPACE = UUID("b4c0a0a8-52f4-4d2f-8a53-21a7f5b0a1de")
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAY = date(2026, 7, 1)


def a_posting(number: int) -> PostingSeen:
    """About 500 bytes of JSON, as real postings are."""
    return PostingSeen(
        posting_id=uuid5(NAMESPACE, str(number)),
        version=1,
        source="job-board",
        source_posting_id=f"J{number:07d}",
        title="MDS Coordinator (RN), full time",
        employer_name=f"Invented Nursing and Rehabilitation Center {number % 500}",
        city="Albany",
        state="NY",
        zip="12205",
        url=f"https://job-board.example/jobs/J{number:07d}",
        role_family="mds_coordinator",
        urgency=2,
        posted_on=DAY,
        first_seen_on=DAY,
        last_seen_on=DAY,
        pack="benchmark",
    )


def matched(posting: PostingSeen) -> FacilityMatched:
    """The event that the loops emit for a posting."""
    signal = Signal(
        signal_id=posting.posting_id,
        first_seen_on=posting.first_seen_on,
        last_seen_on=posting.last_seen_on,
        expires_on=posting.last_seen_on,
        urgency=posting.urgency,
        chronic=False,
        closed=False,
        postings=1,
        title=posting.title,
    )
    return FacilityMatched(
        facility_id="33X001", role_family=posting.role_family, version=posting.version, signals=(signal,)
    )


async def preload(nats_url: str, numbers: Sequence[int]) -> None:
    """Publish postings into the stream of their owner, as a backlog for a consumer."""
    broker = await connect(nats_url, "ingest")
    for start in range(0, len(numbers), 1_000):
        envelopes = [seal(a_posting(number), "ingest", NOW) for number in numbers[start : start + 1_000]]
        stored = await broker.publish(envelopes)
        if len(stored) != len(envelopes):
            raise RuntimeError(f"the stream stored {len(stored)} of {len(envelopes)} postings")
    await broker.close()


def scored(facility_id: str, version: int) -> ScoreChanged:
    factors = tuple(
        FactorScore(
            factor=name,
            label=name.replace("_", " "),
            weight=Decimal("0.25"),
            value=Decimal("0.8"),
            points=Decimal("20.0"),
            known=True,
            evidence="4 of 5",
        )
        for name in ("qm_rating", "open_posting")
    )
    return ScoreChanged(
        facility_id=facility_id,
        score_version=version,
        score=Decimal("40.0"),
        tier=2,
        scored_on=DAY,
        breakdown=factors,
        multiplier=Decimal(1),
        pack="benchmark",
        cause="facility.matched",
    )


def task(facility_id: str, task_id: UUID) -> TaskDue:
    return TaskDue(
        task_id=task_id,
        enrollment_id=task_id,
        step_no=1,
        facility_id=facility_id,
        facility_name="Invented Nursing and Rehabilitation Center",
        city="Albany",
        state="NY",
        main_phone="518-555-0100",
        tier=2,
        score=Decimal("40.0"),
        sequence="ny-snf-21-day",
        rep="ada",
        channel="email",
        persona="administrator",
        template="intro-don",
        due_on=DAY,
        reason="day 1 of ny-snf-21-day",
        pack="benchmark",
    )


def draft(task_id: UUID, facility_id: str) -> EmailDrafted:
    return EmailDrafted(
        draft_id=task_id, task_id=task_id, facility_id=facility_id, rep="ada", template="intro-don", drafted_on=DAY
    )
