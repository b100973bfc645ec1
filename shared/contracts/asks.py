"""What does the console send to other services? Its NATS user may send nothing else.

Subjects are written as text, because every process imports the topology, and few need the contracts of all services.
"""

from __future__ import annotations

from shared.contracts.services import SERVICES

COMMANDS = {
    "sequencer": """
        complete_task skip_task move_task undo_task reassign_task add_note bookmark
        pause_enrollment resume_enrollment assign_account record_leave end_leave
        move_lead fill_intake state_amount reopen_lead record_outcome undo_outcome add_contact record_departure
        stop_contact allow_contact
    """,
    "matcher": "accept_group reject_group undo_decision judge_match",
    "notifier": """
        send_drafts unsend_draft edit_draft discard_draft resolve_draft add_suppression lift_suppression
    """,
}
"""The commands that people give on its pages, by service."""
TO_EVERY_SERVICE = "run_job retry_dead_letter discard_dead_letter"
"""Commands of operations."""


def of_console() -> tuple[str, ...]:
    """The subjects of all commands that the console can send."""
    own = [f"{service}.ask.{name}" for service, names in COMMANDS.items() for name in names.split()]
    return (*own, *(f"{service}.ask.{name}" for service in SERVICES for name in TO_EVERY_SERVICE.split()))
