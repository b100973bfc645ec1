"""The list of accounts: narrowed by facets, sorted by columns, the same as CSV; and the members of a chain."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console import settings
from services.console.domain.filtering import Filter
from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.rendering.sheets import streamed
from services.console.screens.facilities.building import Known, facilities, stage_of
from services.console.screens.pages import Page
from services.console.store import accounts, team
from services.console.store.scores import scores
from services.console.usecases.addresses import reading_address
from services.console.usecases.auditing import record
from services.console.usecases.framing import frame, words_of_pack
from services.console.usecases.seeing import begin, refuse_undone
from shared.storage.database import Tx

ABOUT = "account,facility,lead,score,sla,task,touch"
HEADINGS = ("number", "name", "city", "state", "chain", "tier", "score", "urgency", "stage", "owner", "last contact")


async def show(request: Request, session: Session) -> Response:
    return await _list(request, session, asked_of(request), words_of_pack().accounts.capitalize())


async def show_chain(request: Request, session: Session) -> Response:
    """The members of a chain, and what runs for all of them."""
    chain = request.path_params["chain"]
    query = {**request.query_params, "chain": chain}
    asked = asked_of(request, query)
    async with begin(request, session) as tx:
        running = await accounts.sequence_of_chain(tx, chain)
    titles = {name: each.title for name, each in settings.sequences().items()}
    runs = [
        f"{titles.get(each['sequence'], each['sequence'])} {each['status']}, for {each['covers']} of them"
        for each in running
    ]
    return await _list(request, session, asked, settings.usual_name(chain), ". ".join(runs))


async def _list(request: Request, session: Session, asked: Filter, title: str, sentence: str = "") -> Response:
    async with begin(request, session) as tx:
        known = await _known(tx, asked)
        view = facilities(asked, known, csv=csv_of(session, asked), sentence=sentence)
        saves = "" if "chain" in request.path_params else "/facilities"
        around = await frame(request, session, tx, title, "facilities", about=ABOUT, saves=saves)
    return HTMLResponse(render("facilities/page.html", frame=around, tabs=tabs(around.groups), view=view))


async def export(request: Request, session: Session) -> Response:
    """All rows of the list as CSV, which the audit log records."""
    asked = asked_of(request)
    refuse_undone(session, "exports", own=_own(session, asked))
    async with begin(request, session) as tx:
        found, names = await accounts.rows(tx, asked, limit=None), await team.names(tx)
        await record(tx, session, "export_facilities", asked.href()[:300], {"rows": len(found)})
    rows = (
        (each.facility_id, settings.usual_name(each.name or ""), settings.usual_name(each.city or ""), each.state,
            each.chain, each.tier, each.score, each.urgency, stage_of(each), names.get(each.owner or "", each.owner),
            each.touched_on)
        for each in found
    )  # fmt: skip
    return streamed(f"{words_of_pack().accounts}.csv", HEADINGS, rows)


def asked_of(request: Request, query: dict[str, str] | None = None) -> Filter:
    """What the address asks for; refuses what is none."""
    with reading_address():
        return Filter.of(query or dict(request.query_params))


def csv_of(session: Session, asked: Filter) -> str:
    """The address of the same rows as CSV, for those who may have them."""
    if not session.can("exports", own=_own(session, asked)):
        return ""
    return asked.on_page(1).href("/facilities.csv")


def _own(session: Session, asked: Filter) -> bool:
    """Whether the rows are only those of the person."""
    return session.rep is not None and asked.value("owner") == session.rep


async def _known(tx: Tx, asked: Filter) -> Known:
    found = await accounts.rows(tx, asked)
    ids, words = [each.facility_id for each in found], words_of_pack()
    return Known(
        rows=found,
        counts=await accounts.counts(tx, asked),
        scores=await scores(tx, ids),
        due=await accounts.due(tx, ids),
        breached=await accounts.breached(tx, ids),
        reps=await team.names(tx),
        today=tx.today,
        account=words.account,
        accounts=words.accounts,
    )


PAGES: Sequence[Page] = (
    Page("/facilities", SCREENS["facilities"], show),
    Page("/facilities.csv", SCREENS["facilities"], export),
    Page("/chains/{chain}", SCREENS["facilities"], show_chain),
)
