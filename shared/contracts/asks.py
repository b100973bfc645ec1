"""What does the console send to other services? Its NATS user may send nothing else.

Subjects are written as text, because every process imports the topology, and few need the contracts of all services.
"""

from __future__ import annotations

from shared.contracts.services import SERVICES

COMMANDS = {
    "sequencer": """
        complete_task log_touch skip_task move_task undo_task reassign_task add_note bookmark
        pause_enrollment resume_enrollment stop_enrollment migrate_sequence assign_account record_leave end_leave
        move_lead fill_intake state_amount reopen_lead record_outcome undo_outcome add_contact record_departure
        stop_contact allow_contact add_reporter remove_reporter
    """,
    "ingest": """
        add_source remove_source change_source fetch_now test_source check_dataset accept_vintage refuse_vintage
    """,
    "matcher": "accept_group reject_group undo_decision judge_match add_key remove_key",
    "notifier": """
        send_drafts unsend_draft edit_draft discard_draft resolve_draft add_suppression lift_suppression
        resume_sending
    """,
    "scorer": "publish_scheme",
    "courier": """
        add_feed_key remove_feed_key add_webhook_key remove_webhook_key
        add_webhook pause_webhook resume_webhook remove_webhook rotate_secret send_test replay
        add_calendar remove_calendar
        set_up_crm sync_crm compare_crm
        add_recipient pause_recipient resume_recipient remove_recipient send_test_notice
    """,
    "console": "rebuild",
}
"""The commands that people give on its pages, by service."""
QUESTIONS = {
    "ingest": """
        sources source_list source_details source_test ledger ledger_totals posting_ledger datasets show_dataset
    """,
    "sequencer": """
        day contacts show_lead capacity list_sequences show_sequence preview_migration sla_clocks bookmarks why_contact
        reporters
    """,
    "matcher": "inbox verdicts matches_to_judge precision facility_details keys",
    "scorer": "why scheme_in_force publications what_if",
    "notifier": "drafts draft_details why_suppressed deliveries",
    "courier": """
        feed_keys webhook_keys webhooks webhook_details webhook_secret deliveries calendars
        crm_settings crm_status crm_drift crm_conflicts crm_failures crm_of_account
        recipients notice_details notice_preview how_notices_leave
    """,
}
"""What its pages ask, by service: what events do not carry, or what only the owner decides."""
TO_EVERY_SERVICE = "run_job retry_dead_letter discard_dead_letter status dead_letters"
"""Commands and questions of operations."""


def of_console() -> tuple[str, ...]:
    """The subjects of all requests that the console can send."""
    requests = (*COMMANDS.items(), *QUESTIONS.items())
    own = [f"{service}.ask.{name}" for service, names in requests for name in names.split()]
    return (*own, *(f"{service}.ask.{name}" for service in SERVICES for name in TO_EVERY_SERVICE.split()))
