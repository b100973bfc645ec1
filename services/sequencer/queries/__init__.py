"""Which questions does the sequencer reply to?"""

from services.sequencer.queries import (
    account,
    contacts,
    counts,
    day,
    enrollments,
    leads,
    reps,
    roles,
    suppressions,
    tasks,
    why_contact,
    worklist,
)

routers = tuple(
    module.router
    for module in (
        worklist,
        day,
        reps,
        account,
        contacts,
        roles,
        leads,
        enrollments,
        tasks,
        counts,
        suppressions,
        why_contact,
    )
)
