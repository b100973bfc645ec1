"""What happened, in a sentence for each kind of event?"""

from __future__ import annotations

from collections.abc import Mapping

from services.console.usecases.describing import signals, work
from services.console.usecases.describing.words import Data, Describe, Names, Phrase


def describe(subject: str, data: Data, names: Names) -> Phrase:
    """An event in words; one that has none is described by its subject."""
    description = DESCRIPTIONS.get("dead" if subject.startswith("dead.") else subject)
    return description(data, names) if description else Phrase("activity", subject)


DESCRIPTIONS: Mapping[str, Describe] = {
    "posting.seen": signals.posting_seen,
    "posting.closed": signals.posting_closed,
    "facility.listed": signals.listed,
    "facility.delisted": signals.delisted,
    "facility.assessed": signals.assessed,
    "facility.matched": signals.matched,
    "signal.expired": signals.expired,
    "posting.unmatched": signals.unmatched,
    "posting.resolved": signals.resolved,
    "signal.dismissed": signals.dismissed,
    "alias.learned": signals.alias,
    "score.changed": signals.scored,
    "tiers.calibrated": signals.calibrated,
    "pack.published": signals.published,
    "lead.raised": work.lead_raised,
    "lead.moved": work.lead_moved,
    "lead.changed": work.lead_changed,
    "lead.reopened": work.lead_reopened,
    "lead.met": work.outcome("Meeting", " agreed {by}"),
    "lead.won": work.outcome("Won", " {by}"),
    "lead.lost": work.outcome("Lost", ", says {name}"),
    "lead.outcome_undone": work.outcome_undone,
    "account.moved": work.account_moved,
    "note.added": work.note,
    "note.removed": work.note_removed,
    "contact.changed": work.contact,
    "enrollment.started": work.started,
    "enrollment.blocked": work.blocked,
    "enrollment.paused": work.paused,
    "enrollment.ended": work.ended,
    "task.due": work.due,
    "task.changed": work.task_changed,
    "task.reopened": work.task_reopened,
    "task.moved": work.task_moved,
    "task.done": work.task_done,
    "touch.logged": work.touch,
    "sla.breached": work.breached,
    "engagement.recorded": work.engaged,
    "rep.changed": work.rep,
    "rep.away": work.away,
    "rep.back": work.back,
    "suppression.changed": work.suppressed,
    "address_suppression.changed": work.suppressed,
    "email.drafted": work.drafted,
    "email.discarded": work.discarded,
    "email.sent": work.sent,
    "email.replied": work.plain("mail", "A reply", " came to an e-mail"),
    "email.bounced": work.bounced,
    "email.complained": work.plain("ban", "The recipient", " reported the e-mail as spam"),
    "email.unsubscribed": work.plain("ban", "The recipient", " wants no more e-mail"),
    "email.auto_replied": work.auto_replied,
    "crm.changed": work.changed_there,
    "crm.refused": work.refused_there,
    "delivery.failed": work.undelivered,
    "dead": work.dead,
}
"""By the subject of the event."""
