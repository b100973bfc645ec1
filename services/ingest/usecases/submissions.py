"""What may a submitted posting say, field by field?

The model is the allow-list (R11): whatever else comes with a posting is named in the answer and goes no further. What
identifies a posting must be there and be right. Of the rest, a field of doubtful form is repaired where its meaning is
certain, and else left out with a warning: it never loses the posting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, create_model
from pydantic import ValidationError as Invalid

from engines.datasets.text import one_line, shown
from services.ingest import settings
from services.ingest.domain import repairs
from services.ingest.domain.denied import denied_source, denied_url
from services.ingest.domain.postings import Content, Submission, content_hash, posting_id
from services.ingest.domain.roles import READ_AT_MOST
from shared.clock import instant_of, local_date, local_text
from shared.problems import problems

LONGEST_SOURCE = 60
LONGEST_DESCRIPTION = 100_000
AHEAD = timedelta(days=1)
"""How far a source's clock may be ahead of ours."""


def _line_or_none(value: Any) -> str | None:
    return repairs.line(value) or None


def _description(value: Any) -> str | None:
    return repairs.line(value[:READ_AT_MOST] if isinstance(value, str) else value) or None


def _zip(value: Any, info: ValidationInfo) -> str | None:
    return repairs.zip_code(value, info.data.get("state"))


def _day(value: Any) -> date | None:
    found = repairs.day(value)
    return local_date(found, settings.timezone()) if isinstance(found, datetime) else found


def _text(most: int) -> Any:
    """A text of at most so many characters, or nothing."""
    return Annotated[Annotated[str, Field(max_length=most)] | None, BeforeValidator(_line_or_none)]


SourceId = Annotated[str, BeforeValidator(repairs.id_of), Field(min_length=1, max_length=200)]
Line = BeforeValidator(repairs.line)
Day = Annotated[date | None, BeforeValidator(_day)]


class PostingForm(BaseModel):
    """A posting as a source may submit it. Numbers are taken where text is expected.

    A field that is not required and cannot be read is left out with a warning.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    source: Annotated[str, BeforeValidator(repairs.id_of), Field(max_length=LONGEST_SOURCE)] | None = None
    """Only to confirm what the key or the submission says already."""
    source_posting_id: SourceId
    """What the source calls it. 4001, 4001.0 and "4001" are one posting."""
    title: Annotated[str, Line, Field(min_length=1, max_length=300)]
    employer_name: Annotated[str, Line, Field(min_length=1, max_length=200)]
    city: _text(100) = None  # type: ignore[valid-type]
    state: Annotated[str | None, BeforeValidator(repairs.state)] = None
    """Two letters or the state's name."""
    zip: Annotated[str | None, BeforeValidator(_zip)] = None
    """Five digits or nine."""
    address: _text(300) = None  # type: ignore[valid-type]
    phone: Annotated[str | None, BeforeValidator(repairs.phone)] = None
    url: Annotated[Annotated[str, Field(max_length=2_000)] | None, BeforeValidator(repairs.web_address)] = None
    description: Annotated[str | None, BeforeValidator(_description)] = None
    """Read for urgency as far as its first 20,000 characters, then dropped."""
    posted_on: Day = None
    seen_at: Annotated[datetime | None, BeforeValidator(repairs.moment)] = None
    """When the source was looked at; receipt, if not said. Without a zone: the deployment's."""
    closed_on: Day = None
    """The day on which the posting was gone."""


_REQUIRED = tuple(name for name, field in PostingForm.model_fields.items() if field.is_required())


@cache
def form() -> type[PostingForm]:
    """With the column of the pack's account key, where a source says which facility it means."""
    key = settings.headings().key
    stated = Annotated[str | None, BeforeValidator(partial(repairs.facility_id, key=key))]
    described = Field(None, description=f"{key.title}: {key.form}.")
    fields: Any = {key.column: (stated, described)}
    return create_model("PostingForm", __base__=PostingForm, __doc__=PostingForm.__doc__, **fields)


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one raw posting: a submission, or each field's error; and what was left out of it."""

    submission: Submission | None
    errors: dict[str, str]
    ignored_fields: list[str]
    warnings: dict[str, str] = field(default_factory=dict)


