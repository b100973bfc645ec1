"""Which fields of ours are which properties of a CRM, by the pack's `crm.yaml`?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from engines.crm.records import FIELDS, Kind, System, Type, id_field
from engines.packs import section_of
from engines.packs.layers import file_in

Rule = Literal["ours", "theirs", "newest"]
WRITTEN_BACK: Final[Mapping[Kind, tuple[str, ...]]] = {"companies": ("owner", "outcome", "contacted_at", "status")}
"""What a person may change here; there is no place for what the CRM says of anything else."""
_PREFIX: Final = re.compile(r"[a-z][a-z0-9]{0,9}_")
_PROPERTY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of ours, and where it is in a CRM."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    field: str
    title: str | None = None
    """What people read in the CRM; by default the name of the field."""
    hubspot: str | None = None
    """The internal name of a property that HubSpot has; without it, one is created with the prefix: `fp_tier`."""
    salesforce: str | None = None
    """The API name of a field that Salesforce has; without it, one is created with the prefix: `FP_Tier__c`."""
    only: System | None = None
    """The one system that has this field; by default both do."""
    write_back: bool = False
    """Whether a change that was made in the CRM is ours too. Otherwise ours replaces it."""
    both_changed: Rule = "ours"
    """Which value counts if both sides changed it before either knew of the other."""

    def __post_init__(self) -> None:
        for name in (self.hubspot, self.salesforce):
            if name is not None and not _PROPERTY.fullmatch(name):
                raise ValueError(f"{name!r} is no name of a property: letters, digits and _ are")
        if self.both_changed != "ours" and not self.write_back:
            raise ValueError(f"both_changed is {self.both_changed}, but without write_back no value of theirs counts")


@dataclass(frozen=True, slots=True)
class Property:
    """Where a field is in one system."""

    field: str
    name: str
    type: Type
    title: str
    is_custom: bool
    """Whether set-up creates it."""
    is_unique: bool
    write_back: bool
    rule: Rule


@dataclass(frozen=True, slots=True)
class Crm:
    """Which fields are exchanged with a CRM."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    prefix: str
    """What the names of our own properties begin with: `fp_`."""
    title: str
    """The group of these properties, as people read it."""
    companies: tuple[Field, ...]
    contacts: tuple[Field, ...]
    tasks: tuple[Field, ...] = ()
    notes: tuple[Field, ...] = ()

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise ValueError(
                f"prefix: {self.prefix!r} is not up to 10 lower-case letters and digits and a _, as in fp_"
            )
        for kind in FIELDS:
            for problem in self._problems(kind):
                raise ValueError(problem)

    def _problems(self, kind: Kind) -> Iterator[str]:
        stated: tuple[Field, ...] = getattr(self, kind)
        names = [each.field for each in stated]
        for unknown in (name for name in names if name not in FIELDS[kind]):
            yield f"{kind}: there is no field {unknown!r}; there are {', '.join(FIELDS[kind])}"
        for twice in (name for at, name in enumerate(names) if name in names[:at]):
            yield f"{kind}: the field {twice} is there twice"
        if stated and id_field(kind) not in names:
            yield f"{kind}: the field {id_field(kind)} is missing, by which records are found again"
        if kind == "contacts" and "email" not in names:
            yield "contacts: the field email is missing, by which HubSpot knows a contact"
        for system in SYSTEMS:
            known = [each.name for each in self.properties(system, kind)]
            for twice in (name for at, name in enumerate(known) if name in known[:at]):
                yield f"{kind}: two fields are the property {twice} of {system}"
        for each in stated:
            if each.field == id_field(kind) and (each.hubspot or each.salesforce or each.write_back):
                yield f"{kind}: {each.field} is a property of our own, which the CRM cannot change"
            elif each.write_back and each.field not in (known_here := WRITTEN_BACK.get(kind, ())):
                yield f"{kind}: no change of {each.field} comes back; {', '.join(known_here) or 'none of a field'} does"

    def properties(self, system: System, kind: Kind) -> tuple[Property, ...]:
        """The properties of a kind in one system."""
        return tuple(
            Property(
                each.field,
                getattr(each, system) or self.custom(system, each.field),
                FIELDS[kind][each.field],
                each.title or each.field.replace("_", " ").capitalize(),
                is_custom=getattr(each, system) is None,
                is_unique=each.field == id_field(kind),
                write_back=each.write_back,
                rule=each.both_changed,
            )
            for each in getattr(self, kind)
            if each.field in FIELDS[kind] and each.only in (None, system)
        )

    def custom(self, system: System, field: str) -> str:
        """The name of a property of our own: `fp_facility_id`, and `FP_Facility_Id__c` in Salesforce."""
        if system == "hubspot":
            return f"{self.prefix}{field}"
        words = "_".join(word.capitalize() for word in field.split("_"))
        return f"{self.prefix.upper()}{words}__c"

    def rules(self, kind: Kind) -> Mapping[str, tuple[bool, Rule]]:
        """For each field, whether a change of theirs is ours too, and which value counts if both changed."""
        return {each.field: (each.write_back, each.both_changed) for each in getattr(self, kind)}


SYSTEMS: Final[tuple[System, ...]] = ("hubspot", "salesforce")
SECTIONS: Final = {"crm": Crm}


def crm_of(folder: Path) -> Crm | None:
    """The field map of a pack; None if it has no `crm.yaml`, and nothing is exchanged with a CRM."""
    return section_of(folder, "crm", Crm) if file_in(folder, "crm") else None
