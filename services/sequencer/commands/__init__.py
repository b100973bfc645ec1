"""Which commands does the sequencer handle?"""

from services.sequencer.commands import (
    add_rep,
    allow_contact,
    change_rep,
    complete_task,
    end_leave,
    import_clients,
    import_contacts,
    leave_team,
    record_leave,
    record_outcome,
    skip_task,
    stop_contact,
    undo_outcome,
)

routers = tuple(
    module.router
    for module in (
        complete_task,
        skip_task,
        record_outcome,
        undo_outcome,
        import_contacts,
        import_clients,
        stop_contact,
        allow_contact,
        add_rep,
        change_rep,
        record_leave,
        end_leave,
        leave_team,
    )
)
