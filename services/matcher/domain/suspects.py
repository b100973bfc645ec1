"""Which of the names that files give facilities are those of somebody else: a bank, a staffing platform, an accountant?

Legal and trading names are filled in by whoever bills, pays or lends. Such a name is still shown as the way to a
candidate, but nothing is accepted on it unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matching.facilities import Facility
from matching.names import key_of, normalise
from matching.words import GENERIC, OWN_TRADE

DOUBTFUL_KINDS = frozenset({"legal", "dba"})
OTHER_TRADES = frozenset(
    """bank staffing accounting accountant payroll cpa pharmacy insurance trust consulting consultant mortgage
    advertising""".split()
)
"""Said by those who bill, pay, lend or hire out; a facility may bear such a word in its own name or city's."""
OF_CARE = GENERIC | OWN_TRADE


class Suspects:
    """Who bears which legal or trading name; a function of the facilities put in, in whichever order."""

    def __init__(self, bearers: Mapping[str, frozenset[str]] | None = None) -> None:
        self._bearers = dict(bearers or {})

    def copied(self) -> Suspects:
        return Suspects(self._bearers)

    def put(self, facility: Facility, before: Facility | None) -> None:
        now = names_of(facility)
        for text in names_of(before) - now if before else ():
            self._bearers[text] -= {facility.ccn}
        for text in now:
            self._bearers[text] = self._bearers.get(text, frozenset()) | {facility.ccn}

    def is_suspect(self, employer_name: str, facility: Facility, facilities: Mapping[str, Facility]) -> bool:
        """Whether the employer bears a name that the facility was given and that is likely somebody else's."""
        text = _text(employer_name)
        bearers = self._bearers.get(text, frozenset())
        if facility.ccn not in bearers or _is_its_own(text, facility):
            return False
        return bool(OTHER_TRADES.intersection(text.split())) or self.is_shared(text, facilities)

    def is_shared(self, text: str, facilities: Mapping[str, Facility]) -> bool:
        """A name that says nothing of care, borne under several owners in several states."""
        if OF_CARE.intersection(text.split()):
            return False
        bearers = [facilities[ccn] for ccn in self._bearers.get(text, ()) if ccn in facilities]
        return len({each.state for each in bearers}) > 1 and len({each.chain or each.ccn for each in bearers}) > 1

    def shared(self, texts: Iterable[str], facilities: Mapping[str, Facility]) -> dict[str, frozenset[str]]:
        """Of these names the shared ones, with the CCNs of all who bear them."""
        return {text: self._bearers[text] for text in texts if self.is_shared(text, facilities)}


def names_of(facility: Facility) -> frozenset[str]:
    """The legal and trading names of a facility, in the shape in which they are compared."""
    return frozenset(filter(None, (_text(other.name) for other in facility.names if other.kind in DOUBTFUL_KINDS)))


def _text(name: str) -> str:
    return key_of(normalise(name))


def _is_its_own(text: str, facility: Facility) -> bool:
    """It shares a telling word with the facility's name or city."""
    own = {*normalise(facility.name).split(), *normalise(facility.city).split()}
    return bool((set(text.split()) - OF_CARE) & own)
