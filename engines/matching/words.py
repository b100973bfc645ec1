"""What does a word say: how much it tells, and of which trade it speaks?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from engines.matching import HERE

RARE: Final = 850
"""What a word tells that stands in hardly any name; in hundredths of a nat, as -log of the share of facilities that
bear it. Whole numbers, because their sum does not depend on the order in which a set gives its words."""

GENERIC: Final = frozenset(
    """nursing home rehabilitation center care health healthcare facility residential residence skilled living extended
    service system medical subacute acute long term operating operation operator acquisition holding group adult therapy
    therapeutic community senior convalescent hospital unit snf house management wellness specialty associate
    association post transitional retirement rehab nurse enterprise propco opco op opc nh consulting
    inpatient department dept licensed assisted restorative recovery complex memory""".split()
)
"""They tell no two facilities apart."""

OWN_TRADE: Final = frozenset("nursing skilled snf rehabilitation subacute convalescent tcu ltc rhcf nh".split())
"""Said by facilities of themselves."""
FOREIGN: Final = {
    "assisted": frozenset("assisted al alf alr memory independent alzheimer retirement rcf pch".split()),
    "senior": frozenset("senior elder villa residence personal residential".split()),
    "at_home": frozenset("hospice homecare chha lthhcp visiting vna agency adhcp adhc day".split()),
    "clinic": frozenset(
        """clinic dialysis imaging surgery surgical ambulatory school pediatric dental physician medicine pharmacy
        ambulance urgent primary diagnostic treatment family planning ps elementary behavioral women cancer radiology
        outpatient mental extension division orthopedic practice""".split()
    ),
    "business": frozenset("staffing talent recruiting recruitment solution partner consulting agency".split()),
}
"""Another kind of care, often under the same roof and name, by kind."""

ANY_FOREIGN: Final = frozenset().union(*FOREIGN.values())

FRAMES: Final = frozenset(
    """street saint avenue road boulevard drive lane way court place highway parkway circle route terrace pike suite
    hwy dr ln ct pl pkwy cir rt rte pi n s e w north south east west st rd ave blvd""".split()
)
"""Words of an address that every second address has."""

MARKS: Final = frozenset("north south east west northwest southwest northeast southeast upper lower central".split())


WEIGHTS: Final[dict[str, int]] = json.loads((HERE / "fitted" / "words.json").read_text(encoding="utf-8"))
"""What the words tell that stand in many names; any other is `RARE`."""


def weight_of(words: Iterable[str]) -> int:
    total = 0
    for word in words:
        total += WEIGHTS.get(word, RARE)
    return total
