"""The full loop as a service of this project has it: a handler, and the kernel does the rest."""

from __future__ import annotations

from shared.application import Application
from shared.contracts.events import PostingSeen
from shared.service import Router, Service
from shared.storage.database import Tx, rows
from tests.benchmarks.feed import matched

router = Router()


@router.events(PostingSeen)
async def note(events: list[PostingSeen], tx: Tx) -> None:
    await tx.run(
        "INSERT INTO sightings (posting_id, version, title, employer_name, last_seen_on)"
        " SELECT posting_id, version, title, employer_name, last_seen_on"
        " FROM json_populate_recordset(NULL::sightings, %(rows)s::json)"
        " ON CONFLICT (posting_id) DO UPDATE SET version = excluded.version, title = excluded.title,"
        " employer_name = excluded.employer_name, last_seen_on = excluded.last_seen_on"
        " WHERE excluded.version > sightings.version",
        rows=rows(events),
    )
    for event in events:
        tx.emit(matched(event), cause=event)


service = Service.of("matcher", router)

if __name__ == "__main__":
    Application(service).main()
