"""What happens when the command line adds, changes or removes a user?"""

from __future__ import annotations

from services.console.usecases import managing_users
from shared.contracts.console import AddUser, ChangeRole, NewLink, RemoveUser, ReviewUser, StoredLink, UserRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def add_user(request: AddUser, tx: Tx) -> StoredLink:
    return await managing_users.add_user(request, tx)


@router.command
async def new_link(request: NewLink, tx: Tx) -> StoredLink:
    return await managing_users.new_link(request, tx)


@router.command
async def change_role(request: ChangeRole, tx: Tx) -> UserRow:
    return await managing_users.change_role(request, tx)


@router.command
async def review_user(request: ReviewUser, tx: Tx) -> UserRow:
    return await managing_users.review_user(request, tx)


@router.command
async def remove_user(request: RemoveUser, tx: Tx) -> None:
    await managing_users.remove_user(request, tx)
