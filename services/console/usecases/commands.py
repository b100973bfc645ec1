"""Which commands can people give on pages, what do they need for it, and what does the page state when it is done?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from services.console import settings
from services.console.rendering.filters import plural
from shared.contracts import kernel as k
from shared.contracts import matcher as m
from shared.contracts import notifier_sending as ns
from shared.contracts import notifier_suppressions as sup
from shared.contracts import sequencer as s
from shared.contracts import sequencer_accounts as sa
from shared.contracts import sequencer_contacts as sc
from shared.contracts import sequencer_enrollments as se
from shared.contracts import sequencer_leads as sl
from shared.contracts import sequencer_replies as sq
from shared.contracts import sequencer_reps as sr
from shared.contracts import sequencer_sequences as ss
from shared.contracts import sequencer_touches as st
from shared.contracts.console_rebuilding import Rebuild, RebuildProgress
from shared.contracts.ingest import RemoveSource
from shared.contracts.requests import Command
from shared.contracts.sequencer_engagement import RemoveReporter

Owner = Literal["", "task", "account", "draft", "drafts", "rep"]
"""By what a command belongs to a person: its task, its account, its draft, or the rep that it names."""
Wording = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Ordered:
    """A command that people can give."""

    action: str
    """The action of `PERMISSIONS`."""
    command: type[Command[Any]]
    target: str
    """The field that `target` in a form fills."""
    wording: Wording
    """What the page states when it is done, given the reply."""
    owner: Owner = ""
    undo: str = ""
    """The command that undoes it, with the same target."""
    every_service: bool = False
    """The form names the service that does it."""


def _of_task(done: str) -> Wording:
    def worded(reply: st.RecordedTask) -> str:
        about = ", ".join(filter(None, (reply.person, reply.facility)))
        named = reply.title or done
        return " ".join(filter(None, (f"{named[:1].upper()}{named[1:]}: {about or 'the task'}.", *reply.followed)))

    return worded


def _plainly(text: str) -> Wording:
    return lambda reply: text


def _of_contact(reply: sc.AddedContact) -> str:
    return "The contact is stored, and the research is done." if reply.ended else "The contact is stored."


def _of_postings(text: str) -> Wording:
    def worded(reply: m.Resolution) -> str:
        changed = reply.matched + reply.dismissed + reply.ignored or reply.queued
        return f"{text}: {changed} {'posting' if changed == 1 else 'postings'}."

    return worded


def _sent_off(reply: list[ns.SentOff]) -> str:
    leaving = [each for each in reply if each.refused is None]
    refused = [each.refused for each in reply if each.refused]
    text = "1 letter leaves" if len(leaving) == 1 else f"{len(leaving)} letters leave"
    return " ".join([f"{text} in 10 seconds.", *(f"Not sent: {why}" for why in dict.fromkeys(refused))])


def _moved(reply: sl.ChangedLead) -> str:
    stage = settings.stage_labels().get(reply.stage, reply.stage)
    return f"{reply.facility_display_name or reply.facility or reply.facility_id}: {stage}."


def _given(reply: sa.GivenAccounts) -> str:
    return f"{reply.rep} has {len(reply.accounts)} more, with {reply.tasks} tasks."


def _migrated(reply: ss.Migration) -> str:
    stay = sum(each.why_not is not None for each in reply.moves)
    going = "1 enrollment goes" if reply.moved == 1 else f"{reply.moved} enrollments go"
    text = f"{going} on in the version of the pack."
    return f"{text} {stay} cannot." if stay else text


def _left(reply: sr.ChangedLeave) -> str:
    leave = reply.leave
    return f"{leave.rep} is away from {leave.from_on} to {leave.to_on}; {len(reply.tasks)} tasks changed."


def _marked(reply: st.Bookmarked) -> str:
    return "Marked." if reply.changed else "Nothing changed."


def _ran(reply: k.JobsRan) -> str:
    return f"Ran: {', '.join(reply.ran) or 'nothing'}."


def _stopped(reply: sq.StoppedContact) -> str:
    if not reply.changed:
        return "That was recorded already."
    counts = ((len(reply.tasks), "task skipped", "tasks skipped"), (len(reply.enrollments), "run ended", "runs ended"))
    ended = ", ".join(plural(*each) for each in counts if each[0])
    texts = (f"Not contacted any more: {reply.suppression.label}.", ended and f"{ended}.", reply.note)
    return " ".join(filter(None, texts))


def _withdrawn(reply: sup.SuppressedAddress) -> str:
    if not reply.changed:
        return "That was recorded already."
    ended = f" {plural(reply.withdrawn, 'draft')} withdrawn." if reply.withdrawn else ""
    return f"Not contacted any more: {reply.suppression.label}.{ended}"


def _lifted(reply: sq.AllowedContact | sup.LiftedAddress) -> str:
    done = "The suppression is lifted." if reply.changed else "It was lifted already."
    still = ", ".join(dict.fromkeys(each.label for each in reply.still))
    return f"{done} Still suppressed: {still}." if still else done


TASKS = {
    "complete_task": Ordered("touches", st.CompleteTask, "task_id", _of_task("Done"), "task", "undo_task"),
    "log_touch": Ordered("touches", st.LogTouch, "facility_id", _of_task("Logged"), "account", "undo_task"),
    "skip_task": Ordered("touches", st.SkipTask, "task_id", _of_task("Skipped"), "task", "undo_task"),
    "move_task": Ordered("touches", st.MoveTask, "task_id", _of_task("Snoozed"), "task", "undo_task"),
    "undo_task": Ordered("touches", st.UndoTask, "task_id", _of_task("Taken back"), "task"),
    "add_note": Ordered("touches", sl.AddNote, "facility_id", _plainly("Noted."), "account"),
    "bookmark": Ordered("touches", st.Bookmark, "facility_id", _marked, "account"),
    "reassign_task": Ordered("schedules", st.ReassignTask, "task_id", _of_task("Reassigned"), "task"),
    "pause_enrollment": Ordered(
        "schedules", se.PauseEnrollment, "facility_id", _plainly("It waits."), undo="resume_enrollment"
    ),
    "resume_enrollment": Ordered("schedules", se.ResumeEnrollment, "facility_id", _plainly("It goes on.")),
    "stop_enrollment": Ordered("schedules", se.StopEnrollment, "facility_id", _plainly("It has ended.")),
    "migrate_sequence": Ordered("schedules", ss.MigrateSequence, "name", _migrated),
    "assign_account": Ordered("schedules", sa.AssignAccount, "facility_id", _given),
    "record_leave": Ordered("leave", sr.RecordLeave, "rep", _left, "rep"),
    "end_leave": Ordered("leave", sr.EndLeave, "rep", _plainly("The leave has ended."), "rep"),
}
LEADS = {
    "move_lead": Ordered("leads", sl.MoveLead, "facility_id", _moved, "account"),
    "fill_intake": Ordered("leads", sl.FillIntake, "facility_id", _plainly("The intake form is stored."), "account"),
    "state_amount": Ordered("leads", sl.StateAmount, "facility_id", _plainly("The amount is stored."), "account"),
    "reopen_lead": Ordered("leads", sl.ReopenLead, "facility_id", _moved, "account"),
    "record_outcome": Ordered(
        "leads", sl.RecordOutcome, "facility_id", _plainly("The outcome is recorded."), "account", "undo_outcome"
    ),
    "undo_outcome": Ordered("leads", sl.UndoOutcome, "facility_id", _plainly("It is as before."), "account"),
    "add_contact": Ordered("leads", sc.AddContact, "facility_id", _of_contact, "account"),
    "record_departure": Ordered(
        "leads", sc.RecordDeparture, "facility_id", _plainly("The departure is recorded."), "account"
    ),
}
INBOX = {
    "accept_group": Ordered("inbox", m.AcceptGroup, "key", _of_postings("Accepted"), undo="undo_decision"),
    "reject_group": Ordered("inbox", m.RejectGroup, "key", _of_postings("Set aside"), undo="undo_decision"),
    "undo_decision": Ordered("inbox", m.UndoDecision, "key", _of_postings("Taken back")),
    "judge_match": Ordered("inbox", m.JudgeMatch, "key", _plainly("The judgment is stored.")),
}
LETTERS = {
    "send_drafts": Ordered("drafts", ns.SendDrafts, "drafts", _sent_off, "drafts", "unsend_draft"),
    "unsend_draft": Ordered("drafts", ns.UnsendDraft, "draft_id", _plainly("Taken back, not sent."), "draft"),
    "edit_draft": Ordered("drafts", ns.EditDraft, "draft_id", _plainly("The letter is stored."), "draft"),
    "discard_draft": Ordered("drafts", ns.DiscardDraft, "draft_id", _plainly("Discarded."), "draft"),
    "resolve_draft": Ordered("drafts", ns.ResolveDraft, "draft_id", _plainly("That is recorded."), "draft"),
}
SUPPRESSIONS = {
    "stop_contact": Ordered("suppressions", s.StopContact, "facility", _stopped),
    "allow_contact": Ordered("lifting", s.AllowContact, "suppression_id", _lifted),
    "add_suppression": Ordered("suppressions", sup.AddSuppression, "email", _withdrawn),
    "lift_suppression": Ordered("lifting", sup.LiftSuppression, "suppression_id", _lifted),
}


def _rebuilds(reply: RebuildProgress) -> str:
    return f"The read models are being built anew, in {reply.steps:,} steps."


def _resumed(reply: ns.Resumed) -> str:
    return f"Letters leave again; {reply.letters:,} have waited."


KEY_ENDED = _plainly("The key no longer works.")
OPERATIONS = {
    "rebuild": Ordered("administration", Rebuild, "", _rebuilds),
    "resume_sending": Ordered("administration", ns.ResumeSending, "", _resumed),
    "end_source_key": Ordered("administration", RemoveSource, "name", KEY_ENDED),
    "end_reconciliation_key": Ordered("administration", m.RemoveKey, "name", KEY_ENDED),
    "end_engagement_key": Ordered("administration", RemoveReporter, "name", KEY_ENDED),
    "run_job": Ordered("administration", k.RunJob, "job", _ran, every_service=True),
    "retry_dead_letter": Ordered(
        "administration", k.RetryDeadLetter, "dead_no", _plainly("It was processed."), every_service=True
    ),
    "discard_dead_letter": Ordered(
        "administration", k.DiscardDeadLetter, "dead_no", _plainly("It is discarded."), every_service=True
    ),
}
COMMANDS: dict[str, Ordered] = {**TASKS, **LEADS, **INBOX, **LETTERS, **SUPPRESSIONS, **OPERATIONS}
"""By the name in `/do/NAME`."""
