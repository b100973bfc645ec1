"""In which order are the decisions of a day made?"""

from __future__ import annotations

from services.sequencer.domain.board import Decision
from services.sequencer.domain.plan.account_tasks import end_account_tasks, resume_tasks
from services.sequencer.domain.plan.covering import cover_absent
from services.sequencer.domain.plan.ending import complete_enrollments, end_tasks, stop_enrollments
from services.sequencer.domain.plan.enrolling import hand_over, join_chains
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.plan.leads import assign_owners, close_leads, own_leads, raise_leads, raise_worked
from services.sequencer.domain.plan.leaving import hand_over_left
from services.sequencer.domain.plan.neighbors import follow_closed_postings
from services.sequencer.domain.plan.ownership import go_on_without, leave_chains
from services.sequencer.domain.plan.pausing import resume
from services.sequencer.domain.plan.returning import wait_for_return
from services.sequencer.domain.plan.stage_tasks import offer_stage_tasks
from services.sequencer.domain.plan.working import work

FIRST: tuple[Decision, ...] = (
    leave_chains,
    go_on_without,
    stop_enrollments,
    follow_closed_postings,
    follow_contacts,
    assign_owners,
    raise_leads,
    close_leads,
    end_account_tasks,
    offer_stage_tasks,
)
ON_BUSINESS_DAYS: tuple[Decision, ...] = (
    resume,
    resume_tasks,
    cover_absent,
    wait_for_return,
    join_chains,
    hand_over,
    work,
    raise_worked,
)
RESTORED: tuple[Decision, ...] = (
    own_leads,
    close_leads,
    leave_chains,
    hand_over_left,
    stop_enrollments,
    end_tasks,
    follow_contacts,
    end_account_tasks,
)
"""What applies to a state that was restored.

A facility may have been sold since, an enrollment may have ended, or a rep may have left.
"""
LAST: tuple[Decision, ...] = (complete_enrollments,)
