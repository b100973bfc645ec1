"""Which pack's scoring is in force, which ones were, and what would change with one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from engines import packs
from services.console.domain.addresses import address_of
from services.console.domain.sessions import Session
from services.console.rendering.sheets import streamed
from services.console.screens.pages import Page
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.packs.building import compared, crossing, factor_labels, parts
from services.console.screens.settings.packs.view import Packs, Published
from services.console.store import team
from services.console.usecases.asking import asked, found
from services.console.usecases.auditing import record
from services.console.usecases.seeing import begin, refuse_unseen
from shared.contracts.refusals import Refused
from shared.contracts.schemes import Scheme
from shared.contracts.scorer import Publications, SchemeInForce, WhatIf
from shared.contracts.scorer_replies import TriedScheme

HERE = "/settings/packs"
MOST = 50
"""Publications on the page, the latest."""
LONGEST_HASH = 64
HEADINGS = ("number", "name", "tier now", "tier then", "score now", "score then", "because")
SILENT = "The pack in force is not shown: the scorer does not answer."
UNTRIED = "Who would cross a tier is not shown: the scorer did not answer in time."


async def show(request: Request, session: Session) -> Response:
    scheme, publications = await asyncio.gather(
        asked(request, SchemeInForce()), asked(request, Publications(limit=MOST))
    )
    other, tried = await _other(request, scheme)
    missing = [*([SILENT] if scheme is None else []), *([UNTRIED] if other and tried is None else [])]
    exports, publish = session.can("exports", own=False), session.can("packs")
    async with begin(request, session) as tx:
        names = await team.names(tx)
        view = Packs(
            sections=sections_of(session, "packs"),
            hash=scheme.pack if scheme else "",
            own_hash=packs.hash_of(packs.pack_folder()),
            parts=parts(scheme) if scheme and other is None else (),
            published=tuple(
                Published(
                    hash=each.pack,
                    name=each.name,
                    by=names.get(each.published_by, each.published_by),
                    at=each.published_at,
                    current=number == 0,
                    compare=_href(each.pack) if scheme and each.pack != scheme.pack else "",
                    compared=bool(other and each.pack == other.pack),
                )
                for number, each in enumerate(publications or ())
            ),
            comparison=compared(scheme, other, tried, _href(other.pack, f"{HERE}.csv") if exports else "")
            if scheme and other
            else None,
            publish=publish,
            ask=publish and request.query_params.get("ask") == "publish",
        )
        return await section_page(request, session, tx, "settings/packs/page.html", view, missing=missing)


async def export(request: Request, session: Session) -> Response:
    """Who would cross a tier with another pack, as CSV."""
    refuse_unseen(session, "exports")
    scheme = await asked(request, SchemeInForce())
    other, tried = await _other(request, scheme)
    if scheme is None or (other and tried is None):
        raise Refused(UNTRIED, 503)
    crossings = tried.comparison.crossings if tried else []
    async with begin(request, session) as tx:
        await record(tx, session, "export_crossings", other.pack if other else "", {"rows": len(crossings)})
    labels, names = factor_labels(scheme, *([other] if other else [])), tried.names if tried else {}
    rows = [(each.facility_id, crossing(each, names, labels)) for each in crossings]
    cells = [(no, r.name, r.before, r.after, r.score_before, r.score_after, r.because) for no, r in rows]
    return streamed("crossings.csv", HEADINGS, cells)


async def _other(request: Request, scheme: Scheme | None) -> tuple[Scheme | None, TriedScheme | None]:
    """The pack that the address compares with, and what would follow from it."""
    name = request.query_params.get("with", "")
    if not name or scheme is None or name == scheme.pack:
        return None, None
    if len(name) > LONGEST_HASH:
        raise Refused("No pack of this hash was in force.", 404)
    other = await found(request, SchemeInForce(pack=name))
    if other is None:
        raise Refused("No pack of this hash was in force.", 404)
    return other, await asked(request, WhatIf(**dict(other)))


def _href(pack: str, path: str = HERE) -> str:
    return address_of(path, {"with": pack})


PAGES: Sequence[Page] = (Page(HERE, "packs", show), Page(f"{HERE}.csv", "packs", export))
