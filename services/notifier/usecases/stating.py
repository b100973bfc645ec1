"""Which address or domain does a request name, and which suppressions apply to it?"""

from __future__ import annotations

from typing import TypeVar

from engines.datasets.emails import address_of, domain_of
from engines.suppression.changes import Cause, NoTarget, Stated, key_of
from engines.suppression.marks import domain_marks, recipient_marks
from engines.suppression.statements import Suppression
from services.notifier.domain.suppressing import OWN_SCOPES, of_address, of_domain
from services.notifier.store import suppressions as store
from services.notifier.usecases import suppressing
from shared.contracts import requests
from shared.contracts.notifier_suppressions import AddressOrDomain, AddSuppression, LiftSuppression
from shared.contracts.refusals import Refused
from shared.storage.database import Tx

R = TypeVar("R", bound=AddressOrDomain)


async def named(request: R, tx: Tx) -> R:
    """The request with the address or the domain of the suppression that it names; refuses an unknown one."""
    if request.suppression_id is None:
        return request
    found = (await store.with_ids(tx, [request.suppression_id])).get(request.suppression_id)
    if found is None or found.scope not in OWN_SCOPES:
        raise Refused("There is no such suppression of an address or a domain.", 404)
    return request.model_copy(update={"email" if found.scope == "address" else "domain": found.target})


def stated(request: AddSuppression | LiftSuppression, tx: Tx) -> Stated:
    """The statement of a person; raises `Refused` for a text that is no address or domain."""
    cause = Cause(request.reason, request.source, tx.actor, tx.today)
    try:
        if request.email is not None:
            return of_address(request.email, cause)
        return of_domain(request.domain or "", request.channels, cause)
    except NoTarget as error:
        raise Refused(str(error)) from error


async def current(request: AddSuppression | LiftSuppression, stated: Stated, tx: Tx) -> Suppression | None:
    """The suppression that a statement is about; refuses a sender who had seen another version of it."""
    known = (await suppressing.existing(tx, [stated])).get(key_of(stated))
    requests.refuse_outdated(request, known.version if known else 0, str(known or "nothing is recorded."))
    return known


async def matching(request: AddressOrDomain, tx: Tx) -> list[Suppression]:
    """The suppressions that apply to an address or a domain, and those that were lifted; raises `Refused`."""
    return await store.matching(tx, _marks(request))


async def in_force(request: AddressOrDomain, tx: Tx) -> list[Suppression]:
    return [each for each in await matching(request, tx) if not each.lifted]


def _marks(request: AddressOrDomain) -> list[str]:
    if request.email is not None:
        if address_of(request.email) is None:
            raise Refused(f"{request.email!r} is not an e-mail address; write it like ada@example.com.")
        return recipient_marks(request.email)
    domain = domain_of(request.domain or "")
    if domain is None:
        raise Refused(f"{request.domain!r} is not a domain; write it like example.com.")
    return domain_marks(f"anyone@{domain}")
