"""Which fields may a submitted posting have, and which values?

The model is the allow-list (R11): other fields are reported in the result and dropped. The fields that identify a
posting must be valid. A malformed optional field is repaired if its value is certain, and otherwise left out with a
warning; the posting is still accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache, partial
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, create_model
from pydantic import ValidationError as Invalid

from engines.datasets.text import one_line, quoted
from engines.problems import problems
from services.ingest import settings
from services.ingest.domain import repairs
from services.ingest.domain.denied import denied_url
from services.ingest.domain.postings import Content, Submission, content_hash, posting_id
from services.ingest.domain.roles import MAX_DESCRIPTION
from shared.clock import instant_of, local_date, local_text

LONGEST_SOURCE = 60
LONGEST_DESCRIPTION = 100_000
AHEAD = timedelta(days=1)
"""How far a source's clock may be ahead of ours."""


def _line_or_none(value: Any) -> str | None:
    return repairs.line(value) or None


def _description(value: Any) -> str | None:
    return repairs.line(value[:MAX_DESCRIPTION] if isinstance(value, str) else value) or None


def _zip(value: Any, info: ValidationInfo) -> str | None:
    return repairs.zip_code(value, info.data.get("state"))


def _day(value: Any) -> date | None:
    found = repairs.day(value)
    return local_date(found, settings.timezone()) if isinstance(found, datetime) else found


def _text(max_length: int) -> Any:
    """An optional text of at most this many characters."""
    return Annotated[Annotated[str, Field(max_length=max_length)] | None, BeforeValidator(_line_or_none)]


# Limits are those of the inner `str`: after a validator in Python, pydantic would check them in Python as well.
SourceId = Annotated[Annotated[str, Field(min_length=1, max_length=200)], BeforeValidator(repairs.id_of)]
SourceName = Annotated[Annotated[str, Field(max_length=LONGEST_SOURCE)], BeforeValidator(repairs.id_of)]
Title = Annotated[Annotated[str, Field(min_length=1, max_length=300)], BeforeValidator(repairs.line)]
EmployerName = Annotated[Annotated[str, Field(min_length=1, max_length=200)], BeforeValidator(repairs.line)]
Day = Annotated[date | None, BeforeValidator(_day)]


class PostingForm(BaseModel):
    """A posting as a source may submit it. Numbers are accepted as text.

    An invalid optional field is left out with a warning.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    source: SourceName | None = None
    """Confirms the source of the API key or the submission."""
    source_posting_id: SourceId
    """The source's id. 4001, 4001.0 and "4001" are the same posting."""
    title: Title
    employer_name: EmployerName
    city: _text(100) = None  # type: ignore[valid-type]
    state: Annotated[str | None, BeforeValidator(repairs.state)] = None
    """Two letters, or the name of the state."""
    zip: Annotated[str | None, BeforeValidator(_zip)] = None
    """Five or nine digits."""
    address: _text(300) = None  # type: ignore[valid-type]
    phone: Annotated[str | None, BeforeValidator(repairs.phone)] = None
    url: Annotated[Annotated[str, Field(max_length=2_000)] | None, BeforeValidator(repairs.url)] = None
    description: Annotated[str | None, BeforeValidator(_description)] = None
    """Its first 20,000 characters determine the urgency; it is not stored."""
    posted_on: Day = None
    seen_at: Annotated[datetime | None, BeforeValidator(repairs.moment)] = None
    """When the posting was seen at its source; the time of receipt by default. The default zone is the deployment's."""
    closed_on: Day = None
    """The day on which the posting was closed."""


_REQUIRED = tuple(name for name, field in PostingForm.model_fields.items() if field.is_required())


@cache
def form() -> type[PostingForm]:
    """The model with a field for the pack's account key, by which a source may state the facility."""
    key = settings.headings().key
    stated = Annotated[str | None, BeforeValidator(partial(repairs.facility_id, key=key))]
    described = Field(None, description=f"{key.title}: {key.form}.")
    fields: Any = {key.column: (stated, described)}
    return create_model("PostingForm", __base__=PostingForm, __doc__=PostingForm.__doc__, **fields)


@cache
def _names() -> frozenset[str]:
    """The fields of the form. Pydantic looks them up anew each time that it is asked."""
    return frozenset(form().model_fields)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for a posting whose text could not be read."""

    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading a raw posting: a submission or the errors of its fields, and what was left out."""

    submission: Submission | None
    errors: dict[str, str]
    ignored_fields: list[str]
    warnings: dict[str, str] = field(default_factory=dict)


def _ignored(names: Iterable[str]) -> list[str]:
    """The names of unknown fields, with long names and long lists shortened."""
    lines = (one_line(name[:600]) for name in names)
    found = sorted({name if len(name) <= 60 else f"{name[:59]}…" for name in lines})
    return found if len(found) <= 50 else [*found[:49], f"... and {len(found) - 49} more"]


