"""Which commands does the sequencer handle?"""

from services.sequencer.commands import (
    allow_contact,
    complete_task,
    import_clients,
    import_contacts,
    record_outcome,
    skip_task,
    stop_contact,
)

routers = tuple(
    module.router
    for module in (
        complete_task,
        skip_task,
        record_outcome,
        import_contacts,
        import_clients,
        stop_contact,
        allow_contact,
    )
)
