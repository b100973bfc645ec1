"""What follows when a person takes a name away from a facility, or gives it back?"""

from __future__ import annotations

from typing import Any

from engines.datasets.text import one_line
from services.matcher.domain.directory import Employer
from services.matcher.settings import NOWHERE
from services.matcher.store import directory as store
from services.matcher.store import inbox as inbox_store
from services.matcher.usecases.directory import directory_of
from services.matcher.usecases.outcomes import settle_anew
from shared.contracts.matcher import RestoreName, WithdrawName
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.ask("withdraw_name")
async def withdraw_name(request: WithdrawName, tx: Tx) -> dict[str, Any]:
    """What was matched by the name is decided anew; the registry's saying it again does not bring it back."""
    return await _change(request, tx, request.by)


@router.ask("restore_name")
async def restore_name(request: RestoreName, tx: Tx) -> dict[str, Any]:
    return await _change(request, tx, None)


async def _change(request: WithdrawName | RestoreName, tx: Tx, by: str | None) -> dict[str, Any]:
    facility = (await directory_of(tx)).facilities.get(request.facility_id)
    if not facility:
        raise Refused(f"No facility {request.facility_id} was ever listed.", code=404)
    known = {each["name"] for each in await store.names_of(tx, request.facility_id) if each["provenance"] != "person"}
    # What was kept before texts were read where they enter may hold what nobody sees.
    name = next((each for each in known if one_line(each) == request.name), None)
    if not name or name == facility.name:
        raise Refused(
            f"{request.name!r} is no further name of {request.facility_id} from a file or by a rule; `pipeline alias"
            " list` shows them. What a person accepted is taken back with `pipeline inbox undo KEY`.",
            code=404,
        )
    await tx.lock("state", {NOWHERE, facility.state})
    committed = await directory_of(tx)
    if not await store.withdraw_name(tx, request.facility_id, name, by):
        return {"facility_id": request.facility_id, "changed": 0}
    await store.touch_facilities(tx, [request.facility_id], await store.raise_version(tx))
    about = Employer(name, facility.city, facility.state)
    await inbox_store.log_decision(
        tx, "withdraw" if by else "restore", "", about, request.by, facility_id=request.facility_id
    )
    return {"facility_id": request.facility_id, "changed": len(await settle_anew(tx, committed, [request.facility_id]))}
