"""Who may get notices, who gets them, in a reply, and what should an operator look at?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from services.courier import settings
from services.courier.domain.recipients import Recipient
from services.courier.store import notices
from services.courier.store import recipients as store
from services.courier.store.notices import Notice
from services.courier.usecases.kinds import PERSONAL_TYPES
from services.courier.usecases.noticing import BY, recipient_of
from shared.contracts import courier_notices as contract
from shared.contracts.events import RepChanged
from shared.storage.database import Tx

CONTACTS: Final = tuple(each for each in PERSONAL_TYPES if each != RepChanged.SUBJECT)
"""The events that name people of accounts."""


async def strangers(tx: Tx, addresses: Mapping[str, int]) -> dict[str, str]:
    """Those of these e-mail addresses that may get no notices, since notices are no outreach, each with the reason.

    An address has the position of the log from which on it is looked for. Those of reps may always.
    """
    team = await store.team_addresses(tx)
    others = {email: after for email, after in addresses.items() if email not in team}
    own = settings.mail_domain()
    outside = {email for email in others if email.rpartition("@")[2] != own}
    within = {email: after for email, after in others.items() if email not in outside}
    contacts = await store.of_contacts(tx, within, CONTACTS) if within else set()
    why = f"is not of the team: it is no rep's, and not in {own}, from which digests are sent"
    return dict.fromkeys(outside, why) | dict.fromkeys(
        contacts, "is the address of a person at an account, who gets no notices"
    )


async def all_described(tx: Tx, names: Collection[str] | None = None) -> list[contract.Recipient]:
    """These recipients, or all of them, each with its last notice."""
    found = await store.find(tx, names)
    last = await notices.last(tx, list(found))
    return [_reply(each, last.get(each.name)) for each in found.values()]


async def described(tx: Tx, name: str) -> contract.Recipient:
    await recipient_of(tx, name)
    [found] = await all_described(tx, [name])
    return found


def _reply(recipient: Recipient, last: Notice | None) -> contract.Recipient:
    return contract.Recipient(**recipient._asdict(), last=shown(last) if last else None)


def shown(notice: Notice) -> contract.Notice:
    values = notice._asdict()
    return contract.Notice(**{name: values[name] for name in contract.Notice.model_fields})


async def warnings(tx: Tx) -> list[str]:
    """The recipients that get nothing any more although no person wanted that."""
    found = await store.find(tx)
    return [f"notices to {each.name}: {each.paused_why}" for each in found.values() if each.paused_by == BY]
