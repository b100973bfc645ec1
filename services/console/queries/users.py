"""Which users are there?"""

from __future__ import annotations

from services.console.usecases import managing_users
from shared.contracts.console import UserRow, Users
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def users(request: Users, tx: Tx) -> list[UserRow]:
    return await managing_users.everyone(tx)
