"""The users: their roles, second factors and sessions, and whether they still need access."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from services.console.domain.permissions import ROLES as ROLE_NAMES
from services.console.domain.sessions import Session
from services.console.rendering.filters import instant
from services.console.rendering.shapes import Choice, Option
from services.console.screens.pages import Page
from services.console.screens.settings import queries
from services.console.screens.settings.around import MAY, own_session, second_factor, section_page, sections_of
from services.console.screens.settings.view import User, UserForm, Users, UserSessions
from services.console.store import sessions, team, users
from services.console.usecases import managing_users
from services.console.usecases.framing import ROLES, zone_of
from services.console.usecases.seeing import begin
from shared.storage.database import Tx

HERE = "/settings/users"


async def user_list(request: Request, session: Session) -> Response:
    async with begin(request, session) as tx:
        everyone = await users.everyone(tx)
        used = await queries.used(tx)
        names = await team.names(tx)
        rows = tuple(_user(each, used.get(each.name), session, tx.today, names) for each in everyone)
        waiting, late = sum(not row.ready for row in rows), [row for row in rows if row.review_late]
        due = "due" in request.query_params
        change = session.can("administration")
        view = Users(
            sections=sections_of(session, "users"),
            sentence=f"{len(rows)} users" + (f"; {waiting} cannot sign in yet" if waiting else ""),
            rows=tuple(late) if due else rows,
            due=Choice("Review due", HERE if due else f"{HERE}?due=1", due, len(late)) if late or due else None,
            of=await _sessions(request, tx, everyone, session),
            change=change,
            form=_form(request, everyone, names) if change else None,
        )
        return await section_page(request, session, tx, "settings/users.html", view)


def _user(user: users.User, used: queries.Used | None, session: Session, today: date, reps: Mapping[str, str]) -> User:
    factor, tone = second_factor(user)
    row = managing_users.row_of(user)
    return User(
        name=user.name,
        version=user.version,
        full_name=user.full_name,
        email=user.email or "",
        role=ROLES[user.role],
        rep=reps.get(user.rep, user.rep) if user.rep else "",
        second_factor=factor,
        second_factor_tone=tone,
        last_sign_in=instant(used.last_used_at, zone_of(session), "full") if used else "no session",
        sessions=used.sessions if used else 0,
        review=_review(row.review_due_on, today),
        review_late=row.review_due_on < today,
        ready=row.ready,
        oneself=user.name == session.name,
    )


def _review(due: date, today: date) -> str:
    if due >= today:
        return f"due {due:%-d %b}"
    days = (today - due).days
    return f"{days} {'day' if days == 1 else 'days'} late"


async def _sessions(request: Request, tx: Tx, everyone: Sequence[users.User], session: Session) -> UserSessions | None:
    """The dialog with the sessions of the user whom the address names."""
    user = next((each for each in everyone if each.name == request.query_params.get("sessions")), None)
    if user is None:
        return None
    found = tuple(own_session(each, session) for each in await sessions.of(tx, user.name))
    return UserSessions(user.name, f"Sessions of {user.full_name}", HERE, found)


def _form(request: Request, everyone: Sequence[users.User], reps: Mapping[str, str]) -> UserForm | None:
    """The dialog that the address asks for."""
    roles = tuple(Option(role, ROLES[role], "; ".join(MAY[role])) for role in ROLE_NAMES)
    of_reps = (Option("", "none"), *(Option(rep, f"{name} ({rep})") for rep, name in reps.items()))
    user = next((each for each in everyone if each.name == request.query_params.get("role")), None)
    if user:
        return UserForm(
            title=f"Change role: {user.full_name}",
            close=HERE,
            command="change_role",
            roles=roles,
            role=user.role,
            reps=of_reps,
            rep=user.rep or "",
            target=user.name,
            version=user.version,
            consequences=("All sessions of the user end now",),
            confirm="Change role",
        )
    if request.query_params.get("ask") != "add":
        return None
    return UserForm("Add user", HERE, "add_user", roles, "rep", of_reps, fields=True)


PAGES: tuple[Page, ...] = (Page(HERE, "administration", user_list),)
