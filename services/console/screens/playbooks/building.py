"""How do a playbook and the accounts that match it become the page?"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from engines.drafting.accounts import Account, Line, reason_of
from engines.reports.pack import Playbook
from engines.reports.rows import Words, text_of
from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.filters import day
from services.console.screens.playbooks.queries import Row
from services.console.screens.playbooks.view import Match
from services.console.usecases.scores import score_of
from services.console.usecases.texts import place

REASONS = 3


def account_of(row: Row) -> Account:
    """What the pack's conditions and texts are about."""
    lines = (
        Line(
            each["factor"],
            each["label"],
            each["evidence"],
            Decimal(each["points"]),
            each["known"],
            weightless=not Decimal(each["weight"]),
        )
        for each in row.breakdown
    )
    return Account(row.facility_id, row.name, row.city, row.state, row.tier, row.score, tuple(lines))


def match(row: Row, account: Account, playbook: Playbook, words: Words, marked: Collection[str], who: Session) -> Match:
    return Match(
        id=row.facility_id,
        href=f"/facilities/{row.facility_id}",
        name=settings.usual_name(row.name),
        place=place(row.city, row.state),
        score=score_of(row.score, row.tier, {"breakdown": row.breakdown, "score": row.score}),
        why=" · ".join(_reasons(account)),
        snippet=text_of(account, f"{{{{ {playbook.snippet} }}}}", words),
        contacted=day(row.touched_on) if row.touched_on else "",
        bookmarked=row.facility_id in marked,
        markable=who.can("touches", own=row.owner == who.rep),
    )


def _reasons(account: Account) -> list[str]:
    """The evidence of the factors with the most points."""
    counted = sorted((line for line in account.lines if line.points > 0), key=lambda line: -line.points)
    return [f"{line.label}: {reason_of(line.evidence)}" for line in counted[:REASONS]]
