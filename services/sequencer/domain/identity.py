"""How are ids derived, so that they are always the same?"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from uuid import NAMESPACE_URL, UUID, uuid5

_SEQUENCER = uuid5(NAMESPACE_URL, "urn:facility-pipeline:sequencer")


@lru_cache(maxsize=100_000)
def lead_id(facility_id: str, lead_source: str) -> UUID:
    return uuid5(_SEQUENCER, f"lead|{facility_id}|{lead_source}")


@lru_cache(maxsize=100_000)
def enrollment_id(subject: str, sequence: str, cycle: int) -> UUID:
    """The id of the n-th enrollment of a facility or chain in a sequence (K25)."""
    return uuid5(_SEQUENCER, f"enrollment|{subject}|{sequence}|{cycle}")


def task_id(enrollment: UUID, step_no: int) -> UUID:
    """The id of the one task of an enrollment and step (R36)."""
    return uuid5(_SEQUENCER, f"task|{enrollment}|{step_no}")


def account_task_id(facility_id: str, kind: str, key: str) -> UUID:
    """The id of the one task of an account with a kind and key."""
    return uuid5(_SEQUENCER, f"task|{facility_id}|{kind}|{key}")


def logged_there(facility_id: str, system: str, at: str) -> UUID:
    """The id under which a touch is logged that people logged in a CRM."""
    return uuid5(_SEQUENCER, f"touch|{facility_id}|{system}|{at}")


def activity_id(task: UUID, version: int) -> UUID:
    """The id of what a person did about a task, which is a version of it."""
    return uuid5(_SEQUENCER, f"activity|{task}|{version}")


def contact_id(subject: str, role: str, name_key: str, source: str, source_date: str) -> UUID:
    """The id of a sighting: a source that names the same person on the same day again corrects it."""
    return uuid5(_SEQUENCER, f"contact|{subject}|{role}|{name_key}|{source}|{source_date}")


def departure_id(subject: str, person: str) -> UUID:
    """The id under which is stored what followed when a person left."""
    return uuid5(_SEQUENCER, f"departure|{subject}|{person}")


def merge_id(subject: str, person: str) -> UUID:
    """The id under which is stored what followed when a person became an alias of another one."""
    return uuid5(_SEQUENCER, f"merge|{subject}|{person}")


def note_id(facility_id: str, text: str) -> UUID:
    """The id of a note in a file: the same note on an account again is no second one."""
    return uuid5(_SEQUENCER, f"note|{facility_id}|{text}")


def leave_id(rep: str, from_on: date) -> UUID:
    """The id of a leave: another leave from the same day corrects it."""
    return uuid5(_SEQUENCER, f"leave|{rep}|{from_on}")
