"""Does the sequencer turn what others say into a worklist, and what people do into history?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from shared.events import (
    EnrollmentStarted,
    FacilityListed,
    FacilityMatched,
    FactorScore,
    LeadRaised,
    ScoreChanged,
    Signal,
    TaskDue,
)
from tests.support.running import Running

# 1 July 2026 is a Wednesday, the 3rd a holiday: Thursday the 2nd, then Monday the 6th, are the next business days.
THURSDAY, MONDAY, TUESDAY = "2026-07-02T06:00", "2026-07-06T06:00", "2026-07-07T06:00"


def listed(ccn: str, version: int = 1, chain: str | None = None) -> FacilityListed:
    return FacilityListed(
        ccn=ccn,
        version=version,
        listed_as_of=date(2026, 6, 1),
        name=f"HOME {ccn}",
        city="ALBANY",
        state="NY",
        phone="5185550100",
        chain=chain,
    )


def scored(
    ccn: str, tier: int, score: str = "40.0", version: int = 1, previous_tier: int | None = None
) -> ScoreChanged:
    return ScoreChanged(
        ccn=ccn,
        score_version=version,
        score=Decimal(score),
        tier=tier,
        previous_tier=previous_tier,
        scored_on=date(2026, 7, 1),
        breakdown=(
            factor("qm_rating", "20.0", "QM rating 1 of 5"),
            factor("open_posting", "14.4", "MDS coordinator posting seen 2026-06-30, urgency 3 of 4"),
            factor("turnover", "0.0", "no change on record"),
        ),
        multiplier=Decimal(1),
        urgency=3,
        last_seen_on=date(2026, 6, 30),
        pack="test",
        cause="test",
    )


def factor(name: str, points: str, evidence: str) -> FactorScore:
    return FactorScore(
        factor=name,
        label=name,
        weight=Decimal("0.2"),
        value=Decimal(1),
        points=Decimal(points),
        known=True,
        evidence=evidence,
    )


def matched(ccn: str, version: int = 1, expires_on: date = date(2026, 8, 1)) -> FacilityMatched:
    signal = Signal(
        signal_id=uuid5(NAMESPACE_URL, ccn),
        first_seen_on=date(2026, 6, 29),
        last_seen_on=date(2026, 6, 30),
        expires_on=expires_on,
        urgency=3,
        chronic=False,
        closed=False,
        postings=1,
        title="MDS Coordinator (RN)",
    )
    return FacilityMatched(ccn=ccn, role_family="mds_coordinator", version=version, signals=(signal,))


def contact(line: int = 1, **cells: str) -> dict[str, Any]:
    return {
        "line": line,
        "role": "administrator",
        "name": "Ada Moss",
        "source": "website",
        "source_date": "2026-06-01",
    } | cells


CALLABLE = {"direct_phone": "518-555-0111", "email": "ada@example.org"}


async def worklist(sequencer: Running) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await sequencer.ask("worklist", {"rep": None, "on": None})
    return rows


async def test_a_tier_1_prospect_with_somebody_to_call_gets_its_first_touch(sequencer: Running) -> None:
    await sequencer.ask("import_contacts", {"rows": [contact(ccn="335001", **CALLABLE)]})
    await sequencer.receive(listed("335001"), scored("335001", 1), matched("335001"))

    await sequencer.at(THURSDAY)

    [row] = await worklist(sequencer)
    assert (row["channel"], row["persona"], row["person_phone"]) == ("call", "administrator", "(518) 555-0111")
    assert row["reason"] == "MDS coordinator posting seen 2026-06-30, urgency 3 of 4; QM rating 1 of 5"
    [due] = await sequencer.published(TaskDue)
    assert due.signal is not None
    assert (due.signal.title, due.due_on, due.main_phone) == (
        "MDS Coordinator (RN)",
        date(2026, 7, 2),
        "(518) 555-0100",
    )
    assert [e.ccn for e in await sequencer.published(EnrollmentStarted)] == ["335001"]
    assert [e.role_families for e in await sequencer.published(LeadRaised)] == [("mds_coordinator",)]
