"""Which knobs does the sequencer have, and what does its pack say?"""

from __future__ import annotations

from datetime import time
from functools import cache
from typing import Annotated, Any

from pydantic import Field

from engines.naming.capitals import Spellings, usual_case
from engines.naming.people import PersonName, parse_name
from services.sequencer.domain.calendar import Holidays, holidays_of
from services.sequencer.domain.pack import Capacity, Names, Outcomes, Playbook, Sequence
from services.sequencer.domain.roles import ContactRoles
from shared.packs import PackInvalid, calendar, section, sections
from shared.settings import LIST, Settings, settings_of

SECTIONS: dict[str, Any] = {"capacity": Capacity, "names": Names, "outcomes": Outcomes, "contacts": ContactRoles}
"""By file of the pack: what it has to be. The linter reads them as this service does."""
FOLDERS: dict[str, Any] = {"sequences": Sequence}
"""By folder of the pack: what each file in it has to be."""

PLAN_AT = time(6)
"""When the plan of a day is made."""


class SequencerSettings(Settings):
    """The kernel's knobs, and who does the tasks."""

    reps: Annotated[tuple[str, ...], *LIST, Field(min_length=1)] = ("rep-1", "rep-2")


def usual_name(name: str | None) -> str | None:
    """The name of a facility or chain as it is usually written."""
    return usual_case(name, _spellings(names())) if name else name


def greeted(name: str) -> PersonName | None:
    """What to call whom a contact names; None where it names nobody."""
    return parse_name(name, roles().offices, names().credentials)


def usual_person(name: str) -> str:
    """The name of a person in its usual order and case, without credentials."""
    known = greeted(name)
    return known.full if known else name


def names() -> Names:
    return section("names", Names)


@cache
def _spellings(names: Names) -> Spellings:
    return Spellings(names.spellings, names.clipped)


def playbook() -> Playbook:
    """The playbook in force; raises `PackInvalid` where a tier names a sequence that is not there."""
    capacity, sequences = section("capacity", Capacity), sections("sequences", Sequence)
    for tier, rule in capacity.tiers.items():
        if rule.sequence not in sequences:
            raise PackInvalid(f"capacity.yaml: tiers.{tier}.sequence: there is no sequences/{rule.sequence}.yaml")
    for name, sequence in sequences.items():
        if unknown := {step.persona for step in sequence.steps} - set(roles().names):
            raise PackInvalid(f"sequences/{name}.yaml: persona {min(unknown)!r} is no role of contacts.yaml")
        if sequence.name != name:
            raise PackInvalid(f"sequences/{name}.yaml: name: is {sequence.name!r}, must be that of the file")
    return Playbook(
        settings_of("sequencer", SequencerSettings).reps,
        capacity,
        sequences,
        closed_days(),
        section("outcomes", Outcomes),
        roles(),
    )


def roles() -> ContactRoles:
    """The roles that contacts have."""
    return section("contacts", ContactRoles)


def closed_days() -> Holidays:
    """The public holidays of the deployment; raises `PackInvalid` for a place that none are known of."""
    place = calendar()
    try:
        return holidays_of(place.country, place.subdivision)
    except NotImplementedError as unknown:
        raise PackInvalid(f"calendar.yaml: {unknown}") from unknown
