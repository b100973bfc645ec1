"""How does a chunk of an imported file become listings, facts and delistings?

The command line reads the file and sends its rows in chunks under one import id. A chunk that is sent again changes
nothing, and neither does a file that is imported again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from engines.datasets import facts as statements
from engines.datasets import quality, registry
from engines.datasets.facts import Statement
from engines.datasets.headings import column
from engines.datasets.listing import Listing
from engines.datasets.registry import Reject
from services.ingest import settings
from services.ingest.domain.delisting import Delisting, against
from services.ingest.domain.facilities import Facility, is_late, known_gone, listed
from services.ingest.store import registry as store
from shared.clock import latest_day
from shared.contracts.events import FacilityAssessed, FacilityDelisted, FacilityListed, Fact, OtherName
from shared.contracts.refusals import Refused
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Gone:
    """A facility that a complete file lacks."""

    facility_id: str
    name: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a chunk; counts are of this chunk alone."""

    import_no: int
    imported: int = 0
    changed: int = 0
    facts: int = 0
    delisted: int = 0
    skipped_other_state: int = 0
    rejects: list[Reject] = field(default_factory=list)
    warnings: list[Reject] = field(default_factory=list)
    """Cells that could not be taken, of rows that otherwise were; facilities that a newer file shows to be gone."""
    note: str | None = None
    gone: list[Gone] = field(default_factory=list)
    """Who a complete file lacks: delisted, or else what would be."""
    dataset: str | None = None
    """What kind of file this was taken for."""
    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class File:
    """What is said of the file that a chunk belongs to."""

    begun: store.Import
    state: str | None
    complete: str | None
    final: bool
    as_of: date
    """Of the rows that do not say their date."""
    assumed: bool = False
    """Nobody said `as_of`: it is the day on which this content was first imported."""
    cut: str | None = None
    delist: int | None = None

    @property
    def import_no(self) -> int:
        return self.begun.import_no


def registry_layout(header: Sequence[str]) -> registry.Layout:
    try:
        return registry.layout_of(settings.headings(), header)
    except registry.UnknownLayout as error:
        raise Refused(f"This is {error}.", 422, {"header": str(error)}) from error


async def import_registry(
    layout: registry.Layout, rows: Sequence[tuple[int, list[str]]], unread: list[Reject], file: File, tx: Tx
) -> Report:
    """List what the rows list, learn what they state, and at the end delist what a complete file leaves out."""
    chunk = registry.until(registry.read_chunk(layout, rows, file.state, file.as_of), latest_day(tx.today))
    lines = await store.lines_of(tx, file.import_no, [(one.facility_id, one.line) for one in chunk.listings])
    chunk = registry.without_repeats(chunk, lines)
    await store.reject(tx, file.import_no, [*unread, *chunk.rejects])
    changed, passed = await _list(chunk, file.import_no, tx)
    learned = await learn([fact for one in chunk.listings for fact in one.facts], file.import_no, "registry", tx)
    newest = max((one.as_of for one in chunk.listings), default=None)
    await store.advance(tx, file.import_no, newest, file.final)
    delisted, gone, kept = await _delist(file, tx) if file.final and file.complete else (0, [], None)
    undated = _undated(layout, file) if file.final else None
    return Report(
        import_no=file.import_no,
        imported=len(chunk.listings),
        changed=changed,
        facts=learned,
        delisted=delisted,
        skipped_other_state=chunk.skipped,
        rejects=list(chunk.rejects),
        warnings=[
            *passed,
            *(Reject(one.line, doubt, one.facility_id) for one in chunk.listings for doubt in one.doubts),
        ],
        note=" ".join(filter(None, (undated, kept))) or None,
        gone=[Gone(one.facility_id, one.identity.name, one.identity.city, one.identity.state) for one in gone],
    )


def _undated(layout: registry.Layout, file: File) -> str | None:
    if layout.identity["as_of"] or not file.assumed:
        return None
    return f"The file does not say its date; taken as of {file.as_of}. Give --as-of YYYY-MM-DD if it is older."


