"""What does a page state when a command is done?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.console import settings
from services.console.rendering.filters import day, plural
from shared.contracts import courier as c
from shared.contracts import courier_notices as cn
from shared.contracts import kernel as k
from shared.contracts import matcher as m
from shared.contracts import notifier_sending as ns
from shared.contracts import notifier_suppressions as sup
from shared.contracts import sequencer_accounts as sa
from shared.contracts import sequencer_contacts as sc
from shared.contracts import sequencer_leads as sl
from shared.contracts import sequencer_replies as sq
from shared.contracts import sequencer_reps as sr
from shared.contracts import sequencer_sequences as ss
from shared.contracts import sequencer_touches as st
from shared.contracts.console_rebuilding import RebuildProgress
from shared.contracts.ingest_sources import FetchesAsked, SourceDetail

NAMED = 2
"""Of several accounts, the first ones by name; the others are counted."""


@dataclass(frozen=True, slots=True)
class About:
    """What a command is about, as people call it."""

    account: str = ""
    reps: Mapping[str, str] = field(default_factory=dict)
    """Names by id."""
    undo: bool = False
    """Whether it takes something back."""

    def rep(self, rep: str) -> str:
        return self.reps.get(rep, rep)


Wording = Callable[[Any, About], str]
"""What the page states, given the reply."""


def several(did: str, done: Sequence[str], refused: Mapping[str, Sequence[str]]) -> str:
    """The answer of a command about several accounts; `refused`: by the reason, the accounts that stay as they were."""
    texts = [f"{did} {len(done)}: {_named(done)}."] if done else []
    texts += [f"Not {did[:1].lower()}{did[1:]}: {_named(names)}. {why}" for why, names in refused.items()]
    return " ".join(texts)


def _named(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return f"{', '.join(names[:NAMED])} and {more} more" if more > 0 else " and ".join(names)


def plainly(text: str) -> Wording:
    return lambda reply, about: text


def of_account(text: str) -> Wording:
    return lambda reply, about: f"{text}: {about.account}."


def of_task(done: str) -> Wording:
    def worded(reply: st.RecordedTask, about: About) -> str:
        named = reply.title or done
        return " ".join(filter(None, (f"{named[:1].upper()}{named[1:]}: {_task(reply)}.", *reply.followed)))

    return worded


def _task(reply: st.RecordedTask) -> str:
    return ", ".join(filter(None, (reply.person, reply.facility))) or "the task"


def skipped(reply: st.RecordedTask, about: About) -> str:
    return f"Skipped: {_task(reply)}."


def snoozed(reply: st.RecordedTask, about: About) -> str:
    return f"Snoozed until {day(reply.due_on, 'week')}: {_task(reply)}."


def reassigned(reply: st.RecordedTask, about: About) -> str:
    return f"{about.rep(reply.rep)} does the touch of {reply.facility or about.account}."


def of_contact(reply: sc.AddedContact, about: About) -> str:
    return "The contact is stored, and the research is done." if reply.ended else "The contact is stored."


def of_postings(text: str) -> Wording:
    def worded(reply: m.Resolution, about: About) -> str:
        changed = reply.matched + reply.dismissed + reply.ignored or reply.queued
        return f"{text}: {changed} {'posting' if changed == 1 else 'postings'}."

    return worded


def sent_off(reply: list[ns.SentOff], about: About) -> str:
    leaving = [each for each in reply if each.refused is None]
    refused = [each.refused for each in reply if each.refused]
    text = "1 letter leaves" if len(leaving) == 1 else f"{len(leaving)} letters leave"
    return " ".join([f"{text} in 10 seconds.", *(f"Not sent: {why}" for why in dict.fromkeys(refused))])


def moved(reply: sl.ChangedLead, about: About) -> str:
    was = f", from {stage(reply.left)}" if reply.left else ""
    text = f"{reply.facility_display_name or reply.facility or about.account}: {stage(reply.stage)}{was}."
    return f"{text} {plural(reply.ended, 'run')} ended; moving it back does not resume that." if reply.ended else text


def moved_back(reply: sl.ChangedLead) -> dict[str, Any] | None:
    """The command that moves a lead back to the stage that it left."""
    if not reply.left:
        return None
    undo = {"command": "move_lead", "target": reply.facility_id, "version": reply.version}
    return {**undo, "label": f"Back to {stage(reply.left)}", "fields": {"stage": reply.left}}


def departed(reply: sc.RecordedDeparture, about: About) -> str:
    if not reply.changed:
        return "That was recorded already."
    return f"{reply.name} {'is still at' if about.undo else 'has left'} {about.account}."


def back_again(reply: sc.RecordedDeparture) -> dict[str, Any] | None:
    """The command that takes a departure back, on the same day."""
    if not reply.changed:
        return None
    return {
        "command": "record_departure",
        "target": reply.facility_id,
        "fields": {"who": reply.name, "undo": "true"},
    }


def stage(name: str) -> str:
    return settings.stage_labels().get(name, name)


def outcome(reply: sl.RecordedOutcome, about: About) -> str:
    return f"{about.account}: {stage(reply.stage)}." if reply.closed_on else f"A meeting is recorded: {about.account}."


def outcome_undone(reply: sl.UndoneOutcome, about: About) -> str:
    return f"{about.account} is as before: {stage(reply.stage)}."


def given(reply: sa.GivenAccounts, about: About) -> str:
    rep = about.rep(reply.rep)
    if not reply.accounts:
        return f"{about.account} is {rep}'s already."
    chain = len(reply.accounts) - 1
    more = f" and {plural(chain, 'account')} of its chain" if chain else ""
    return f"{about.account}{more} went to {rep}, with {plural(reply.tasks, 'open task')}."


def migrated(reply: ss.Migration, about: About) -> str:
    stay = sum(each.why_not is not None for each in reply.moves)
    going = "1 enrollment goes" if reply.moved == 1 else f"{reply.moved} enrollments go"
    text = f"{going} on in the version of the pack."
    return f"{text} {stay} cannot." if stay else text


def away(reply: sr.ChangedLeave, about: About) -> str:
    leave = reply.leave
    text = f"{about.rep(leave.rep)} is away from {day(leave.from_on, 'week')} to {day(leave.to_on, 'week')}."
    if not reply.tasks:
        return text
    touches = plural(len(reply.tasks), "touch", "touches")
    if leave.cover:
        return f"{text} {about.rep(leave.cover)} does {touches} instead."
    return f"{text} {touches} {'waits' if len(reply.tasks) == 1 else 'wait'} until then."


def back(reply: sr.ChangedLeave, about: About) -> str:
    touches = f" {plural(len(reply.tasks), 'touch', 'touches')} came back." if reply.tasks else ""
    return f"The leave of {about.rep(reply.leave.rep)} has ended.{touches}"


def marked(reply: st.Bookmarked, about: About) -> str:
    return "Marked." if reply.changed else "Nothing changed."


def ran(reply: k.JobsRan, about: About) -> str:
    return f"Ran: {', '.join(reply.ran) or 'nothing'}."


def stopped(reply: sq.StoppedContact, about: About) -> str:
    if not reply.changed:
        return "That was recorded already."
    counts = ((len(reply.tasks), "task skipped", "tasks skipped"), (len(reply.enrollments), "run ended", "runs ended"))
    ended = ", ".join(plural(*each) for each in counts if each[0])
    texts = (f"Not contacted any more: {reply.suppression.label}.", ended and f"{ended}.", reply.note)
    return " ".join(filter(None, texts))


def withdrawn(reply: sup.SuppressedAddress, about: About) -> str:
    if not reply.changed:
        return "That was recorded already."
    ended = f" {plural(reply.withdrawn, 'draft')} withdrawn." if reply.withdrawn else ""
    return f"Not contacted any more: {reply.suppression.label}.{ended}"


def lifted(reply: sq.AllowedContact | sup.LiftedAddress, about: About) -> str:
    done = "The suppression is lifted." if reply.changed else "It was lifted already."
    still = ", ".join(dict.fromkeys(each.label for each in reply.still))
    return f"{done} Still suppressed: {still}." if still else done


def fetches(reply: FetchesAsked, about: About) -> str:
    return f"Fetched now: {', '.join(reply.names)}."


def source_changed(reply: SourceDetail, about: About) -> str:
    return f"{'Paused' if reply.state.state == 'paused' else 'Fetched again, now'}: {reply.state.name}."


def rebuilds(reply: RebuildProgress, about: About) -> str:
    return f"The read models are being built anew, in {reply.steps:,} steps."


def resumed(reply: ns.Resumed, about: About) -> str:
    return f"Letters leave again; {reply.letters:,} have waited."


def webhook_stored(reply: c.Webhook, about: About) -> str:
    return f"{reply.name} gets events."


def webhook_paused(reply: c.Webhook, about: About) -> str:
    sending = " Requests are still on their way." if reply.sending else ""
    return f"Nothing more is sent to {reply.name}.{sending}"


def synced(reply: int, about: About) -> str:
    return f"{plural(reply, 'record')} will be read and merged again."


def recipient_stored(reply: cn.Recipient, about: About) -> str:
    return f"Stored: {reply.name} {'stays paused' if reply.paused_at else 'gets notices'}."


def recipient_paused(reply: cn.Recipient, about: About) -> str:
    return f"Nothing more is sent to {reply.name}."


def replayed(reply: c.Replayed, about: About) -> str:
    return f"{plural(reply.events, 'event')} sent anew."
