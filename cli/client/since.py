"""Which instant does an option `--since` state?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from cli.client.clock import deployment
from shared.clock import instant_of

UNITS = {"d": "days", "h": "hours", "m": "minutes"}

Since = Annotated[
    str | None,
    typer.Option(
        help="Only what was published since: 2d, 6h, 30m, or 2026-07-01T06:00 by the deployment's clock. Real time."
    ),
]


def instant(text: str | None) -> datetime | None:
    """The instant of `2d`, or of a time, which is in the deployment's zone if it has no zone.

    Raises `BadParameter`; a time without a zone requires a request to a service, which may raise `AskFailed`.
    """
    if text is None:
        return None
    try:
        if text[-1:] in UNITS and text[:-1].isdigit():
            return datetime.now(UTC) - timedelta(**{UNITS[text[-1]]: int(text[:-1])})
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else instant_of(moment, deployment().timezone)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text!r} is not a time; write it like 2d, 6h, 30m or 2026-07-01T06:00.") from None
