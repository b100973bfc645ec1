"""What does an intake form state, and what may a lead not enter without? (R50)"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from services.sequencer.domain.leads import Lead
from services.sequencer.domain.stages import Field, Stage, Stages


class Invalid(ValueError):
    """A value of the form is not of its type, or there is no such field; the message is for the person."""


def filled(lead: Lead, values: Mapping[str, str], form: Iterable[Field]) -> dict[str, str]:
    """The form of a lead after some values were stated; an empty value removes one. Raises `Invalid`."""
    fields = {each.field: each for each in form}
    if unknown := [name for name in values if name not in fields]:
        raise Invalid(f"{unknown[0]!r} is no field of the intake form; its fields are {', '.join(fields)}")
    stated = lead.intake | {name: _value(fields[name], text) for name, text in values.items()}
    return {name: stated[name] for name in fields if stated.get(name)}


def missing(lead: Lead, form: Iterable[Field]) -> list[str]:
    """The labels of the required fields that are not stated."""
    return [each.label for each in form if each.required and not lead.intake.get(each.field)]


def why_not_enter(lead: Lead, stage: Stage, stages: Stages, reason: str | None) -> str | None:
    """What a lead needs before it enters a stage; None if nothing."""
    if "intake" in stage.needs and (absent := missing(lead, stages.intake)):
        return f"the intake form is incomplete: {', '.join(absent)}"
    return "a reason is needed" if "reason" in stage.needs and not reason else None


def _value(field: Field, text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    match field.type:
        case "integer" | "number":
            return _number(field, text)
        case "date":
            return _day(field, text)
        case _:
            return text


def _number(field: Field, text: str) -> str:
    whole = field.type == "integer"
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    if not re.fullmatch(r"\d{1,12}(\.0*)?" if whole else r"\d{1,12}(\.\d{0,6})?|\.\d{1,6}", plain, re.ASCII):
        raise Invalid(f"{field.field} {text!r} is not {'a whole number' if whole else 'a number'} of 0 or more")
    return f"{Decimal(plain).normalize():f}"


def _day(field: Field, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Invalid(f"{field.field} {text!r} is not a date; write it as YYYY-MM-DD, such as 2026-09-01") from None