def _ignored(names: Iterable[str]) -> list[str]:
    """The first fields that are not taken, by name; of a long name the beginning, and of many how many more."""
    lines = (one_line(name[:600]) for name in names)
    found = sorted({name if len(name) <= 60 else f"{name[:59]}…" for name in lines})
    return found if len(found) <= 50 else [*found[:49], f"... and {len(found) - 49} more"]


def read(raw: object, source: str | None, now: datetime) -> Reading:
    """Validate and classify one raw posting of a source; never raises for what the posting says.

    Without `source`, the posting names its own.
    """
    if not isinstance(raw, Mapping):
        return Reading(None, {"posting": "is no object with fields"}, [])
    ignored = _ignored(str(name) for name in raw if name not in form().model_fields)
    said = {
        name: value for name, value in raw.items() if name in form().model_fields and value is not None and value != ""
    }
    posting, wrong = _form(said)
    whose = one_line(source or posting.source or "")
    contradictions = {} if "source" in wrong else _contradictions(posting, said.get("url"), whose, now)
    doubts = _doubts(posting, said, now)
    if contradictions or any(name in _REQUIRED or name == "source" for name in wrong):
        # Whoever has to mend it learns everything at once.
        return Reading(None, doubts | wrong | contradictions, ignored)
    warnings = {name: _left_out(said[name], problem) for name, problem in wrong.items()} | doubts
    return Reading(_submission(posting, whose, now), {}, ignored, warnings)


def _form(said: dict[str, Any]) -> tuple[PostingForm, dict[str, str]]:
    """What is well formed, and what is wrong with the other fields, which are left out."""
    try:
        return form().model_validate(said), {}
    except Invalid as invalid:
        wrong = problems(invalid, "posting")
    good = {name: value for name, value in said.items() if name not in wrong}
    return form().model_validate(dict.fromkeys(_REQUIRED, "?") | good), wrong


def _left_out(value: object, problem: str) -> str:
    what = shown(str(value)) if isinstance(value, str | int | float) else "what was sent"
    return f"{what} was left out: {problem}"


def _contradictions(posting: PostingForm, url: object, source: str, now: datetime) -> dict[str, str]:
    """What is wrong although each field by itself is well formed."""
    errors: dict[str, str] = {}
    rules, zone = settings.source_rules(), settings.timezone()
    if posting.source and posting.source != source:
        errors["source"] = f"says {posting.source!r}, but this submission is that of {shown(source)}"
    if not 1 <= len(source) <= LONGEST_SOURCE:
        errors["source"] = f"is longer than {LONGEST_SOURCE} characters" if source else "is missing"
    if site := denied_source(rules, source):
        errors["source"] = f"postings from {site} are not taken"
    # Of an address that cannot be read it is enough that it names the site.
    site = denied_url(rules, posting.url) if posting.url else denied_source(rules, str(url or "")[:2_000])
    if site:
        errors["url"] = f"postings from {site} are not taken"
    if posting.seen_at and (seen := instant_of(posting.seen_at, zone)) > now + AHEAD:
        errors["seen_at"] = (
            f"{local_text(seen, zone)} lies in the future: the clock of this deployment says {local_text(now, zone)}"
            " (in a simulation, the time that is simulated)"
        )
    return errors


def _doubts(posting: PostingForm, said: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """What was left out although it is well formed."""
    doubts: dict[str, str] = {}
    if _not_yet(posting, now):
        doubts["closed_on"] = f"{posting.closed_on} was left out: it lies in the future; the posting is open until then"
    if isinstance(said.get("description"), str) and len(said["description"]) > LONGEST_DESCRIPTION:
        doubts["description"] = (
            f"is longer than {LONGEST_DESCRIPTION:,} characters; its first {READ_AT_MOST:,} were read"
        )
    return doubts


def _not_yet(posting: PostingForm, now: datetime) -> bool:
    return posting.closed_on is not None and posting.closed_on > local_date(now + AHEAD, settings.timezone())


def _submission(posting: PostingForm, source: str, now: datetime) -> Submission:
    zone = settings.timezone()
    seen_at = instant_of(posting.seen_at, zone) if posting.seen_at else now
    seen_on = local_date(seen_at, zone)
    closed_on = None if _not_yet(posting, now) else posting.closed_on
    stated = getattr(posting, settings.headings().key.column)
    content = Content(**{name: getattr(posting, name, stated) for name in Content.__dataclass_fields__})
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
