"""How are letters and other calls outside put in words?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.console import settings
from services.console.rendering.shapes import Tone
from services.console.screens.settings.deliveries.view import Delivery, Outside
from shared.contracts.kernel import ServiceStatus
from shared.contracts.notifier_sending import Delivery as Letter
from shared.contracts.notifier_sending import LetterState

STATES: Mapping[LetterState, tuple[str, Tone]] = {
    "approved": ("waits", "info"),
    "sending": ("with the mail server", "info"),
    "sent": ("left", "ok"),
    "failed": ("not sent", "danger"),
    "unsure": ("may have arrived", "warn"),
}
KINDS = {
    "mail.send": "Letters",
    "mailbox": "Reading the mailbox",
    "wording": "Wording of drafts",
    "rebuild": "Rebuild of the read models",
    "swap_rebuilt": "Rebuild of the read models: swap",
}
"""What services call outside for, by the kind of work."""
ADDRESS = re.compile(r"[^\s<>@\"']+@[^\s<>@\"']+")


def delivery(each: Letter, accounts: Mapping[str, str], names: Mapping[str, str]) -> Delivery:
    state, tone = STATES[each.state]
    waits = each.state in ("approved", "sending")
    return Delivery(
        role=settings.role_labels().get(each.persona or "", each.persona or ""),
        account=accounts.get(each.facility_id, each.facility_id),
        href=f"/facilities/{each.facility_id}",
        state=state,
        tone=tone,
        answer=without_addresses(each.answer or ""),
        tries=each.tries or 0,
        next_try=each.next_try_at if waits else None,
        by=names.get(each.approved_by, each.approved_by),
        approved=each.approved_at,
        sent=each.sent_at,
    )


def without_addresses(text: str) -> str:
    """What a mail server answered; those who look here may not see whom it is about."""
    return ADDRESS.sub("(address)", text)


def outside(service: str, status: ServiceStatus) -> tuple[Outside, ...]:
    return tuple(
        Outside(
            service=service,
            kind=KINDS.get(each.kind, each.kind),
            due=each.due,
            running=each.running,
            waiting=each.waiting,
            failing=each.failing,
            oldest=each.oldest_due,
            error=without_addresses(each.error or ""),
        )
        for each in status.work
    )
