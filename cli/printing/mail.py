"""How is what came back in the mail printed?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from cli.printing import show
from shared.contracts.notifier_mail import IncomingMail, ShownMail

At = Callable[[datetime], str]


def incoming(found: Sequence[IncomingMail], at: At, *, waiting: bool) -> None:
    if not found:
        show.say("No message waits for a person." if waiting else "Nothing has come back.")
        return
    columns = ["id", "received at", "kind", "from", "account", "subject", "state"]
    rows = [
        (
            each.short_id,
            at(each.received_at),
            each.kind,
            each.from_email,
            each.facility_id or "unknown",
            _subject(each),
            each.state,
        )
        for each in found
    ]
    show.table("What came back", columns, rows)
    if any(each.state == "waiting" for each in found):
        show.say("To decide: `pipeline mail show ID`, then `pipeline mail assign ID FACILITY` or `mail resolve ID`.")


def message(mail: ShownMail, at: At) -> None:
    show.say(f"{mail.kind} from {mail.from_email or 'an unknown sender'}, {at(mail.received_at)}: {_subject(mail)}")
    about = f"Account {mail.facility_id}" if mail.facility_id else "No account is known"
    show.say(f"{about}{f', the letter went to {mail.email}' if mail.email else ''}.")
    by = f" by {mail.decided_by}" if mail.decided_by else ""
    show.say(f"State: {mail.state}{by}{f' ({mail.note})' if mail.note else ''}.")
    if mail.text is None:
        show.say(
            f"It is sealed: it seems to contain {mail.sealed}. Read it in the mailbox, from {at(mail.received_at)}."
        )
    else:
        show.say(f"\n{mail.text}")


def _subject(mail: IncomingMail) -> str:
    return "(sealed)" if mail.sealed else mail.subject or ""
