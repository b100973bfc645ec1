"""What may people ask about schemes: what would another one change, and shall it come into force?"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from engines.scoring.comparing import compare
from engines.scoring.pack import Scheme, scheme_from
from services.scorer.publishing import put_in_force
from services.scorer.store import calibrations, inputs, models, scores
from shared.contracts.limits import Name, ShortText
from shared.contracts.refusals import Refused
from shared.contracts.requests import Nothing, Request
from shared.packs import PackInvalid
from shared.service import Router
from shared.storage.database import Tx

router = Router()


class SchemeRequest(Request):
    """A scheme as the two files of a pack hold it, under the hash of the whole pack."""

    pack: Annotated[ShortText, Field(min_length=1, max_length=64)]
    model: dict[str, Any]
    policy: dict[str, Any]


class WhatIfRequest(SchemeRequest):
    """A scheme to try, and the one that it is compared with: the one in force unless another is given."""

    instead_of: SchemeRequest | None = None


class PublishRequest(SchemeRequest):
    """A scheme that is to come into force, and who says so."""

    by: Name


class PublicationsRequest(Request):
    """How many of the latest publications."""

    limit: int = Field(default=20, ge=1, le=500)


@router.ask("what_if")
async def what_if(request: WhatIfRequest, tx: Tx) -> dict[str, Any]:
    """Scores and calibrates the listed cohort by another scheme, and says who would cross; changes nothing."""
    other = _scheme(request.instead_of) if request.instead_of else await models.in_force(tx)
    new = _scheme(request)
    facility_ids = [one.facility_id for one in await calibrations.cohort(tx)]
    fields, depth = {*other.model.fields, *new.model.fields}, max(other.model.depth, new.model.depth)
    cohort = await inputs.inputs(tx, facility_ids, sorted(fields), depth)
    compared = compare(cohort, other, new, await calibrations.latest(tx), tx.today)
    names = await scores.names(tx, [one.facility_id for one in compared.crossings])
    return {"on": tx.today, "comparison": compared, "names": names}


@router.ask("scheme")
async def scheme_in_force(request: Nothing, tx: Tx) -> dict[str, Any]:
    """The scheme in force, in the form in which another one is tried and published."""
    scheme = await models.in_force(tx)
    return {"pack": scheme.pack, "model": scheme.model, "policy": scheme.policy}


@router.ask("publish")
async def publish(request: PublishRequest, tx: Tx) -> dict[str, Any]:
    """Puts a scheme in force: an event, a record, and every score made anew by it."""
    await scores.hold_everything(tx)
    scheme, before = _scheme(request), await models.in_force(tx)
    if scheme.pack == before.pack:
        return {"pack": scheme.pack, "before": before.pack, "published": False}
    await put_in_force(tx, scheme, request.by)
    return {"pack": scheme.pack, "before": before.pack, "published": True}


@router.ask("publications")
async def publications(request: PublicationsRequest, tx: Tx) -> list[dict[str, Any]]:
    """The schemes as they came into force, newest first."""
    return await models.publications(tx, request.limit)


def _scheme(said: SchemeRequest) -> Scheme:
    try:
        return scheme_from(said.pack, said.model, said.policy)
    except PackInvalid as invalid:
        raise Refused(str(invalid)) from invalid
