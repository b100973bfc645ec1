"""In which order are the decisions of a day made?"""

from __future__ import annotations

from services.sequencer.domain.board import Decision
from services.sequencer.domain.plan.account_tasks import end_account_tasks, resume_tasks
from services.sequencer.domain.plan.covering import cover_absent
from services.sequencer.domain.plan.ending import complete_enrollments, stop_enrollments
from services.sequencer.domain.plan.enrolling import hand_over, join_chains
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.plan.leads import assign_owners, close_leads, raise_leads, raise_worked
from services.sequencer.domain.plan.pausing import resume
from services.sequencer.domain.plan.working import work

FIRST: tuple[Decision, ...] = (
    stop_enrollments,
    follow_contacts,
    assign_owners,
    raise_leads,
    close_leads,
    end_account_tasks,
)
ON_BUSINESS_DAYS: tuple[Decision, ...] = (
    resume,
    resume_tasks,
    cover_absent,
    join_chains,
    hand_over,
    work,
    raise_worked,
)
LAST: tuple[Decision, ...] = (complete_enrollments,)
