"""Playbooks of the pack: the accounts that match a filter, with what is written to them; the same as CSV (R80)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from engines.drafting.accounts import Account
from engines.reports.choosing import least_score, matches
from engines.reports.pack import Playbook, in_words
from engines.reports.rows import Words, listed
from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.rendering.shapes import Choice, slice_of
from services.console.rendering.sheets import streamed
from services.console.screens.pages import Page
from services.console.screens.playbooks import queries
from services.console.screens.playbooks.building import account_of, match
from services.console.screens.playbooks.queries import Row
from services.console.screens.playbooks.view import Playbooks
from services.console.store import team
from services.console.usecases.addresses import page_of
from services.console.usecases.asking import asked as ask
from services.console.usecases.auditing import record
from services.console.usecases.framing import frame
from services.console.usecases.playbooks import (
    factor_labels,
    outreach,
    playbooks,
    reports,
    sent_outcome,
    subjects,
    tier_labels,
)
from services.console.usecases.seeing import begin, refuse_undone
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_touches import Bookmarks
from shared.storage.database import Tx

ROWS = 50
ABOUT = "facility,score,touch,account"
NONE = Playbooks((), "", "", "", (), (), None)


async def show(request: Request, session: Session) -> Response:
    playbook, page = _chosen(request), page_of(request)
    marked = await ask(request, Bookmarks()) if playbook else []
    missing = ["Bookmarks are not shown: the sequencer does not answer."] if marked is None else []
    bookmarks = {each.facility_id for each in marked or ()}
    async with begin(request, session) as tx:
        view = await _view(tx, session, playbook, bookmarks, page) if playbook else NONE
        around = await frame(request, session, tx, "Playbooks", "playbooks", missing=missing, about=ABOUT)
    return HTMLResponse(render("playbooks/page.html", frame=around, tabs=tabs(around.groups), view=view))


async def export(request: Request, session: Session) -> Response:
    """The list of a playbook as CSV, with the columns of its report, which the audit log records.

    A rep gets the rep's own accounts.
    """
    refuse_undone(session, "exports", own=bool(session.rep))
    playbook = _chosen(request)
    if playbook is None or playbook.report not in reports():
        raise Refused("There is no such list.", 404)
    report = reports()[playbook.report]
    async with begin(request, session) as tx:
        found, names = await _matching(tx, playbook), await team.names(tx)
        if not session.can("exports", own=False):
            found = [each for each in found if each[0].owner == session.rep]
        await record(tx, session, "export_playbook", playbook.name, {"rows": len(found)})
        words = _words(tx)
    more = {
        row.facility_id: {
            "owner": names.get(row.owner or "", row.owner or ""),
            "last_contacted_on": str(row.touched_on or ""),
            "days_since_outreach": str((words.on - row.touched_on).days) if row.touched_on else "",
        }
        for row, _ in found
    }
    content = listed(replace(report, where=()), (account for _, account in found), words, more)
    return streamed(f"{playbook.name}.csv", content.header, [row.cells for row in content.rows])


async def _view(tx: Tx, session: Session, playbook: Playbook, bookmarks: set[str], page: int) -> Playbooks:
    found, words = await _matching(tx, playbook), _words(tx)
    shown = found[(page - 1) * ROWS : page * ROWS]
    path = f"/playbooks/{playbook.name}"
    return Playbooks(
        entries=tuple(
            Choice(each.title, f"/playbooks/{name}", name == playbook.name) for name, each in playbooks().items()
        ),
        title=playbook.title,
        filter=f"{in_words(playbook.where, factor_labels())}.",
        focus=f"{playbook.focus}. Asks for: {playbook.cta}.",
        subjects=subjects(playbook.name),
        rows=tuple(match(row, account, playbook, words, bookmarks, session) for row, account in shown),
        slice=slice_of(page, ROWS, len(found), lambda number: f"{path}?page={number}"),
        csv=f"{path}.csv" if session.can("exports", own=bool(session.rep)) else "",
        sent=sent_outcome(),
    )


async def _matching(tx: Tx, playbook: Playbook) -> list[tuple[Row, Account]]:
    """The accounts of a playbook and of its report, the highest score first."""
    report = reports().get(playbook.report)
    where = (*playbook.where, *(report.where if report else ()))
    rows = await queries.prospects(tx, least_score(where))
    return [(row, account) for row in rows if matches(account := account_of(row), where)]


def _words(tx: Tx) -> Words:
    return Words(outreach(), tier_labels(), tx.today)


def _chosen(request: Request) -> Playbook | None:
    """The playbook of the address, or the first one; None if the pack has none."""
    known = playbooks()
    name = request.path_params.get("name")
    if name is not None and name not in known:
        raise Refused("The pack has no such playbook.", 404)
    return known[name] if name else next(iter(known.values()), None)


PAGES: Sequence[Page] = (
    Page("/playbooks", SCREENS["playbooks"], show),
    Page("/playbooks/{name}.csv", SCREENS["playbooks"], export),
    Page("/playbooks/{name}", SCREENS["playbooks"], show),
)
