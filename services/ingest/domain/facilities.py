"""What is held of a facility, given what registry files said of it and when?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from engines.datasets.listing import Identity, Listing, OtherName, distinct_names


@dataclass(frozen=True, slots=True)
class Facility:
    """What is held of a facility's identity. `version` counts listings and delistings alike."""

    facility_id: str
    version: int
    identity: Identity
    listed_as_of: date
    import_no: int
    delisted: bool = False
    delisted_as_of: date | None = None


def listed(held: Facility | None, listing: Listing, import_no: int) -> Facility:
    """What is held after a listing: unchanged if the listing is older than what is held, or than a delisting.

    A name that is given up stays known as a former one, since postings go on using it for years.
    """
    if held is None:
        return Facility(listing.facility_id, 1, listing.identity, listing.as_of, import_no)
    newest = max(held.listed_as_of, held.delisted_as_of or held.listed_as_of)
    if (listing.as_of, import_no) < (newest, held.import_no):
        return held
    identity = _with_history(held.identity, listing.identity)
    news = held.delisted or identity != held.identity
    return Facility(held.facility_id, held.version + news, identity, listing.as_of, import_no)


def _with_history(held: Identity, said: Identity) -> Identity:
    former = [OtherName(held.name, "former"), *(other for other in held.other_names if other.kind == "former")]
    names = distinct_names(said.name, [*said.other_names, *former])
    return replace(said, other_names=names)


def known_gone(one: Listing, held: Mapping[str, Facility], complete_as_of: Mapping[str, date]) -> bool:
    """Whether a newer file, complete for its state or the country, does not list this facility.

    Had the files come in the order of their dates, it would be delisted now.
    """
    newest = max(
        (complete_as_of[place] for place in (one.identity.state, "US") if place in complete_as_of), default=None
    )
    known = held.get(one.facility_id)
    return (known is None or known.delisted) and newest is not None and one.as_of < newest


def is_late(one: Listing, newest: Mapping[str, date]) -> bool:
    """Whether something newer is held of the state of a facility that nobody has heard of."""
    return one.as_of < newest.get(one.identity.state, date.min)
