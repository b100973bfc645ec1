"""Which person, facility, chain or domain do the arguments of a command name?"""

from __future__ import annotations

from cli.client.connection import ask
from shared.contracts.sequencer import Roles


def target_of(
    who: str | None, role: str | None, name: str | None, facility: str | None, chain: str | None, domain: str | None
) -> dict[str, str]:
    """The target that the arguments name; raises `ValueError` with what to write instead."""
    given = {"facility": facility, "chain": chain, "domain": domain}
    named = {key: value for key, value in given.items() if value}
    if len(named) + bool(who) != 1:
        raise ValueError(
            "Name one target: 335001 don, ada@example.com, --facility 335001, --chain NAME or --domain NAME."
        )
    if name and (who is None or role is None):
        raise ValueError(f"{name}: a name goes with a facility and a role, as in 335001 don --name {name!r}.")
    if who is None:
        if role:
            raise ValueError(f"{role}: a role goes with a facility, as in 335001 {role}.")
        return named
    if "@" in who:
        if role:
            raise ValueError(f"{who} is one person already; omit {role}.")
        return {"email": who}
    if role is None:
        known = ", ".join(each.role for each in ask(Roles()))
        raise ValueError(f"Who at {who}? Add a role ({known}); for everyone there: --facility {who}.")
    return {"facility_id": who, "role": role, **({"name": name} if name else {})}
