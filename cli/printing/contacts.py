"""How are people at accounts printed?"""

from __future__ import annotations

from collections.abc import Sequence

from cli.printing import show
from shared.contracts.sequencer_replies import ContactRow


def people(title: str, found: Sequence[ContactRow]) -> None:
    """The people who have a role now, each once, as the latest source names them."""
    latest = {(each.role, each.name): each for each in reversed(found)}
    rows = [
        (each.role, each.name, _latest(found, each, "direct_phone"), _latest(found, each, "email"), each.source_date)
        for each in reversed(latest.values())
    ]
    show.table(title, ["role", "name", "direct phone", "e-mail", "named on"], rows)


def sightings(title: str, found: Sequence[ContactRow]) -> None:
    """Where people were named, newest first."""
    columns = ["role", "name", "now", "named on", "source", "URL", "direct phone", "e-mail"]
    rows = [
        (
            each.role,
            each.name,
            "yes" if each.current else "",
            each.source_date,
            f"{each.source}, found by {each.stated_by}" if each.stated_by else each.source,
            each.source_url,
            each.direct_phone,
            each.email,
        )
        for each in found
    ]
    show.table(title, columns, rows)


def _latest(found: Sequence[ContactRow], of: ContactRow, detail: str) -> str | None:
    """The latest value of a detail that a source states about a person."""
    values = (getattr(each, detail) for each in found if (each.role, each.name) == (of.role, of.name))
    return next(filter(None, values), None)
