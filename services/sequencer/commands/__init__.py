"""Which commands does the sequencer handle?"""

from services.sequencer.commands import (
    add_note,
    add_rep,
    allow_contact,
    change_rep,
    complete_task,
    end_leave,
    fill_intake,
    import_clients,
    import_contacts,
    leave_team,
    move_lead,
    move_task,
    reassign_task,
    record_leave,
    record_outcome,
    reopen_lead,
    share_accounts,
    skip_task,
    state_amount,
    stop_contact,
    undo_outcome,
    undo_task,
)

routers = tuple(
    module.router
    for module in (
        complete_task,
        move_task,
        reassign_task,
        undo_task,
        skip_task,
        record_outcome,
        undo_outcome,
        move_lead,
        fill_intake,
        state_amount,
        reopen_lead,
        add_note,
        import_contacts,
        import_clients,
        stop_contact,
        allow_contact,
        add_rep,
        change_rep,
        record_leave,
        end_leave,
        leave_team,
        share_accounts,
    )
)
