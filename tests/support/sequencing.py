"""Which events and contacts does the sequencer receive?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from engines.packs import section
from services.sequencer.domain.reach import Contact, People
from services.sequencer.domain.reps import team_of
from services.sequencer.domain.roles import ContactRoles
from services.sequencer.domain.touches import Touches
from shared.contracts.events import FacilityDelisted, FacilityListed, FacilityMatched, FactorScore, ScoreChanged, Signal
from shared.contracts.sequencer_replies import OutcomeChoice, WorklistTask

CALLABLE = {"direct_phone": "518-555-0111", "email": "ada@example.org"}


def listed(facility_id: str, version: int = 1, chain: str | None = None, name: str | None = None) -> FacilityListed:
    return FacilityListed(
        facility_id=facility_id,
        version=version,
        listed_as_of=date(2026, 6, 1),
        name=name or f"HOME {facility_id}",
        city="ALBANY",
        state="NY",
        phone="5185550100",
        chain=chain,
    )


def delisted(facility_id: str, version: int = 2) -> FacilityDelisted:
    return FacilityDelisted(facility_id=facility_id, version=version, delisted_as_of=date(2026, 7, 1))


def scored(
    facility_id: str, tier: int, score: str = "40.0", version: int = 1, previous: int | None = None, day: int = 1
) -> ScoreChanged:
    return ScoreChanged(
        facility_id=facility_id,
        score_version=version,
        score=Decimal(score),
        tier=tier,
        previous_tier=previous,
        scored_on=date(2026, 7, day),
        breakdown=(
            factor("qm_rating", "20.0", "QM rating 1 of 5"),
            factor("open_posting", "14.4", "MDS coordinator posting, seen 2026-06-30, urgency 3 of 4"),
            factor("turnover", "0.0", "no change on record"),
            factor("certified_beds", "0", "120 as of 2026-06-01", weight="0"),
        ),
        multiplier=Decimal(1),
        urgency=3,
        last_seen_on=date(2026, 6, 30),
        pack="test",
        cause="test",
    )


def factor(name: str, points: str, evidence: str, weight: str = "0.2") -> FactorScore:
    return FactorScore(
        factor=name,
        label=name,
        weight=Decimal(weight),
        value=Decimal(1),
        points=Decimal(points),
        known=True,
        evidence=evidence,
    )


def a_signal(facility_id: str, expires_on: date = date(2026, 8, 1)) -> Signal:
    return Signal(
        signal_id=uuid5(NAMESPACE_URL, facility_id),
        first_seen_on=date(2026, 6, 29),
        last_seen_on=date(2026, 6, 30),
        expires_on=expires_on,
        urgency=3,
        chronic=False,
        closed=False,
        postings=1,
        title="MDS Coordinator (RN)",
    )


def matched(
    facility_id: str, version: int = 1, expires_on: date = date(2026, 8, 1), role: str = "mds_coordinator"
) -> FacilityMatched:
    return FacilityMatched(
        facility_id=facility_id, role_family=role, version=version, signals=(a_signal(facility_id, expires_on),)
    )


def contact(
    facility_id: str | None, role: str = "administrator", name: str = "Ada Moss", **cells: str
) -> dict[str, Any]:
    row = {
        "line": 1,
        "facility_id": facility_id,
        "role": role,
        "name": name,
        "source": "website",
        "source_date": "2026-06-01",
        "source_url": "https://www.example.org/staff",
    }
    return row | cells


ROLES = section("contacts", ContactRoles)
TEAM = team_of(("rep-1", "rep-2"))


def people(*contacts: Contact) -> People:
    """The people that an enrollment can contact."""
    return People(ROLES, {contact.role: contact for contact in contacts})


_TASK = WorklistTask(
    rank=1,
    task_id=UUID(int=1),
    short_id="00000000",
    facility_id="335001",
    facility="HOME 335001",
    city="ALBANY",
    chain=None,
    covers=["335001"],
    tier=1,
    tier_at_planning=1,
    score=Decimal("40.0"),
    channel="call",
    persona="administrator",
    person=None,
    person_phone=None,
    person_email=None,
    main_phone=None,
    due_on=date(2026, 7, 2),
    overdue=False,
    days_overdue=0,
    rep="rep-1",
    reason="a reason",
    step_no=1,
    sequence="s",
    template=None,
    enrollment_id=UUID(int=2),
    version=1,
)


def on_the_worklist(**more: Any) -> WorklistTask:
    """A task as the sequencer returns it."""
    task = WorklistTask.model_validate(_TASK.model_dump() | more)
    outcomes = [OutcomeChoice.model_validate(each) for each in section("touches", Touches).outcomes[task.channel]]
    return task.model_copy(update={"outcomes": outcomes})
