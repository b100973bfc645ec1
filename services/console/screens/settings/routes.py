"""Oneself, the users, and what people did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from services.console.domain.addresses import address_of, whole_number
from services.console.domain.sessions import Session
from services.console.rendering.shapes import Choice, Slice
from services.console.rendering.sheets import streamed
from services.console.screens.pages import Page
from services.console.screens.settings import oneself, people
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.calendars import routes as calendars
from services.console.screens.settings.crm import routes as crm
from services.console.screens.settings.datasets import routes as datasets
from services.console.screens.settings.deliveries import routes as deliveries
from services.console.screens.settings.keys import routes as keys
from services.console.screens.settings.notices import routes as notices
from services.console.screens.settings.packs import routes as packs
from services.console.screens.settings.services import routes as services
from services.console.screens.settings.sources import routes as sources
from services.console.screens.settings.suppressions import routes as suppressions
from services.console.screens.settings.view import Audit, Deed
from services.console.screens.settings.webhooks import routes as webhooks
from services.console.store import audit
from services.console.usecases.addresses import reading_address
from services.console.usecases.auditing import broken_among, record
from services.console.usecases.framing import zone_of
from services.console.usecases.seeing import begin, refuse_unseen
from shared.clock import local_text
from shared.http.backend import backend_of

MOST = 50
"""Rows on a page of the audit log."""
LONGEST = 200


async def audit_list(request: Request, session: Session) -> Response:
    """The rows that the role may see, the latest first."""
    chosen = _chosen(request)
    with reading_address():
        before = whole_number(request.query_params.get("before") or "0") or None
    async with begin(request, session) as tx:
        total = await audit.count(tx, *chosen.values())
        rows = await audit.latest(tx, *chosen.values(), before=before, limit=MOST + 1)
        left = await audit.count(tx, *chosen.values(), before=before) if before else total
        broken = await broken_among(tx, [each.audit_no for each in rows[:MOST]])
    view = Audit(
        sections=sections_of(session, "audit"),
        sentence=f"{total:,} rows" if session.role != "rep" else f"{total:,} rows of yours",
        query=chosen["q"],
        kept=tuple((name, value) for name, value in chosen.items() if value and name != "q"),
        filters=_filters(session, **chosen),
        rows=tuple(map(_deed, rows[:MOST])),
        slice=_slice(total, left, rows, chosen),
        broken_at=broken,
        csv=_address("/settings/audit.csv", **chosen) if session.can_see("exports") else "",
    )
    async with begin(request, session) as tx:
        return await section_page(request, session, tx, "settings/audit.html", view)


async def audit_csv(request: Request, session: Session) -> Response:
    """The same rows, all of them, as CSV; that is recorded as well."""
    refuse_unseen(session, "exports")
    chosen = _chosen(request)
    async with begin(request, session) as tx:
        found, before = list[Deed](), None
        while rows := await audit.latest(tx, *chosen.values(), before=before, limit=audit.PAGE):
            found += map(_deed, rows)
            before = rows[-1].audit_no
    async with backend_of(request).begin() as tx:
        await record(tx, session, "export", "audit", {"rows": len(found)})
    zone = zone_of(session)
    cells = [(r.number, local_text(r.at, zone), r.name, r.role, r.action, r.target, _text(r), r.outcome) for r in found]
    head = ("no.", "at", "who", "role", "what", "target", "details", "outcome")
    return streamed("audit.csv", head, cells)


def _chosen(request: Request) -> dict[str, str]:
    """By which columns the address narrows the log."""
    return {name: request.query_params.get(name, "").strip()[:LONGEST] for name in ("name", "outcome", "q")}


def _text(row: Deed) -> str:
    return ", ".join(f"{name}: {value}" for name, value in row.details)


def _deed(row: audit.Row) -> Deed:
    details = tuple((name, _stated(value)) for name, value in row.details.items() if str(value) != row.target)
    outcome = {"unconfirmed": "not confirmed"}.get(row.outcome or "", row.outcome or "done")
    return Deed(row.audit_no, row.at, row.name, row.role, row.action, row.target, details, row.hash[:8], outcome)


def _stated(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _filters(session: Session, name: str, outcome: str, q: str) -> tuple[Choice, ...]:
    mine = name == session.name
    refused = outcome == "refused"
    return (
        Choice("Mine", _address(name="" if mine else session.name, outcome=outcome, q=q), mine),
        Choice("Refused", _address(name=name, outcome="" if refused else "refused", q=q), refused),
    )


def _slice(total: int, left: int, rows: Sequence[audit.Row], filters: Mapping[str, str]) -> Slice | None:
    if not rows:
        return None
    shown, first = rows[:MOST], total - left + 1
    older = _address(**filters, before=str(shown[-1].audit_no)) if len(rows) > MOST else ""
    return Slice(first, first + len(shown) - 1, total, _address(**filters) if first > 1 else "", older)


def _address(path: str = "/settings/audit", **fields: str) -> str:
    return address_of(path, fields)


PAGES: tuple[Page, ...] = (
    *oneself.PAGES,
    *people.PAGES,
    Page("/settings/audit", "audit", audit_list),
    Page("/settings/audit.csv", "audit", audit_csv),
    *keys.PAGES,
    *sources.PAGES,
    *datasets.PAGES,
    *packs.PAGES,
    *suppressions.PAGES,
    *deliveries.PAGES,
    *webhooks.PAGES,
    *crm.PAGES,
    *calendars.PAGES,
    *notices.PAGES,
    *services.PAGES,
)
