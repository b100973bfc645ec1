"""By which ids are things known, whenever and wherever they are made?"""

from __future__ import annotations

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

_SEQUENCER = uuid5(NAMESPACE_URL, "urn:facility-pipeline:sequencer")


def lead_id(facility_id: str, lead_source: str) -> UUID:
    return uuid5(_SEQUENCER, f"lead|{facility_id}|{lead_source}")


def enrollment_id(subject: str, sequence: str, cycle: int) -> UUID:
    """Of the n-th enrollment of a facility or chain in a sequence (K25)."""
    return uuid5(_SEQUENCER, f"enrollment|{subject}|{sequence}|{cycle}")


def task_id(enrollment: UUID, step_no: int) -> UUID:
    """One task per enrollment and step, whatever is redelivered (R36)."""
    return uuid5(_SEQUENCER, f"task|{enrollment}|{step_no}")


def activity_id(task: UUID, facility_id: str, done_on: date) -> UUID:
    """Research may be tried more than once, though never twice a day at one facility."""
    return uuid5(_SEQUENCER, f"activity|{task}|{facility_id}|{done_on}")


def contact_id(subject: str, role: str, name_key: str, source: str, source_date: str) -> UUID:
    """Of one source naming one person on one day: naming them again corrects it."""
    return uuid5(_SEQUENCER, f"contact|{subject}|{role}|{name_key}|{source}|{source_date}")


def suppression_id(scope: str, target: str) -> UUID:
    """Of a do-not-contact: one per person, facility, chain or domain."""
    return uuid5(_SEQUENCER, f"suppression|{scope}|{target}")
