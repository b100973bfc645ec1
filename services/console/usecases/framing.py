"""What is around every page: navigation with counts, who looks, and how current it is?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from starlette.requests import Request

from engines import packs
from services.console.domain.addresses import address_of
from services.console.domain.permissions import SCREENS, Role
from services.console.domain.saving import address
from services.console.domain.sessions import Session
from services.console.rendering.frame import (
    Frame,
    Freshness,
    Group,
    SavedView,
    SavedViews,
    Status,
    Undo,
    Viewer,
    Words,
    navigation,
)
from services.console.store import counting, views
from shared.http.backend import backend_of
from shared.storage.database import Tx

ROLES: Mapping[Role, str] = {
    "rep": "Representative",
    "manager": "Manager",
    "operations": "Operations",
    "reader": "Reader",
    "auditor": "Auditor",
}
BEHIND, STALE = timedelta(seconds=30), timedelta(minutes=5)
REBUILT = "The read models are being built anew ({percent} %); what is shown may lack what happened meanwhile."
MISSING = "{what} {verb} from what the console knows: {service} does not answer."


async def frame(
    request: Request,
    session: Session,
    tx: Tx,
    title: str,
    here: str,
    *,
    missing: Sequence[str] = (),
    about: str = "",
    facility: str = "",
    saves: str = "",
) -> Frame:
    """What `base.html` needs.

    `missing`: which parts of the page a service did not answer for, a sentence each. `about`: the beginnings of the
    subjects that change the page (`task,score`), perhaps only those of a facility; without it, the page is not live.
    `saves`: the address of the list whose filters can be saved here as a view.
    """
    words = words_of_pack()
    counts, percent = await counting.navigation(tx, session.rep)
    if percent is not None:
        missing = (*missing, REBUILT.format(percent=percent))
    query = request.url.query
    return Frame(
        title=title,
        here=here,
        path=request.url.path + (f"?{query}" if query else ""),
        csrf=session.csrf,
        words=words,
        viewer=Viewer(session.full_name, ROLES[session.role], zone_of(session)),
        groups=_seen(session, navigation(words, counts, frozenset({"inbox"}) if counts.get("inbox") else frozenset())),
        fresh=_fresh(request, tx, " ".join(missing)),
        status=_status(session, tx.today),
        theme=session.theme or "system",  # type: ignore[arg-type]  # the settings page stores only these
        keys=not session.keys_off,
        stream=address_of("/stream", {"about": about, "facility": facility, "seen": session.seen}) if about else "",
        saved=await _saved(tx, session, saves, request.query_params.multi_items()) if saves else None,
    )


async def _saved(tx: Tx, session: Session, path: str, query: Sequence[tuple[str, str]]) -> SavedViews:
    """The views of a list: its address without what is opened on it."""
    now = address(path, query)
    found = await views.of(tx, session.name, path)
    return SavedViews(now, tuple(SavedView(str(each.view_id), each.title, each.url, each.url == now) for each in found))


def _seen(session: Session, groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """The entries of pages that the role may see."""
    kept = [
        replace(each, links=tuple(link for link in each.links if session.can_see(SCREENS[link.key]))) for each in groups
    ]
    return tuple(group for group in kept if group.links)


@dataclass(frozen=True, slots=True)
class Viewed:
    """The part of the frame that says how current a page is."""

    fresh: Freshness
    viewer: Viewer


def viewed(request: Request, session: Session, tx: Tx) -> Viewed:
    """How current an open page is now."""
    return Viewed(_fresh(request, tx, ""), Viewer(session.full_name, ROLES[session.role], zone_of(session)))


def words_of_pack() -> Words:
    about = packs.about()
    return Words(account=about.account, accounts=about.accounts, number=packs.account_key().name)


def zone_of(session: Session) -> str:
    """Instants are shown in the person's time zone, or that of the deployment."""
    return session.timezone or packs.calendar().timezone


def _status(session: Session, today: date) -> Status | None:
    """What the last command did: until the day ends, with which its Undo ends."""
    if not session.status or session.status.get("on") != today.isoformat():
        return None
    undo = session.status.get("undo")
    return Status(session.status["text"], session.status.get("icon", "check"), Undo(**undo) if undo else None)


def _fresh(request: Request, tx: Tx, warning: str) -> Freshness:
    """By the stream that was heard last: an event of it was applied, or it was seen to have none."""
    heard = backend_of(request).heard()
    if not heard:
        return Freshness(tx.now, warning=warning)
    service, seconds = max(heard.items(), key=lambda each: each[1])
    age = timedelta(seconds=seconds)
    as_of = tx.now - age
    if age < BEHIND:
        return Freshness(as_of, warning=warning)
    behind = f"{_for(age)} behind ({service})"
    if age < STALE:
        return Freshness(as_of, "behind", behind, warning)
    stale = f"What {service} published for {_for(age)} may be missing here."
    return Freshness(as_of, "stale", behind, " ".join(filter(None, (warning, stale))))


def _for(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return f"{minutes} min" if minutes else f"{int(age.total_seconds())} s"
