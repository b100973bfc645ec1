"""Where do people reach the console, and by which one-time links?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.stack import stackfile
from shared.contracts.console import AddUser, NewLink, Role, Users
from shared.contracts.keys import hash_of, new_key
from shared.contracts.services import port_of

if TYPE_CHECKING:
    from shared.contracts.console import StoredLink
    from shared.messaging.broker import Broker


def address(public_url: str | None = None) -> str:
    """The public address of the console, or that of the stack on this machine."""
    port = stackfile.http_port("console") or port_of("console")
    return (public_url or f"http://127.0.0.1:{port}").rstrip("/")


def address_of(stored: StoredLink, token: str) -> str:
    """A one-time link; the console stores only the hash of its token."""
    return f"{address(stored.public_url)}/welcome?token={token}"


async def invented_people(broker: Broker, actor: str, rep: str, rep_name: str) -> dict[str, str]:
    """Links that sign in an invented rep, manager and operator of a simulation, by role."""
    people: dict[str, tuple[str, Role, str | None, str]] = {
        "rep": (rep, "rep", rep, rep_name),
        "manager": ("helen", "manager", None, "Helen Zandergarth"),
        "operations": ("priya", "operations", None, "Priya Quennfield"),
    }
    known = {user.name for user in await broker.ask(Users())}
    links = {}
    for title, (name, role, own, full_name) in people.items():
        token = new_key()
        given: dict[str, Any] = {"name": name, "link_hash": hash_of(token), "purpose": "sign_in", "actor": actor}
        add = AddUser(role=role, rep=own, full_name=full_name, **given)
        links[title] = address_of(await broker.ask(NewLink(**given) if name in known else add), token)
    return links
