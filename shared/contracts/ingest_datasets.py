"""Which questions and commands about published datasets does ingest handle?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shared.contracts.limits import MAX_INT, LongText, ShortText
from shared.contracts.requests import Command, Question, Reply

VintageState = Literal["waiting", "importing", "imported", "refused", "replaced"]
DatasetName = Annotated[ShortText, Field(min_length=1)]


class OfDataset(BaseModel):
    """The part of a request that names a dataset of the pack."""

    name: DatasetName


class OfVintage(OfDataset):
    """The part of a command that names a vintage, by its number among those of its dataset."""

    vintage: int = Field(ge=1, le=MAX_INT)


class Vintage(Reply):
    """A version of a dataset that was downloaded."""

    vintage: int
    state: VintageState
    """`waiting` for a person, with `reasons`; `refused` by one; `replaced` by a newer one before it was imported."""
    modified: str
    """When it was changed, as the catalogue states it."""
    as_of: date
    """The day of its rows, if they do not state theirs."""
    url: str | None
    sha256: str
    size: int
    rows: int
    unreadable: int
    facilities: int
    reasons: list[str]
    found_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    imported_at: datetime | None
    counts: dict[str, int]
    """The result of its import."""
    note: str | None


class Dataset(Reply):
    """A dataset of the pack, and its latest vintage."""

    name: str
    title: str
    catalogue: str
    id: str
    imports: str
    polled: bool
    """Whether this deployment asks for it; if not, no one to contact is named."""
    modified: str | None
    """What the catalogue offered last."""
    asked_at: datetime | None
    next_at: datetime | None
    error: str | None
    """Why the last request for it failed."""
    vintage: Vintage | None


class DatasetHistory(Reply):
    """A dataset and its vintages, the latest first."""

    dataset: Dataset
    vintages: list[Vintage]


class Datasets(Question[list[Dataset]]):
    """Which datasets are polled, and what came of it?"""


class ShowDataset(OfDataset, Question[DatasetHistory]):
    """Which vintages of a dataset were there?"""


class CheckDataset(OfDataset, Command[Dataset]):
    """Ask the catalogue for a dataset now, and download it even if the catalogue does not state a change."""


class AcceptVintage(OfVintage, Command[Vintage]):
    """Import a vintage that waits for a person."""


class RefuseVintage(OfVintage, Command[Vintage]):
    """Do not import a vintage that waits for a person; the next one is checked against the last imported."""

    reason: LongText = ""