def read(raw: object, source: str | None, now: datetime) -> Reading:
    """Validate and classify one raw posting of a source. Invalid content never raises an error.

    Without `source`, the posting names its own.
    """
    if isinstance(raw, Unreadable):
        return Reading(None, {"posting": raw.why}, [])
    if not isinstance(raw, Mapping):
        return Reading(None, {"posting": "must be an object with fields"}, [])
    names = _names()
    ignored = _ignored(str(name) for name in raw if name not in names)
    given = {name: value for name, value in raw.items() if name in names and value is not None and value != ""}
    posting, wrong = _form(given)
    whose = one_line(source or posting.source or "")
    contradictions = {} if "source" in wrong else _contradictions(posting, given.get("url"), whose, now)
    warned = _warnings(posting, given, now)
    if contradictions or any(name in _REQUIRED or name == "source" for name in wrong):
        # All problems are reported at once.
        return Reading(None, warned | wrong | contradictions, ignored)
    warnings = {name: _left_out(given[name], problem) for name, problem in wrong.items()} | warned
    return Reading(_submission(posting, whose, now), {}, ignored, warnings)


def _form(given: dict[str, Any]) -> tuple[PostingForm, dict[str, str]]:
    """The valid fields, and the errors of the others, which are left out."""
    try:
        return form().model_validate(given), {}
    except Invalid as invalid:
        wrong = problems(invalid, "posting")
    good = {name: value for name, value in given.items() if name not in wrong}
    return form().model_validate(dict.fromkeys(_REQUIRED, "?") | good), wrong


def _left_out(value: object, problem: str) -> str:
    what = quoted(str(value)) if isinstance(value, str | int | float) else "the value"
    return f"{what} was left out: {problem}"


def _contradictions(posting: PostingForm, url: object, source: str, now: datetime) -> dict[str, str]:
    """Errors of fields that are valid by themselves."""
    errors: dict[str, str] = {}
    zone = settings.timezone()
    if posting.source and posting.source != source:
        errors["source"] = f"is {posting.source!r}, but this submission is from {quoted(source)}"
    if not 1 <= len(source) <= LONGEST_SOURCE:
        errors["source"] = f"is longer than {LONGEST_SOURCE} characters" if source else "is missing"
    if site := _denied_source(source):
        errors["source"] = f"postings from {site} are not accepted"
    if why := _denied_url(posting.url, url):
        errors["url"] = why
    if posting.seen_at and (seen := instant_of(posting.seen_at, zone)) > now + AHEAD:
        errors["seen_at"] = (
            f"{local_text(seen, zone)} is in the future: the clock of this deployment shows {local_text(now, zone)}"
            " (in a simulation, the simulated time)"
        )
    return errors


@lru_cache(maxsize=1_000)
def _denied_source(source: str) -> str | None:
    return settings.deny_list().name(source)


def _denied_url(url: str | None, given: object) -> str | None:
    """Why a URL is not accepted; one that is not valid is denied as well if it contains the name of a site."""
    denied = settings.deny_list()
    text = url or str(given or "")[:2_000]
    if why := denied_url(denied, text):
        return why
    site = None if url else denied.name(text)
    return f"postings from {site} are not accepted" if site else None


def _warnings(posting: PostingForm, given: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """Warnings about valid fields that were left out or shortened."""
    found: dict[str, str] = {}
    if _not_yet(posting, now):
        found["closed_on"] = f"{posting.closed_on} was left out: it is in the future; the posting is open until then"
    if isinstance(given.get("description"), str) and len(given["description"]) > LONGEST_DESCRIPTION:
        found["description"] = (
            f"is longer than {LONGEST_DESCRIPTION:,} characters; its first {MAX_DESCRIPTION:,} were read"
        )
    return found


def _not_yet(posting: PostingForm, now: datetime) -> bool:
    return posting.closed_on is not None and posting.closed_on > local_date(now + AHEAD, settings.timezone())


def _submission(posting: PostingForm, source: str, now: datetime) -> Submission:
    zone = settings.timezone()
    seen_at = instant_of(posting.seen_at, zone) if posting.seen_at else now
    seen_on = local_date(seen_at, zone)
    closed_on = None if _not_yet(posting, now) else posting.closed_on
    content = Content(
        title=posting.title,
        employer_name=posting.employer_name,
        city=posting.city,
        state=posting.state,
        zip=posting.zip,
        address=posting.address,
        phone=posting.phone,
        facility_id=getattr(posting, settings.headings().key.column),
        url=posting.url,
        posted_on=posting.posted_on,
    )
    urgency = settings.classifier().urgency(posting.title, posting.description)
    return Submission(
        posting_id=posting_id(source, posting.source_posting_id),
        source=source,
        source_posting_id=posting.source_posting_id,
        content=content,
        content_hash=content_hash(content, urgency, closed_on),
        role_family=settings.classifier().role_family(posting.title),
        urgency=urgency,
        pack=settings.pack(),
        seen_at=seen_at,
        seen_on=min(seen_on, closed_on) if closed_on else seen_on,
        closed_on=closed_on,
    )
