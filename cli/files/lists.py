"""Which lists of the services can be exported, and with which columns?"""

from __future__ import annotations

from typing import Any, NamedTuple

from shared.contracts.ingest_sources import SourceList
from shared.contracts.matcher import ExportOutcomes, ExportSignals
from shared.contracts.notifier import ExportDrafts
from shared.contracts.notifier_suppressions import AddressSuppressions
from shared.contracts.requests import Question
from shared.contracts.scorer import ExportScores
from shared.contracts.sequencer import Enrollments, Suppressions, Tasks, Worklist
from shared.contracts.sequencer_accounts import WorkedAccounts
from shared.contracts.sequencer_contacts import ExportContacts
from shared.contracts.sequencer_engagement import Engagements
from shared.contracts.sequencer_leads import Leads
from shared.contracts.sequencer_reps import Team
from shared.contracts.sequencer_touches import Bookmarks, ExportTouches

Asked = tuple[Question[list[Any]], tuple[str, ...]]


class Export(NamedTuple):
    """A list: its question, the key by which its pages continue (none if it has only one), and its columns."""

    question: Question[list[Any]]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    more: Asked | None = None
    """Another owner of such rows, which is asked afterwards."""


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


EXPORTS: dict[str, Export] = {
    "postings": Export(
        ExportOutcomes(),
        ("posting_id",),
        _names("source source_posting_id outcome facility_id confidence method reason role_family urgency"),
    ),
    "sources": Export(
        SourceList(),
        (),
        _names(
            """
            name kind adapter employer_name state rule failures error paused_by pause_reason next_at last_at
            last_complete_at listed missed
            """
        ),
    ),
    "signals": Export(
        ExportSignals(),
        ("facility_id", "role_family"),
        _names(
            """
            facility_id facility role_family signal_id predecessor_id title urgency chronic closed postings
            sources first_seen_on last_seen_on expires_on
            """
        ),
    ),
    # A column for the points of each factor of the pack follows.
    "scores": Export(
        ExportScores(),
        ("facility_id",),
        _names(
            """
            facility_id name score tier scored_on multiplier
            """
        ),
    ),
    "accounts": Export(
        WorkedAccounts(),
        ("facility_id",),
        _names(
            """
            facility_id client owner last_contacted_on next_follow_up_on days_since_touch sla_status
            sla_label sla_action closed
            """
        ),
    ),
    "leads": Export(
        Leads(),
        ("lead_id",),
        _names(
            """
            lead_id facility_id facility city lead_source stage phase stage_since owner role_families tier
            score probability amount currency close_on raised_on closed_on closed_reason last_contacted_on
            next_follow_up_on
            """
        ),
    ),
    "enrollments": Export(
        Enrollments(),
        ("enrollment_id",),
        _names(
            """
            enrollment_id facility_id facility city chain covers sequence cycle tier owner status started_on
            ended_on blocked_on paused_on resume_on missing reason from_step sequence_version
            """
        ),
    ),
    "worklist": Export(
        Worklist(),
        (),
        _names(
            """
            rank task_id facility_id facility city state chain tier score channel persona person due_on
            overdue days_overdue rep reason kind step_no sequence template enrollment_id
            """
        ),
    ),
    "tasks": Export(
        Tasks(),
        ("task_id",),
        _names(
            """
            task_id kind enrollment_id step_no facility_id tier rep channel persona due_on status reason
            outcome note done_by done_on
            """
        ),
    ),
    "touches": Export(
        ExportTouches(),
        ("touch_id",),
        _names(
            """
            touch_id task_id facility_id reached rep channel persona outcome touched_on touched_at next_follow_up_on
            """
        ),
    ),
    # Of suppressed people, nothing but that.
    "contacts": Export(
        ExportContacts(),
        ("contact_id",),
        _names(
            """
            contact_id facility_id chain role name direct_phone email source source_date source_url suppressed
            """
        ),
    ),
    "bookmarks": Export(
        Bookmarks(),
        (),
        _names(
            """
            facility_id facility city tier reason marked_by marked_on
            """
        ),
    ),
    "engagements": Export(
        Engagements(),
        ("engagement_id",),
        _names(
            """
            engagement_id facility_id kind engaged_on engaged_at email what url source source_id recorded_by
            recorded_at
            """
        ),
    ),
    "reps": Export(
        Team(), (), _names("rep name email phone from_hour to_hour timezone territories joined_on left_on doer")
    ),
    "drafts": Export(
        ExportDrafts(),
        ("draft_id",),
        _names(
            """
            draft_id task_id facility_id rep channel template status to_email subject body reason drafted_on
            pack
            """
        ),
    ),
    "suppressions": Export(
        Suppressions(),
        (),
        _names("suppression_id scope target label channels reason source stated_by stated_on"),
        more=(AddressSuppressions(), ("suppression_id",)),
    ),
}
"""By name; `pipeline export NAME` writes one, `pipeline export all` every one."""
