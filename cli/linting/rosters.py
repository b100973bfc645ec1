"""Does a pack know the roles whose people rosters name?"""

from __future__ import annotations

from collections.abc import Iterator

from cli.linting.sections import Pack
from engines.packs.files import Fault, suggestion


def rosters(pack: Pack) -> Iterator[Fault]:
    fields, contacts = pack.get("fields"), pack.get("contacts")
    if not fields or not contacts:
        return
    for role in fields.rosters.roles:
        if role not in contacts.names:
            problem = f"contacts.yaml has no role {role}"
            yield Fault("fields.yaml", f"rosters.roles.{role}", problem, suggestion(role, contacts.names))
