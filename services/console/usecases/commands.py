"""Which commands can people give on pages, what do they need for it, and what does the page state when it is done?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from services.console.usecases import answering as say
from services.console.usecases.answering import Wording
from shared.contracts import courier as c
from shared.contracts import courier_crm as cc
from shared.contracts import courier_notices as cn
from shared.contracts import kernel as k
from shared.contracts import matcher as m
from shared.contracts import notifier_sending as ns
from shared.contracts import notifier_suppressions as sup
from shared.contracts import sequencer as s
from shared.contracts import sequencer_accounts as sa
from shared.contracts import sequencer_contacts as sc
from shared.contracts import sequencer_enrollments as se
from shared.contracts import sequencer_leads as sl
from shared.contracts import sequencer_reps as sr
from shared.contracts import sequencer_sequences as ss
from shared.contracts import sequencer_touches as st
from shared.contracts.console_rebuilding import Rebuild
from shared.contracts.courier_calendars import RemoveCalendar
from shared.contracts.courier_feeds import RemoveFeedKey
from shared.contracts.courier_webhook_keys import RemoveWebhookKey
from shared.contracts.ingest import RemoveSource
from shared.contracts.ingest_datasets import AcceptVintage, CheckDataset, RefuseVintage
from shared.contracts.ingest_sources import ChangeSource, FetchNow, TestSource
from shared.contracts.requests import Command
from shared.contracts.sequencer_engagement import RemoveReporter

Owner = Literal["", "task", "account", "draft", "drafts", "rep"]
"""By what a command belongs to a person: its task, its account, its draft, or the rep that it names."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A command that people can give."""

    action: str
    """The action of `PERMISSIONS`."""
    command: type[Command[Any]]
    target: str
    """The field that `target` in a form fills."""
    wording: Wording
    """What the page states when it is done."""
    owner: Owner = ""
    undo: str = ""
    """The command that undoes it, with the same target."""
    did: str = "Done"
    """What the page states that it did to several targets."""
    every_service: bool = False
    """The form names the service that does it."""


TASKS = {
    "complete_task": Ordered("touches", st.CompleteTask, "task_id", say.of_task("Done"), "task", "undo_task"),
    "log_touch": Ordered("touches", st.LogTouch, "facility_id", say.of_task("Logged"), "account", "undo_task"),
    "skip_task": Ordered("touches", st.SkipTask, "task_id", say.skipped, "task", "undo_task", "Skipped"),
    "move_task": Ordered("touches", st.MoveTask, "task_id", say.snoozed, "task", "undo_task", "Snoozed"),
    "undo_task": Ordered("touches", st.UndoTask, "task_id", say.of_task("Taken back"), "task"),
    "add_note": Ordered("touches", sl.AddNote, "facility_id", say.of_account("Noted"), "account"),
    "bookmark": Ordered("touches", st.Bookmark, "facility_id", say.marked, "account"),
    "reassign_task": Ordered("schedules", st.ReassignTask, "task_id", say.reassigned, "task", did="Reassigned"),
    "pause_enrollment": Ordered(
        "schedules", se.PauseEnrollment, "facility_id", say.of_account("Paused"), undo="resume_enrollment"
    ),
    "resume_enrollment": Ordered("schedules", se.ResumeEnrollment, "facility_id", say.of_account("Resumed")),
    "stop_enrollment": Ordered("schedules", se.StopEnrollment, "facility_id", say.of_account("Stopped"), did="Stopped"),
    "migrate_sequence": Ordered("schedules", ss.MigrateSequence, "name", say.migrated),
    "assign_account": Ordered("schedules", sa.AssignAccount, "facility_id", say.given),
    "record_leave": Ordered("leave", sr.RecordLeave, "rep", say.away, "rep"),
    "end_leave": Ordered("leave", sr.EndLeave, "rep", say.back, "rep"),
}
LEADS = {
    "move_lead": Ordered("leads", sl.MoveLead, "facility_id", say.moved, "account"),
    "fill_intake": Ordered("leads", sl.FillIntake, "facility_id", say.of_account("The form is stored"), "account"),
    "state_amount": Ordered("leads", sl.StateAmount, "facility_id", say.of_account("The amount is stored"), "account"),
    "reopen_lead": Ordered("leads", sl.ReopenLead, "facility_id", say.moved, "account"),
    "record_outcome": Ordered("leads", sl.RecordOutcome, "facility_id", say.outcome, "account", "undo_outcome"),
    "undo_outcome": Ordered("leads", sl.UndoOutcome, "facility_id", say.outcome_undone, "account"),
    "add_contact": Ordered("leads", sc.AddContact, "facility_id", say.of_contact, "account"),
    "record_departure": Ordered("leads", sc.RecordDeparture, "facility_id", say.departed, "account"),
}
INBOX = {
    "accept_group": Ordered("inbox", m.AcceptGroup, "key", say.of_postings("Accepted"), undo="undo_decision"),
    "reject_group": Ordered("inbox", m.RejectGroup, "key", say.of_postings("Set aside"), undo="undo_decision"),
    "undo_decision": Ordered("inbox", m.UndoDecision, "key", say.of_postings("Taken back")),
    "judge_match": Ordered("inbox", m.JudgeMatch, "key", say.plainly("The judgment is stored.")),
}
LETTERS = {
    "send_drafts": Ordered("drafts", ns.SendDrafts, "drafts", say.sent_off, "drafts", "unsend_draft"),
    "unsend_draft": Ordered("drafts", ns.UnsendDraft, "draft_id", say.plainly("Taken back, not sent."), "draft"),
    "edit_draft": Ordered("drafts", ns.EditDraft, "draft_id", say.plainly("The letter is stored."), "draft"),
    "discard_draft": Ordered("drafts", ns.DiscardDraft, "draft_id", say.plainly("Discarded."), "draft"),
    "resolve_draft": Ordered("drafts", ns.ResolveDraft, "draft_id", say.plainly("That is recorded."), "draft"),
}
SUPPRESSIONS = {
    "stop_contact": Ordered("suppressions", s.StopContact, "facility", say.stopped),
    "allow_contact": Ordered("lifting", s.AllowContact, "suppression_id", say.lifted),
    "add_suppression": Ordered("suppressions", sup.AddSuppression, "email", say.withdrawn),
    "lift_suppression": Ordered("lifting", sup.LiftSuppression, "suppression_id", say.lifted),
}


