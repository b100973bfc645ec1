"""Which scheme does a request contain?"""

from __future__ import annotations

from engines.packs import PackInvalid
from engines.scoring.pack import Scheme, scheme_from
from shared.contracts import schemes as contract
from shared.contracts.refusals import Refused


def scheme_of(given: contract.Scheme) -> Scheme:
    """Raises `Refused` for an invalid scheme."""
    try:
        return scheme_from(given.pack, given.model, given.policy)
    except PackInvalid as invalid:
        raise Refused(str(invalid)) from invalid
