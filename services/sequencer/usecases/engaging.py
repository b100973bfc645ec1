"""How is engagement recorded, once for each id of its source, and published?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from engines.datasets.emails import address_of
from engines.packs import calendar
from services.sequencer.domain import engagement as domain
from services.sequencer.settings import tracks_opens
from services.sequencer.store import accounts, contacts
from services.sequencer.store import engagements as store
from shared.clock import latest_day, local_date
from shared.contracts.events import EngagementRecorded
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_engagement import Engagement, RecordedEngagement
from shared.storage.database import Tx

AHEAD = timedelta(minutes=10)
"""How far the clock of a source may be ahead of ours."""


async def record(tx: Tx, source: str, reports: Sequence[Engagement]) -> list[RecordedEngagement | Refused]:
    """Record what a source reports; a report that cannot be recorded has its refusal, and the others are recorded."""
    addresses = [address for each in reports if (address := address_of(each.email))]
    places = await contacts.facilities_of(tx, addresses)
    known = await accounts.known(tx, [each.facility_id for each in reports if each.facility_id] + _all(places))
    read = [_read(each, source, places, known, tx) for each in reports]
    good = {each.engagement_id: each for each in reversed(read) if isinstance(each, domain.Engagement)}
    new = await store.record(tx, list(good.values()))
    tx.emit(*(engagement_recorded(good[key]) for key in good if key in new))
    recorded = await store.with_ids(tx, good)
    return [each if isinstance(each, Refused) else _reply(recorded[each.engagement_id], new) for each in read]


def engagement_recorded(engagement: domain.Engagement) -> EngagementRecorded:
    return EngagementRecorded.model_validate(asdict(engagement))


def _all(places: dict[str, set[str]]) -> list[str]:
    return [place for found in places.values() for place in found]


def _read(
    report: Engagement, source: str, places: dict[str, set[str]], known: set[str], tx: Tx
) -> domain.Engagement | Refused:
    try:
        return _engagement(report, source, places, known, tx)
    except Refused as refused:
        return refused


def _engagement(
    report: Engagement, source: str, places: dict[str, set[str]], known: set[str], tx: Tx
) -> domain.Engagement:
    if report.kind in domain.TRACKED and not tracks_opens():
        raise Refused(f"This deployment records no {report.kind}s of e-mails; PIPELINE_TRACK_OPENS=true turns it on.")
    email = _address(report)
    facility_id = report.facility_id or _place(email or "", places)
    if facility_id not in known:
        raise Refused(f"There is no account {facility_id}. Import the registry that lists it first.", 404)
    on = report.on or (local_date(report.at, calendar().timezone) if report.at else tx.today)
    if on > latest_day(tx.today) or (report.at and report.at > tx.now + AHEAD):
        raise Refused(f"{report.at or on} is in the future; check the date.", fields={"on": "is in the future"})
    source_id = report.source_id or domain.usual_source_id(facility_id, report.kind, on, email, report.what)
    key = domain.engagement_id(source, source_id)
    return domain.Engagement(
        key,
        facility_id,
        report.kind,
        on,
        report.at,
        email,
        report.what,
        report.url,
        source,
        source_id,
        tx.actor,
        tx.now,
    )


def _address(report: Engagement) -> str | None:
    address = address_of(report.email)
    if report.email and address is None:
        raise Refused(f"{report.email!r} is not an e-mail address; write it like ada@example.com.")
    return address


def _place(email: str, places: dict[str, set[str]]) -> str:
    """The one facility of a person; raises `Refused`."""
    found = sorted(places.get(email, ()))
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(f"No contact has the address {email}; give a facility_id.", 404)
    raise Refused(f"{email} is a contact of {len(found)} facilities, {', '.join(found[:5])}; give a facility_id.", 409)


def _reply(recorded: domain.Engagement, new: set[UUID]) -> RecordedEngagement:
    return RecordedEngagement.model_validate(asdict(recorded) | {"changed": recorded.engagement_id in new})
