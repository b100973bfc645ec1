"""Which questions does the sequencer reply to?"""

from services.sequencer.queries import (
    account,
    bookmarks,
    capacity,
    contacts,
    counts,
    day,
    duplicates,
    enrollments,
    imports,
    leads,
    reps,
    roles,
    show_lead,
    show_rep,
    sla,
    suppressions,
    tasks,
    team,
    why_contact,
    worklist,
)

routers = tuple(
    module.router
    for module in (
        worklist,
        day,
        capacity,
        reps,
        team,
        show_rep,
        account,
        bookmarks,
        contacts,
        duplicates,
        roles,
        leads,
        show_lead,
        enrollments,
        tasks,
        counts,
        imports,
        suppressions,
        why_contact,
        sla,
    )
)
