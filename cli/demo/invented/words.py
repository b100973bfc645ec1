"""Which words does the invented data use?

Every invented name begins with a place that begins with X, Z or a Q without a u, so that none is the name of a real
facility, chain or person. Towns are real, because a state's cities, counties and ZIP codes are facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

_ONSETS = ("Qa", "Qe", "Qi", "Qo", "Xa", "Xe", "Xi", "Xo", "Xu", "Za", "Ze", "Zi", "Zo", "Zu")
_CORES = (
    *("lber", "mbro", "nder", "rlo", "spen", "vel", "tha", "gar", "ckle", "ften", "ppa", "dro", "ske", "nto"),
    *("shu", "wen", "bbi", "lka", "msu", "rgo", "tzi", "ffo", "xle", "chu"),
)
_ENDS = ("dale", "moor", "wick", "holm", "ford", "mere", "stead", "brook", "field", "ley", "garth", "combe")

FLORA = (
    *("Alder", "Aster", "Bayberry", "Birch", "Bluebell", "Bracken", "Briar", "Cedar", "Clover", "Cypress", "Elder"),
    *("Fern", "Foxglove", "Gentian", "Hawthorn", "Hazel", "Heather", "Hemlock", "Hickory", "Holly", "Iris", "Ivy"),
    *("Juniper", "Larch", "Laurel", "Lavender", "Lilac", "Linden", "Lupine", "Magnolia", "Mallow", "Maple"),
    *("Myrtle", "Oak", "Pine", "Poplar", "Primrose", "Rowan", "Sage", "Sorrel", "Spruce", "Sumac", "Tansy"),
    *("Thistle", "Thyme", "Verbena", "Violet", "Walnut", "Willow", "Yarrow"),
)

KINDS = (
    *("Nursing Home", "Nursing and Rehabilitation Center", "Center for Nursing and Rehabilitation"),
    *("Rehabilitation and Nursing Center", "Health Care Center", "Residential Health Care Facility"),
    *("Care Center", "Skilled Nursing Facility", "Rehabilitation and Health Care Center", "Extended Care Facility"),
)

GROUPS = ("Care Group", "Healthcare Management", "Senior Care Holdings", "Health Partners", "Care Network")

STRANGERS = (
    *("Memorial Hospital", "General Hospital", "Medical Center", "Assisted Living", "Senior Apartments"),
    *("Healthcare Staffing", "Nurse Staffing Partners", "Home Care Agency", "Hospice", "Adult Day Services"),
    *("Dialysis Clinic", "Family Health Clinic", "Pharmacy Services"),
)

GIVEN_NAMES = (
    *("Ada", "Amir", "Beatriz", "Cal", "Dana", "Ebony", "Farid", "Greta", "Hugo", "Imani", "Jonas", "Keiko", "Lena"),
    *("Marta", "Nadia", "Omar", "Priya", "Ravi", "Sonia", "Tomas", "Ursula", "Viktor", "Wanda", "Yusuf"),
)

STREETS = ("Main Street", "Park Avenue", "Church Street", "River Road", "Hill Road", "Lake Avenue", "Union Street")


@dataclass(frozen=True, slots=True)
class Town:
    """A real place for invented facilities."""

    name: str
    zip: str
    county: str
    area_code: str
    weight: int


TOWNS = (
    Town("Brooklyn", "11215", "Kings", "718", 40),
    Town("Bronx", "10463", "Bronx", "718", 41),
    Town("New York", "10025", "New York", "212", 14),
    Town("Flushing", "11354", "Queens", "718", 12),
    Town("Jamaica", "11432", "Queens", "718", 8),
    Town("Far Rockaway", "11691", "Queens", "718", 10),
    Town("Forest Hills", "11375", "Queens", "718", 4),
    Town("Staten Island", "10301", "Richmond", "718", 10),
    Town("Rochester", "14620", "Monroe", "585", 26),
    Town("Fairport", "14450", "Monroe", "585", 4),
    Town("Buffalo", "14209", "Erie", "716", 12),
    Town("Williamsville", "14221", "Erie", "716", 7),
    Town("Lancaster", "14086", "Erie", "716", 4),
    Town("Niagara Falls", "14301", "Niagara", "716", 4),
    Town("Lockport", "14094", "Niagara", "716", 4),
    Town("Jamestown", "14701", "Chautauqua", "716", 5),
    Town("Olean", "14760", "Cattaraugus", "716", 3),
    Town("Batavia", "14020", "Genesee", "585", 3),
    Town("Canandaigua", "14424", "Ontario", "585", 4),
    Town("Geneva", "14456", "Ontario", "315", 3),
    Town("Syracuse", "13210", "Onondaga", "315", 11),
    Town("Auburn", "13021", "Cayuga", "315", 4),
    Town("Oswego", "13126", "Oswego", "315", 4),
    Town("Watertown", "13601", "Jefferson", "315", 4),
    Town("Ogdensburg", "13669", "St. Lawrence", "315", 3),
    Town("Utica", "13501", "Oneida", "315", 8),
    Town("Rome", "13440", "Oneida", "315", 5),
    Town("Ithaca", "14850", "Tompkins", "607", 5),
    Town("Elmira", "14901", "Chemung", "607", 5),
    Town("Corning", "14830", "Steuben", "607", 3),
    Town("Binghamton", "13901", "Broome", "607", 6),
    Town("Cortland", "13045", "Cortland", "607", 4),
    Town("Oneonta", "13820", "Otsego", "607", 3),
    Town("Albany", "12208", "Albany", "518", 8),
    Town("Troy", "12180", "Rensselaer", "518", 6),
    Town("Schenectady", "12304", "Schenectady", "518", 5),
    Town("Saratoga Springs", "12866", "Saratoga", "518", 4),
    Town("Glens Falls", "12801", "Warren", "518", 4),
    Town("Plattsburgh", "12901", "Clinton", "518", 4),
    Town("Amsterdam", "12010", "Montgomery", "518", 4),
    Town("Hudson", "12534", "Columbia", "518", 3),
    Town("Kingston", "12401", "Ulster", "845", 5),
    Town("New Paltz", "12561", "Ulster", "845", 3),
    Town("Poughkeepsie", "12601", "Dutchess", "845", 6),
    Town("Middletown", "10940", "Orange", "845", 5),
    Town("Newburgh", "12550", "Orange", "845", 5),
    Town("Nyack", "10960", "Rockland", "845", 4),
    Town("Yonkers", "10701", "Westchester", "914", 8),
    Town("New Rochelle", "10801", "Westchester", "914", 7),
    Town("White Plains", "10601", "Westchester", "914", 6),
    Town("Ossining", "10562", "Westchester", "914", 4),
    Town("Hempstead", "11550", "Nassau", "516", 7),
    Town("Long Beach", "11561", "Nassau", "516", 6),
    Town("Glen Cove", "11542", "Nassau", "516", 5),
    Town("Great Neck", "11021", "Nassau", "516", 4),
    Town("Huntington", "11743", "Suffolk", "631", 7),
    Town("Bay Shore", "11706", "Suffolk", "631", 6),
    Town("Patchogue", "11772", "Suffolk", "631", 6),
    Town("Riverhead", "11901", "Suffolk", "631", 5),
    Town("Smithtown", "11787", "Suffolk", "631", 5),
)


def places(rng: Random) -> list[str]:
    """All invented places in a seeded order; their first syllables differ, so that a typo never gives another place."""
    words = [onset + core + rng.choice(_ENDS) for onset in _ONSETS for core in _CORES]
    rng.shuffle(words)
    return words


def weighted(rng: Random, choices: Sequence[tuple[str, float]]) -> str:
    """One of the choices, drawn by weight."""
    return rng.choices([value for value, _ in choices], [weight for _, weight in choices])[0]


def phone(rng: Random, area_code: str) -> str:
    """A number of the range that is reserved for fiction, 555-0100 to 555-0199."""
    return f"{area_code}55501{rng.randrange(100):02d}"
