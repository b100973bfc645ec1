"""POST /do/COMMAND: every change that a person makes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.console import settings
from services.console.domain.forms import DECISIONS, Form, label
from services.console.domain.returning import local_path
from services.console.domain.sessions import Session
from services.console.rendering.shapes import Option
from services.console.screens.pages import TITLES, form_of, html, surface
from services.console.usecases.doing import do
from services.console.usecases.doing_here import HERE, do_here
from services.console.usecases.seeing import with_token
from shared.contracts.refusals import Refused
from shared.http.backend import backend_of

Again = Callable[[Request, Session, Form, Refused], Awaitable[Response]]
UNCONFIRMED = (503, 504)
"""The same command is sent again: it happens once."""
NEVER_SHOWN = ("current", "password", "again")
"""Passwords are typed again."""
SHOWN_AGAIN = (409, 413, 422, *UNCONFIRMED)
IN_PLACE = 422
"""The form is still on the page, as it was sent: only why it was refused is added."""
UNSEEN = ("confirm_loss", "task_id", "username")
"""Fields of a form that a person neither typed nor chose from words."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a refused form, as pages call it and its value."""

    name: str
    label: str
    value: str
    error: str = ""
    options: tuple[Option, ...] = ()

    @property
    def shown(self) -> str:
        """The value in words."""
        return next((each.title for each in self.options if each.value == self.value), self.value)


def routes(again: Mapping[str, Again]) -> list[Route]:
    """`again`: commands whose refused form has a page of its own."""

    async def show(request: Request, session: Session) -> Response:
        return await command(request, session, again)

    return [Route("/do/{command}", surface.page(show), methods=["POST"])]


async def command(request: Request, session: Session, again: Mapping[str, Again]) -> Response:
    """Carry out a command, and return to the page; what was typed is never lost."""
    form = await form_of(request)
    name = request.path_params["command"]
    act = do_here if name in HERE else do
    try:
        done = await act(backend_of(request), session, name, form)
    except Refused as refusal:
        if refusal.code not in SHOWN_AGAIN:
            raise
        if name in again and refusal.code not in UNCONFIRMED and form.first("version"):
            return await again[name](request, with_token(request, session), form, refusal)
        if refusal.code == IN_PLACE and request.headers.get("HX-Request") and (sent := _id_of(form)):
            return in_place(sent, refusal)
        return _again(with_token(request, session), name, form, refusal)
    back = local_path(form.first("back"))
    if done.key:
        return html("doing/key.html", text=done.text, key=done.key, back=back)
    if done.address:
        return html("doing/address.html", text=done.text, address=done.address, back=back)
    if done.secrets:
        return html("doing/secret.html", text=done.text, secrets=done.secrets, back=back)
    if done.token:
        address = f"{request.base_url}welcome?token={done.token}"
        return html("doing/link.html", text=done.text, address=address, back=back)
    return RedirectResponse(back, 303)


def _again(session: Session, name: str, form: Form, refusal: Refused) -> Response:
    """The form again, with what was typed: to be changed; or, if nothing was confirmed, to be sent as it was."""
    same = refusal.code in UNCONFIRMED
    errors = _errors(refusal.fields)
    typed = {field: value for field, value in form.typed() if field not in UNSEEN}
    fields = [
        Field(field, label(field), value, errors.get(field, ""), _options(name, field, value))
        for field, value in form.typed()
        if field not in (*NEVER_SHOWN, *UNSEEN)
    ]
    hidden = [
        (field, value)
        for field, value in form.sent_again(("csrf", *(() if same else ("command_id", "version"))))
        if (same or field not in typed) and field not in NEVER_SHOWN
    ]
    return html(
        "doing/again.html",
        refusal.code,
        title=TITLES.get(refusal.code, "This was not accepted"),
        message=str(refusal),
        command=name,
        csrf=session.csrf,
        hidden=hidden,
        typed=fields,
        secret=[Field(field, label(field), "", errors.get(field, "")) for field in NEVER_SHOWN if field in typed],
        same=same,
        back=local_path(form.first("back")),
    )


def _id_of(form: Form) -> UUID | None:
    try:
        return UUID(form.first("command_id"))
    except ValueError:
        return None


def in_place(sent: UUID, refusal: Refused) -> Response:
    """For htmx: the refusal takes the place of the id of the form, which gets another one."""
    response = html("doing/refused.html", refusal.code, message=str(refusal))
    value = f'[value="{sent.hex}"]'
    response.headers["HX-Retarget"] = f".refused:has({value}), form > {value}"
    response.headers["HX-Reselect"] = ".refused"
    response.headers["HX-Reswap"] = "outerHTML show:none"
    response.headers["HX-Push-Url"] = "false"
    return response


def _options(command: str, field: str, value: str) -> tuple[Option, ...]:
    """What a person chose a value from."""
    choices: Mapping[str, list[dict[str, str]]] = {
        "role": [settings.role_labels()],
        "stage": [settings.stage_labels()],
        "outcome": [DECISIONS] if command == "record_outcome" else list(settings.outcome_titles().values()),
    }
    titles = next((each for each in choices.get(field, ()) if value in each), {})
    return tuple(Option(each, title[:1].upper() + title[1:]) for each, title in titles.items())


def _errors(fields: Mapping[str, str]) -> dict[str, str]:
    """By the name of the field in the form: `values.beds`."""
    return {name.removeprefix("form."): problem for name, problem in fields.items()}