KEY_ENDED = say.plainly("The key no longer works.")
OPERATIONS = {
    "rebuild": Ordered("administration", Rebuild, "", say.rebuilds),
    "resume_sending": Ordered("administration", ns.ResumeSending, "", say.resumed),
    "end_source_key": Ordered("administration", RemoveSource, "name", KEY_ENDED),
    "end_reconciliation_key": Ordered("administration", m.RemoveKey, "name", KEY_ENDED),
    "end_engagement_key": Ordered("administration", RemoveReporter, "name", KEY_ENDED),
    "end_feed_key": Ordered("administration", RemoveFeedKey, "name", KEY_ENDED),
    "end_webhook_key": Ordered("administration", RemoveWebhookKey, "name", KEY_ENDED),
    "fetch_source": Ordered("sources", FetchNow, "names", say.fetches),
    "test_source": Ordered("sources", TestSource, "name", say.plainly("Its first page is asked for.")),
    "change_source": Ordered("sources", ChangeSource, "name", say.source_changed),
    "check_dataset": Ordered("sources", CheckDataset, "name", say.plainly("It is asked for now.")),
    "accept_vintage": Ordered("sources", AcceptVintage, "name", say.plainly("Accepted; it is imported now.")),
    "refuse_vintage": Ordered("sources", RefuseVintage, "name", say.plainly("Refused; it is not imported.")),
    "run_job": Ordered("administration", k.RunJob, "job", say.ran, every_service=True),
    "retry_dead_letter": Ordered(
        "administration", k.RetryDeadLetter, "dead_no", say.plainly("It was processed."), every_service=True
    ),
    "discard_dead_letter": Ordered(
        "administration", k.DiscardDeadLetter, "dead_no", say.plainly("It is discarded."), every_service=True
    ),
}
WEBHOOKS = {
    "add_webhook": Ordered("administration", c.AddWebhook, "name", say.webhook_stored),
    "pause_webhook": Ordered("administration", c.PauseWebhook, "name", say.webhook_paused),
    "resume_webhook": Ordered("administration", c.ResumeWebhook, "name", say.plainly("It gets what it has not got.")),
    "remove_webhook": Ordered("administration", c.RemoveWebhook, "name", say.plainly("It gets nothing more.")),
    "rotate_secret": Ordered("administration", c.RotateSecret, "name", say.plainly("It has a new secret.")),
    "test_webhook": Ordered("administration", c.SendTest, "name", say.plainly("It is called now.")),
    "revoke_calendar": Ordered("calendars", RemoveCalendar, "rep", say.plainly("Its address no longer works.")),
    "replay_events": Ordered("administration", c.Replay, "name", say.replayed),
}
CRM = {
    "set_up_crm": Ordered(
        "crm", cc.SetUpCrm, "", say.plainly("Its properties are created; then records are exchanged.")
    ),
    "sync_crm": Ordered("crm", cc.SyncCrm, "", say.synced),
    "compare_crm": Ordered("crm", cc.CompareCrm, "", say.plainly("Both sides are being compared.")),
}
NOTICES = {
    "add_recipient": Ordered("notices", cn.AddRecipient, "name", say.recipient_stored),
    "pause_recipient": Ordered("notices", cn.PauseRecipient, "name", say.recipient_paused),
    "resume_recipient": Ordered("notices", cn.ResumeRecipient, "name", say.plainly("It gets notices again.")),
    "remove_recipient": Ordered("notices", cn.RemoveRecipient, "name", say.plainly("It gets no notices any more.")),
    "test_recipient": Ordered("notices", cn.SendTestNotice, "name", say.plainly("A notice is sent now.")),
}
COMMANDS: dict[str, Ordered] = {
    **TASKS,
    **LEADS,
    **INBOX,
    **LETTERS,
    **SUPPRESSIONS,
    **OPERATIONS,
    **WEBHOOKS,
    **CRM,
    **NOTICES,
}
"""By the name in `/do/NAME`."""