async def _list(chunk: registry.Chunk, import_no: int, tx: Tx) -> tuple[int, list[Reject]]:
    """How many listings were news, and what a person should know of rows that newer files know nothing of."""
    held = await store.facilities(tx, [one.facility_id for one in chunk.listings])
    complete, newest = await store.complete_as_of(tx), await store.newest_by_state(tx)
    gone = [one for one in chunk.listings if known_gone(one, held, complete)]
    lost = {one.facility_id for one in gone}
    after = [listed(held.get(one.facility_id), one, import_no) for one in chunk.listings if one.facility_id not in lost]
    await store.save(tx, [facility for facility in after if facility != held.get(facility.facility_id)])
    versions = {facility_id: facility.version for facility_id, facility in held.items()}
    news = [facility for facility in after if facility.version != versions.get(facility.facility_id)]
    tx.emit(*(_listed(facility) for facility in news))
    unknown = [one for one in chunk.listings if one.facility_id not in held and one.facility_id not in lost]
    return len(news), [
        *(
            Reject(one.line, f"{one.facility_id} is not in a newer, complete file: not listed", one.facility_id)
            for one in gone
        ),
        *(_late(one, newest[one.identity.state]) for one in unknown if is_late(one, newest)),
    ]


def _late(one: Listing, newest: date) -> Reject:
    """A newer file that nobody called complete does not say who is gone; a person may know."""
    state = one.identity.state
    reason = (
        f"{one.facility_id} is listed as of {one.as_of}, though {state} is held as of {newest} without it; if it"
        f" has"
        f" closed, import the newer file again with --complete {state}"
    )
    return Reject(one.line, reason, one.facility_id)


def _listed(facility: Facility) -> FacilityListed:
    said = facility.identity
    return FacilityListed(
        facility_id=facility.facility_id,
        version=facility.version,
        listed_as_of=facility.listed_as_of,
        name=said.name,
        other_names=tuple(OtherName(name=other.name, kind=other.kind) for other in said.other_names),
        address=said.address,
        city=said.city,
        state=said.state,
        zip=said.zip,
        county=said.county,
        phone=said.phone,
        chain=said.chain,
    )


async def learn(facts: Sequence[Statement], import_no: int, dataset: str, tx: Tx) -> int:
    """Record facts and tell the news among them, facility by facility; returns how many they are."""
    # Of two statements about one field and date in one chunk, the later line holds.
    said = {(fact.facility_id, fact.field, fact.as_of): fact for fact in facts}
    news = await store.learn(tx, import_no, list(said.values())) if said else []
    for facility_id, of_facility in groupby(sorted(news, key=_order), key=lambda fact: fact.facility_id):
        tx.emit(_assessed(facility_id, list(of_facility), import_no, dataset, tx))
    return len(news)


def _order(fact: Statement) -> tuple[str, str, date]:
    return fact.facility_id, fact.field, fact.as_of


def _assessed(facility_id: str, facts: list[Statement], import_no: int, dataset: str, tx: Tx) -> FacilityAssessed:
    said = tuple(Fact(field=fact.field, value=fact.value, as_of=fact.as_of) for fact in facts)
    return FacilityAssessed(
        facility_id=facility_id, facts=said, import_no=import_no, dataset=dataset, received_at=tx.now
    )


async def _delist(file: File, tx: Tx) -> tuple[int, list[Facility], str | None]:
    """How many were delisted, whom the file lacks, and why they stay. An import that has ended delists nothing more."""
    if file.begun.delisted:  # the answer to this chunk was lost, and it came again
        return file.begun.delisted, [], None
    place = None if file.complete == "US" else file.complete
    as_of = await store.as_of(tx, file.import_no) or file.as_of
    gone = await store.lacking(tx, file.import_no, place)
    said = Delisting(
        complete=file.complete or "",
        as_of=as_of,
        held_as_of=await store.held_as_of(tx, place),
        listed=await store.listed_of(tx, file.import_no, place),
        held=await store.count_listed(tx, place),
        gone=Counter(one.identity.state for one in gone),
        rejected=await store.rejected_lines(tx, file.import_no),
        cut=file.cut,
        told=file.delist,
        most_share=settings.headings().most_delisted_share,
    )
    if note := against(said):
        return 0, gone, note
    if file.begun.ended:
        return file.begun.delisted, [], None
    gone = await store.delist(tx, [one.facility_id for one in gone], as_of)
    tx.emit(*(FacilityDelisted(facility_id=one.facility_id, version=one.version, delisted_as_of=as_of) for one in gone))
    await store.completed(tx, file.import_no, as_of, len(gone))
    return len(gone), gone, None


