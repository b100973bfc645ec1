"""Which published datasets have changed? Each is one item of work, which is never finished.

A step either asks the catalogue and checks a file that has changed, or imports a vintage. What a step found is recorded
before the next one, so a process that ends loses nothing but a download.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

from engines.datasets.reading import Unreadable
from services.ingest import settings
from services.ingest.domain.datasets import Dataset, Survey, doubts
from services.ingest.store import datasets as store
from services.ingest.store.datasets import KIND, Asked, Compared, Vintage
from services.ingest.usecases.datasets import polled
from services.ingest.usecases.downloads import Unavailable
from services.ingest.usecases.fetching_datasets import Catalogues, Downloaded, sha256_of
from services.ingest.usecases.importing import Result, import_file
from services.ingest.usecases.surveying import survey
from shared.clock import instant_at
from shared.contracts.refusals import AskFailed
from shared.service import Router
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import Item, NewItem
from shared.work import Attempt, Call, Done, Later, Retry, Verdict, Verdicts, Worker

router = Router()

DELAYS = (60.0, 600.0, 3_600.0, 14_400.0)
LEASE = timedelta(minutes=30)
WAITING = timedelta(hours=1)
"""How long a dataset waits for those that come first."""
LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Given:
    """What a step needs to know."""

    dataset: Dataset
    asked: Asked
    importing: Vintage | None
    before: Compared | None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The catalogue offers what was offered before, or its file has the same content."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class Found:
    """A file that has changed, and what is in it."""

    asked: Asked
    downloaded: Downloaded
    survey: Survey
    doubts: list[str]


@dataclass(frozen=True, slots=True)
class Imported:
    vintage: Vintage
    result: Result


@dataclass(frozen=True, slots=True)
class NotImported:
    """The import was refused, or the file that was checked is no longer offered."""

    vintage: Vintage
    reason: str
    is_gone: bool = False


async def watch(tx: Tx) -> None:
    """Poll the datasets of the pack from now on."""
    await work.add(tx, [NewItem(KIND, each.name) for each in polled()])


@router.worker(KIND, parallel=1, lease=LEASE, delays=DELAYS, endless=True, at_once=1)
class Fetching(Worker):
    """Asks for a dataset, checks what has changed, and imports it."""

    def __init__(self) -> None:
        self._datasets = {each.name: each for each in polled()}
        self._outbound = settings.outbound()
        self._catalogues = Catalogues(self._outbound, dict(settings.published().catalogues))
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files: dict[str, str] = {}
        """The hash of the file in the folder that was checked and is imported next, by dataset."""

    async def claim(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """An item for a dataset that is no longer polled is done."""
        return {item.key: await self._claimed(item, tx) for item in items}

    async def _claimed(self, item: Item, tx: Tx) -> Verdict | Call:
        dataset = self._datasets.get(item.key)
        if dataset is None:
            return Done()
        if missing := set(dataset.after) - await store.imported(tx, dataset.after):
            await store.failed(tx, item.key, f"Waits until {', '.join(sorted(missing))} has been imported.")
            return Later(tx.now + WAITING)
        asked = (await store.asked(tx, [item.key]))[item.key]
        before = await store.compared(tx, item.key)
        return Call(Given(dataset, asked, await store.importing(tx, item.key), before))

    async def call(self, attempt: Attempt) -> Unchanged | Found | Imported | NotImported:
        given: Given = attempt.given
        if given.importing is None:
            return await self._looked(given)
        return await self._imported(given.dataset, given.importing, attempt)

    async def _looked(self, given: Given) -> Unchanged | Found:
        dataset, asked, path = given.dataset, given.asked, self._path(given.dataset.name)
        offer = await self._catalogues.offered(dataset)
        if offer.modified and (offer.modified, offer.url) == (asked.modified, asked.url):
            return Unchanged(asked)
        downloaded = await self._catalogues.file(dataset, offer, asked, path)
        asked = replace(asked, modified=offer.modified, url=offer.url)
        if downloaded is None:
            return Unchanged(asked)
        sha256 = await asyncio.to_thread(sha256_of, path)
        asked = replace(asked, etag=downloaded.etag, last_modified=downloaded.last_modified)
        if sha256 == asked.sha256:
            return Unchanged(asked)
        surveyed, _ = await asyncio.to_thread(survey, dataset, path, settings.headings())
        self._files[dataset.name] = sha256
        before = Survey(given.before.header, given.before.rows, 0, given.before.facilities) if given.before else None
        return Found(replace(asked, sha256=sha256), downloaded, surveyed, doubts(dataset.checks, surveyed, before))

    async def _imported(self, dataset: Dataset, vintage: Vintage, attempt: Attempt) -> Imported | NotImported:
        path = self._path(dataset.name)
        if self._files.get(dataset.name) != vintage.sha256:
            offer = await self._catalogues.offered(dataset)
            if (offer.modified, offer.url) != (vintage.modified, vintage.url):
                return NotImported(vintage, "Its file was replaced before it was imported.", is_gone=True)
            await self._catalogues.file(dataset, offer, Asked(dataset.name), path)
            if await asyncio.to_thread(sha256_of, path) != vintage.sha256:
                return NotImported(vintage, "Its file has changed since it was checked.", is_gone=True)
            self._files[dataset.name] = vintage.sha256
        try:
            return Imported(vintage, await import_file(dataset, vintage, path, settings.headings(), attempt.ask))
        except AskFailed as failed:
            if failed.code not in (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_REQUEST):
                raise
            return NotImported(vintage, f"It could not be imported: {failed}")

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        return {attempt.item.key: await self._recorded(attempt, tx) for attempt in attempts}

    async def _recorded(self, attempt: Attempt, tx: Tx) -> Verdict:
        name = attempt.item.key
        match attempt.value:
            case Unchanged(asked):
                await store.remember(tx, replace(asked, asked_at=tx.now, error=None))
            case Found() as found:
                await self._found(found, name, tx)
                if not found.doubts:
                    return Later(attempt.item.due_at)  # it stays the first that is due, and is imported next
            case Imported(vintage, result):
                await store.end_import(tx, vintage, "imported", result.counts, result.note)
                await self._ask_again(settings.published().following(name), tx)
            case NotImported(vintage, reason, is_gone):
                if is_gone:
                    await store.end_import(tx, vintage, "replaced", {}, reason)
                    await store.forget(tx, [name])
                    return Later(tx.now)
                await store.doubt(tx, vintage, reason)
            case _:
                return await self._failed(attempt, tx)
        self._forget_file(name)
        return Later(next_poll(name, tx))

    async def _found(self, found: Found, name: str, tx: Tx) -> None:
        offer, surveyed = found.downloaded.offer, found.survey
        await store.remember(tx, replace(found.asked, asked_at=tx.now, error=None))
        vintage = {
            "dataset": name,
            "state": "waiting" if found.doubts else "importing",
            "modified": offer.modified,
            "as_of": min(offer.changed_on or tx.today, tx.today),
            "url": offer.url,
            "sha256": found.asked.sha256,
            "size": found.downloaded.size,
            "rows": surveyed.rows,
            "unreadable": surveyed.unreadable,
            "facility_count": len(surveyed.facilities),
            "reasons": found.doubts,
            "import_id": uuid4(),
            "found_at": tx.now,
        }
        await store.add(tx, vintage, surveyed.header, surveyed.facilities)

    async def _ask_again(self, names: Sequence[str], tx: Tx) -> None:
        """The facilities that a registry added have further names in files that were imported before."""
        await store.forget(tx, names)
        await work.hasten(tx, KIND, names)

    async def _failed(self, attempt: Attempt, tx: Tx) -> Verdict:
        error = attempt.error
        message = f"{str(error) or type(error).__name__}"
        if attempt.called:
            await store.failed(tx, attempt.item.key, message[:LONGEST_ERROR])
        if isinstance(error, Unavailable) and error.retry_after:
            return Later(tx.now + timedelta(seconds=error.retry_after))
        if isinstance(error, Unreadable):
            return Later(next_poll(attempt.item.key, tx))
        return Retry(message)

    def _path(self, name: str) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="datasets-")
        return Path(self._folder.name, name)

    def _forget_file(self, name: str) -> None:
        self._files.pop(name, None)
        if self._folder is not None:
            self._path(name).unlink(missing_ok=True)

    async def close(self) -> None:
        await self._outbound.aclose()
        if self._folder is not None:
            self._folder.cleanup()


def next_poll(name: str, tx: Tx) -> datetime:
    """When a dataset is asked for next: tomorrow at the pack's time, and some minutes later than others."""
    return poll_on(name, tx.today + timedelta(days=1))


def poll_on(name: str, day: date) -> datetime:
    poll = settings.published().poll
    contact = settings.deployed().outbound_contact
    return instant_at(day, poll.at, settings.timezone()) + poll.delay(name, day, contact)
