"""How do calendar programs read the tasks of a rep? `GET /calendar/TOKEN.ics`; the address is the secret."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.courier import settings
from services.courier.store import calendars as store
from services.courier.usecases.calendars import calendar
from shared.contracts.keys import hash_of
from shared.contracts.refusals import Refused
from shared.http.backend import backend_of
from shared.http.json_surface import Answer, charge, endpoint

TYPE = "text/calendar; charset=utf-8"


@endpoint
async def read(request: Request) -> Answer:
    """The open tasks of the rep whose secret address this is."""
    token_hash = hash_of(request.path_params["token"])
    charge(request, token_hash, 1)
    async with backend_of(request).begin() as tx:
        owner = await store.owner(tx, token_hash)
        if owner is None:
            raise Refused("There is no calendar at this address; `pipeline calendar add REP` makes a new one.", 404)
        await store.mark_read(tx, owner.rep)
        content = calendar(owner, await store.due(tx, owner.rep), settings.timezone())
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=300", "X-Content-Type-Options": "nosniff"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="worklist.ics"'
    return Response(content, 200, headers, TYPE)


ROUTES = [Route("/calendar/{token}.ics", read, methods=["GET"])]