def quality_layout(header: Sequence[str], as_of: date | None) -> quality.Recognised:
    """Which quality file this is; refuses one that is not known, and one of which nobody says the day."""
    try:
        found = quality.must_state(quality.recognise(settings.headings(), header), settings.headings())
    except registry.UnknownLayout as error:
        raise Refused(f"This is {error}.", 422, {"header": str(error)}) from error
    if not found.dated and as_of is None:
        raise Refused("The rows do not say of which day they are; say it with --as-of.", 422, {"as_of": "missing"})
    return found


async def import_quality(
    found: quality.Recognised,
    numbered: Sequence[tuple[int, list[str]]],
    unread: list[Reject],
    import_no: int,
    as_of: date | None,
    final: bool,
    tx: Tx,
) -> Report:
    """Learn what the rows state, whether or not the facilities are listed."""
    read = list(quality.read(found, settings.headings(), numbered, as_of))
    rows = [one for one in read if isinstance(one, quality.Row)]
    rejects = [one for one in read if isinstance(one, Reject)]
    facts = [fact for row in rows for fact in row.facts]
    await store.reject(tx, import_no, [*unread, *rejects])
    learned = await learn(facts, import_no, found.dataset, tx)
    await store.advance(tx, import_no, max((fact.as_of for fact in facts), default=None), final)
    return Report(
        import_no=import_no,
        imported=len(rows),
        facts=learned,
        rejects=rejects,
        warnings=[Reject(row.line, doubt, row.facility_id) for row in rows for doubt in row.doubts],
        dataset=found.dataset,
        fields=found.fields,
    )


def fact_columns(header: Sequence[str]) -> dict[str, int]:
    """Where a file of facts has its columns; refuses a file that lacks one."""
    places = {column(title): place for place, title in reversed(list(enumerate(header)))}
    wanted = statements.fact_columns(settings.headings())
    missing = [name for name in wanted if name not in places]
    if missing:
        message = f"A file of facts has the columns {', '.join(wanted)}; missing: {', '.join(missing)}."
        raise Refused(message, 422, {"header": f"missing {', '.join(missing)}"})
    return {name: places[name] for name in wanted}


async def import_facts(
    columns: dict[str, int],
    numbered: Sequence[tuple[int, list[str]]],
    unread: list[Reject],
    import_no: int,
    final: bool,
    tx: Tx,
) -> Report:
    """Learn what the rows state."""
    facts: list[Statement] = []
    rejects: list[Reject] = []
    for line, row in numbered:
        try:
            fact = statements.read_fact(settings.headings(), _named(columns, row))
            if fact.as_of > latest_day(tx.today):
                raise ValueError(f"as_of {fact.as_of} is still to come; see that the year is right")
            facts.append(fact)
        except ValueError as error:
            rejects.append(Reject(line, str(error)))
    await store.reject(tx, import_no, [*unread, *rejects])
    learned = await learn(facts, import_no, "facts", tx)
    await store.advance(tx, import_no, max((fact.as_of for fact in facts), default=None), final)
    return Report(import_no=import_no, imported=len(facts), facts=learned, rejects=rejects)


def _named(columns: dict[str, int], row: Sequence[str]) -> dict[str, str]:
    if max(columns.values()) >= len(row):
        raise ValueError(f"{len(row)} cells, fewer than the header has")
    return {name: row[place] for name, place in columns.items()}
