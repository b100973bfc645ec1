"""Which CRM are records exchanged with?"""

from __future__ import annotations

from services.courier import settings
from services.courier.store import crm as store
from services.courier.usecases import comparing
from services.courier.usecases.asking import lacking
from services.courier.usecases.crm import begin, wake
from shared.contracts.courier_crm import CompareCrm, SetUpCrm, SyncCrm
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def set_up_crm(request: SetUpCrm, tx: Tx) -> None:
    missing, system, crm = lacking(), settings.deployed().crm, settings.crm_map()
    if missing or not system or crm is None:
        raise Refused(" ".join(missing), 409)
    await begin(tx, system, crm)


@router.command
async def sync_crm(request: SyncCrm, tx: Tx) -> int:
    system = await _in_use(tx)
    found = await store.look_at_all(tx, system)
    await wake(tx)
    return found


@router.command
async def compare_crm(request: CompareCrm, tx: Tx) -> None:
    await comparing.begin(tx, await _in_use(tx), request.apply)


async def _in_use(tx: Tx) -> str:
    system = settings.deployed().crm
    if not await store.lanes(tx, system):
        raise Refused("No CRM was set up; `pipeline crm setup` does it.", 409)
    return system
