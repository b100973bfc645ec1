"""What may a submitted posting say, field by field?

The model is the allow-list (R11): whatever else comes with a posting is named in the answer and goes no further. Text
stays text; only what no reader could see is taken out of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, AnyHttpUrl, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter
from pydantic import ValidationError as Invalid
from pydantic_core import ErrorDetails

from services.ingest import settings
from services.ingest.domain.denied import denied_source, denied_url
from services.ingest.domain.postings import Content, Submission, content_hash, posting_id
from shared.clock import instant_of, local_date

EARLIEST = date(2000, 1, 1)
LONGEST_SOURCE = 60
AHEAD = timedelta(days=1)
"""How far a source's clock may be ahead of ours."""

# Control and format characters and lone surrogates: invisible, and some of them no database stores.
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+")
_HTTP = TypeAdapter(AnyHttpUrl)


def visible(text: str) -> str:
    """Without what nobody can see, and with single blanks."""
    return " ".join((text if text.isprintable() else _INVISIBLE.sub(" ", text)).split())


def _iso(value: object) -> object:
    # A bare number would be taken for seconds since 1970.
    if not (isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}", value)):
        raise ValueError("is no date")
    return value


def _plausible(value: date) -> date:
    if not EARLIEST.year <= value.year < 2200:
        raise ValueError(f"lies outside the years from {EARLIEST.year} to 2199")
    return value


def _web_address(value: str) -> str:
    try:
        _HTTP.validate_python(value)
    except Invalid:
        raise ValueError("is no address that begins with http:// or https://") from None
    site = denied_url(settings.source_rules(), value)
    if site:
        raise ValueError(f"postings from {site} are not taken")
    return value


Code = Annotated[str, BeforeValidator(lambda v: v.upper() if isinstance(v, str) else v)]
Day = Annotated[date, BeforeValidator(_iso), AfterValidator(_plausible)]


class PostingForm(BaseModel):
    """A posting as a source may submit it."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    source: str | None = Field(None, max_length=LONGEST_SOURCE)
    """Only to confirm what the key or the submission says already."""
    source_posting_id: str = Field(max_length=200)
    title: str = Field(max_length=300)
    employer_name: str = Field(max_length=200)
    city: str | None = Field(None, max_length=100)
    state: Code | None = Field(None, pattern=r"^[A-Z]{2}$")
    zip: str | None = Field(None, pattern=r"^\d{5}(-\d{4})?$")
    address: str | None = Field(None, max_length=300)
    phone: str | None = Field(None, max_length=40)
    ccn: Code | None = Field(None, pattern=r"^\d{2}[0-9A-Z]\d{3}$")
    url: Annotated[str, Field(max_length=2_000), AfterValidator(_web_address)] | None = None
    description: str | None = Field(None, max_length=100_000)
    """Read for urgency, then dropped."""
    posted_on: Day | None = None
    seen_at: Annotated[datetime, BeforeValidator(_iso), AfterValidator(_plausible)] | None = None
    """When the source was looked at; receipt, if not said. Without a zone: the deployment's."""
    closed_on: Day | None = None
    """The day on which the posting was gone."""


FIELDS = frozenset(PostingForm.model_fields)


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one raw posting: a submission, or each field's error."""

    submission: Submission | None
    errors: dict[str, str]
    ignored_fields: list[str]


def read(raw: object, source: str | None, now: datetime) -> Reading:
    """Validate and classify one raw posting of a source; never raises for what the posting says.

    Without `source`, the posting names its own.
    """
    if not isinstance(raw, Mapping):
        return Reading(None, {"posting": "is no object with fields"}, [])
    ignored = sorted({visible(str(name))[:60] for name in raw if name not in FIELDS})[:50]
    said = {name: _cleaned(value) for name, value in raw.items() if name in FIELDS}
    form, errors = _form({name: value for name, value in said.items() if value not in ("", None)})
    whose = visible(source or form.source or "")
    errors = _contradictions(form, whose, now) | errors
    return Reading(None if errors else _submission(form, whose, now), errors, ignored)


def _cleaned(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


def _form(said: dict[str, Any]) -> tuple[PostingForm, dict[str, str]]:
    """What is well formed, and what is wrong with the other fields, which are left out."""
    try:
        return PostingForm.model_validate(said), {}
    except Invalid as invalid:
        errors = {str(e["loc"][0]): _message(str(e["loc"][0]), e) for e in invalid.errors()}
    good = {name: value for name, value in said.items() if name not in errors}
    return PostingForm.model_validate(dict.fromkeys(_REQUIRED, "?") | good), errors


def _message(name: str, error: ErrorDetails) -> str:
    """In words for whoever filled in the field, who has never seen a pattern."""
    kind = error["type"]
    if kind == "missing":
        return "is missing"
    if kind == "string_too_long":
        return f"is longer than {error['ctx']['max_length']:,} characters"
    if kind == "value_error" and name not in _SHAPES:
        return error["msg"].removeprefix("Value error, ")
    if kind == "value_error" and "outside" in error["msg"]:
        return error["msg"].removeprefix("Value error, ")
    return _SHAPES.get(name, "must be text")


_REQUIRED = tuple(name for name, field in PostingForm.model_fields.items() if field.is_required())
_SHAPES = {
    "state": "must be two letters, such as NY",
    "zip": "must be five digits, such as 12207, or nine, such as 12207-1234",
    "ccn": "must be six characters, such as 335001",
    "posted_on": "must be a date, such as 2026-07-01",
    "closed_on": "must be a date, such as 2026-07-01",
    "seen_at": "must be a date or a time, such as 2026-07-01 or 2026-07-01T08:30:00Z",
}


def _contradictions(form: PostingForm, source: str, now: datetime) -> dict[str, str]:
    """What is wrong although each field by itself is well formed."""
    errors: dict[str, str] = {}
    if form.source and form.source != source:
        errors["source"] = f"says {form.source!r}, but this submission is that of {source!r}"
    if not 1 <= len(source) <= LONGEST_SOURCE:
        errors["source"] = f"is longer than {LONGEST_SOURCE} characters" if source else "is missing"
    site = denied_source(settings.source_rules(), source)
    if site:
        errors["source"] = f"postings from {site} are not taken"
    if form.seen_at and instant_of(form.seen_at, settings.timezone()) > now + AHEAD:
        errors["seen_at"] = f"lies in the future; it is {now:%Y-%m-%dT%H:%MZ} here"
    if form.closed_on and form.closed_on > local_date(now + AHEAD, settings.timezone()):
        errors["closed_on"] = "lies in the future"
    return errors


def _submission(form: PostingForm, source: str, now: datetime) -> Submission:
    zone = settings.timezone()
    seen_at = instant_of(form.seen_at, zone) if form.seen_at else now
    seen_on = local_date(seen_at, zone)
    content = Content(**{name: getattr(form, name) for name in Content.__dataclass_fields__})
    urgency = settings.classifier().urgency(form.title, form.description)
    return Submission(
        posting_id=posting_id(source, form.source_posting_id),
        source=source,
        source_posting_id=form.source_posting_id,
        content=content,
        content_hash=content_hash(content, urgency, form.closed_on),
        role_family=settings.classifier().role_family(form.title),
        urgency=urgency,
        pack=settings.pack(),
        seen_at=seen_at,
        seen_on=min(seen_on, form.closed_on) if form.closed_on else seen_on,
        closed_on=form.closed_on,
    )
