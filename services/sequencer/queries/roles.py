"""Which roles can contacts have?"""

from __future__ import annotations

from dataclasses import asdict

from services.sequencer import settings
from shared.contracts.sequencer import Roles
from shared.contracts.sequencer_replies import RoleRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def roles(request: Roles, tx: Tx) -> list[RoleRow]:
    return [RoleRow(**asdict(role)) for role in settings.roles().roles]
