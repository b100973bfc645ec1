"""Which settings and which sections of the pack does the sequencer use?"""

from __future__ import annotations

from datetime import time
from functools import cache
from typing import Annotated, Any

from pydantic import Field

from engines.cadence.sla import Sla
from engines.naming.capitals import Spellings, usual_case
from engines.naming.people import PersonName, parse_name
from engines.packs import PackInvalid, calendar, invalid, pack_folder, section, sections
from engines.packs.files import Fault, suggestion
from services.sequencer.domain.assignment import Assignment
from services.sequencer.domain.calendar import Holidays, holidays_of
from services.sequencer.domain.exits import Exits
from services.sequencer.domain.pack import Capacity, Names, Outcomes, Playbook
from services.sequencer.domain.roles import ContactRoles
from services.sequencer.domain.sequences import Sequence
from services.sequencer.domain.stages import Stages
from services.sequencer.domain.touches import Touches
from shared.settings import LIST, Settings, settings_of

SECTIONS: dict[str, Any] = {
    "capacity": Capacity,
    "names": Names,
    "outcomes": Outcomes,
    "contacts": ContactRoles,
    "stages": Stages,
    "touches": Touches,
    "exits": Exits,
    "sla": Sla,
    "assignment": Assignment,
}
"""The type of each section, by file of the pack. The linter validates packs with the same types."""
FOLDERS: dict[str, Any] = {"sequences": Sequence}
"""The type of each file, by folder of the pack."""

PLAN_AT = time(6)
"""The time of the plan of a day."""


class SequencerSettings(Settings):
    """The settings of every service, and the first reps, which a new deployment begins with."""

    reps: Annotated[tuple[str, ...], *LIST, Field(min_length=1)] = ("rep-1", "rep-2")
    track_opens: bool = False
    """Whether it is recorded that a person opened an e-mail, or followed a link in one."""


def usual_name(name: str | None) -> str | None:
    """The name of a facility or chain in its usual spelling."""
    return usual_case(name, _spellings(names())) if name else name


def name_of(name: str) -> PersonName | None:
    """The parts of a person's name; None for a placeholder."""
    return parse_name(name, roles().offices, names().credentials)


def usual_person(name: str) -> str:
    """The name of a person in its usual order and case, without credentials."""
    found = name_of(name)
    return found.full if found else name


def person_in_role(name: str, role: str, at: str | None = None) -> str:
    """A person with their role and place; of a role that stands for a person, nothing twice."""
    label = roles().label(role)
    known = ", ".join(filter(None, ("" if name == label else label, at)))
    return f"{usual_person(name)} ({known})" if known else usual_person(name)


def names() -> Names:
    return section("names", Names)


@cache
def _spellings(names: Names) -> Spellings:
    return Spellings(names.spellings, names.clipped)


def playbook() -> Playbook:
    """The playbook in force. Raises `PackInvalid` if a tier names a missing sequence, or a step an unknown role."""
    capacity, sequences = section("capacity", Capacity), sections("sequences", Sequence)
    for tier, rule in capacity.tiers.items():
        if rule.sequence not in sequences:
            problem = f"there is no sequences/{rule.sequence}.yaml"
            raise _invalid("capacity", f"tiers.{tier}.sequence", problem, suggestion(rule.sequence, sequences))
    for name, sequence in sequences.items():
        if unknown := {step.persona for step in sequence.steps} - set(roles().names):
            problem = f"persona {min(unknown)!r} is not a role of contacts.yaml"
            raise _invalid(f"sequences/{name}", "steps", problem, suggestion(min(unknown), roles().names))
        if sequence.name != name:
            raise _invalid(f"sequences/{name}", "name", f"is {sequence.name!r}", "name and file must agree")
    return Playbook(
        capacity,
        sequences,
        closed_days(),
        section("outcomes", Outcomes),
        roles(),
        section("stages", Stages),
        exits(),
        section("assignment", Assignment),
    )


def first_reps() -> tuple[str, ...]:
    """The ids of the reps of a new deployment; later, reps are data."""
    return settings_of("sequencer", SequencerSettings).reps


def tracks_opens() -> bool:
    """Whether openings of e-mails, and clicks in them, are recorded; only where a deployment turns that on."""
    return settings_of("sequencer", SequencerSettings).track_opens


def roles() -> ContactRoles:
    """The roles that contacts have."""
    return section("contacts", ContactRoles)


def exits() -> Exits:
    """What follows from e-mails that come back."""
    return section("exits", Exits)


def sla() -> Sla:
    """The clocks of the tiers. Raises `PackInvalid` for a tier that is not worked."""
    found, worked = section("sla", Sla), section("capacity", Capacity).tiers
    if idle := set(found.tiers) - set(worked):
        raise _invalid("sla", f"tiers.{min(idle)}", "capacity.yaml does not work this tier", "remove it")
    return found


def touches() -> Touches:
    """The outcomes of touches."""
    return section("touches", Touches)


def closed_days() -> Holidays:
    """The public holidays of the deployment. Raises `PackInvalid` for an unknown place."""
    place = calendar()
    try:
        return holidays_of(place.country, place.subdivision)
    except NotImplementedError as unknown:
        raise _invalid("calendar", "country", str(unknown), "correct it") from unknown


def _invalid(name: str, key: str, problem: str, remedy: str) -> PackInvalid:
    return invalid(pack_folder(), Fault(f"{name}.yaml", key, problem, remedy))


def check_pack() -> None:
    """What startup does with the pack besides reading its sections; raises `PackInvalid`."""
    playbook()
    touches()
    sla()
