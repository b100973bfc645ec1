"""What is the identity of a facility, given the registry files that listed it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from engines.datasets.listing import Identity, Listing, OtherName, distinct_names


@dataclass(frozen=True, slots=True)
class Facility:
    """The identity of a facility. `version` counts listings and delistings."""

    facility_id: str
    version: int
    identity: Identity
    listed_as_of: date
    import_no: int
    delisted: bool = False
    delisted_as_of: date | None = None


def listed(current: Facility | None, listing: Listing, import_no: int) -> Facility:
    """The facility after a listing; unchanged if the listing is older than the current one, or than a delisting.

    A previous name becomes a former name, because postings use it for years.
    """
    if current is None:
        return Facility(listing.facility_id, 1, listing.identity, listing.as_of, import_no)
    newest = max(current.listed_as_of, current.delisted_as_of or current.listed_as_of)
    if (listing.as_of, import_no) < (newest, current.import_no):
        return current
    identity = _with_former_names(current.identity, listing.identity)
    changed = current.delisted or identity != current.identity
    return Facility(current.facility_id, current.version + changed, identity, listing.as_of, import_no)


def _with_former_names(previous: Identity, new: Identity) -> Identity:
    former = [OtherName(previous.name, "former"), *(one for one in previous.other_names if one.kind == "former")]
    names = distinct_names(new.name, [*new.other_names, *former])
    return replace(new, other_names=names)


def is_missing_later(one: Listing, stored: Mapping[str, Facility], complete_as_of: Mapping[str, date]) -> bool:
    """Whether a newer file, complete for its state or the country, lacks this facility.

    If the files had come in the order of their dates, the facility would be delisted now.
    """
    newest = max(
        (complete_as_of[place] for place in (one.identity.state, "US") if place in complete_as_of), default=None
    )
    current = stored.get(one.facility_id)
    return (current is None or current.delisted) and newest is not None and one.as_of < newest


def is_late(one: Listing, newest: Mapping[str, date]) -> bool:
    """Whether newer data of its state is stored, without this facility."""
    return one.as_of < newest.get(one.identity.state, date.min)
