"""`pipeline console`: the page on which people work, and who may use it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from cli.client.actor import OPERATOR, By, who
from cli.client.clock import reader
from cli.client.connection import ask, made, talk
from cli.client.console_links import address_of
from cli.commands.options import Json, group
from cli.printing import show
from cli.printing.progress import counted
from shared.contracts.console import AddUser, ChangeRole, NewLink, RemoveUser, ReviewUser, StoredLink, UserRow, Users
from shared.contracts.console_rebuilding import Rebuild, Rebuilding, RebuildProgress
from shared.contracts.keys import hash_of, new_key

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

app = group("The console: the page on which people work.")

POLL_SECONDS = 0.5

users = group(
    """The people who may sign in to the console, and in which role.

    There is no default password: a person chooses one by a one-time link, which is valid for 30 minutes.""",
)
app.add_typer(users, name="user")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name, such as dana; it never changes.")]
Role = Annotated[
    str, typer.Option(help="rep, manager, operations, reader (sees, changes nothing) or auditor.", show_default=False)
]
Rep = Annotated[str | None, typer.Option(metavar="REP", help="The rep whose tasks are the user's own.")]


@app.callback()
def console() -> None:
    """The console: the page on which people work."""


@app.command()
def rebuild(
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until it has ended.")] = True,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Build what the console shows anew, from what the services own and have published.

    Pages stay readable meanwhile. Users, sessions, saved views and the audit log are not touched. It goes on if the
    console restarts; called again, the command follows the rebuild that is under way.

    Example: pipeline console rebuild
    """
    ended = talk(lambda broker: _rebuilt(broker, Rebuild(actor=who(by)), wait=wait))
    if as_json:
        show.as_json(ended)
    elif ended.ended_at:
        show.say(f"Rebuilt from {ended.events:,} states and events.")
    else:
        show.say(
            f"The rebuild is under way: {ended.done} of {ended.steps} parts. `pipeline console rebuild` follows it."
        )


async def _rebuilt(broker: Broker, request: Rebuild, *, wait: bool) -> RebuildProgress:
    progress = await broker.ask(request)
    with counted("Rebuilding", progress.steps) as (bar, task):
        while wait and progress.ended_at is None:
            await asyncio.sleep(POLL_SECONDS)
            progress = await broker.ask(Rebuilding())
            bar.update(task, completed=progress.done)
    return progress


@users.command()
def add(
    name: Name,
    role: Role,
    rep: Rep = None,
    full_name: Annotated[str | None, typer.Option("--full-name", help="As pages show it.")] = None,
    email: Annotated[
        str | None, typer.Option(help="By which the user can sign in as well, also by the identity provider.")
    ] = None,
    sign_in: Annotated[
        bool, typer.Option("--sign-in", help="In a simulation: the link signs in directly, without a password.")
    ] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Add a user, and print the one-time link by which the person begins.

    Managers, operations and auditors also set up a second factor. A rep needs `--rep`, the id of `pipeline rep list`.

    Example: pipeline console user add dana --role rep --rep rep-1 --full-name "Dana Whitfield"
    """
    token = new_key()
    fields = {"role": role, "rep": rep, "full_name": full_name, "email": email, "purpose": _purpose(sign_in, "begin")}
    command = made(AddUser, name=name, link_hash=hash_of(token), actor=who(by, unknown=OPERATOR), **fields)
    _show_link(ask(command), token, as_json)


@users.command()
def link(
    name: Name,
    reset_code: Annotated[
        bool, typer.Option("--reset-code", help="The second factor was lost, and is set up anew.")
    ] = False,
    sign_in: Annotated[
        bool, typer.Option("--sign-in", help="In a simulation: the link signs in directly, without a password.")
    ] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Print a new one-time link by which a user chooses another password; the earlier link ends.

    Example: pipeline console user link dana
    """
    token = new_key()
    fields = {"reset_code": reset_code, "purpose": _purpose(sign_in, "password")}
    command = made(NewLink, name=name, link_hash=hash_of(token), actor=who(by, unknown=OPERATOR), **fields)
    _show_link(ask(command), token, as_json)


@users.command()
def role(name: Name, role: Role, rep: Rep = None, by: By = None, as_json: Json = False) -> None:
    """Give a user another role; the user has to sign in again.

    Example: pipeline console user role dana --role manager
    """
    answer = ask(made(ChangeRole, name=name, role=role, rep=rep, actor=who(by, unknown=OPERATOR)))
    show.as_json(answer) if as_json else show.say(f"{answer.name} is {_role(answer)} now, and has to sign in again.")


@users.command()
def review(name: Name, by: By = None, as_json: Json = False) -> None:
    """Confirm that a user still needs access in this role; that is due every 90 days, as `list` shows.

    Example: pipeline console user review dana
    """
    answer = ask(made(ReviewUser, name=name, actor=who(by, unknown=OPERATOR)))
    text = f"{answer.name} keeps access as {_role(answer)}; the next review is due on {answer.review_due_on}."
    show.as_json(answer) if as_json else show.say(text)


@users.command()
def remove(name: Name, by: By = None) -> None:
    """Remove a user; all sessions of the user end at once, and the audit log keeps the name.

    Example: pipeline console user remove dana
    """
    ask(made(RemoveUser, name=name, actor=who(by, unknown=OPERATOR)))
    show.say(f"{name} can no longer sign in.")


@users.command("list")
def list_users(as_json: Json = False) -> None:
    """List the users, with their role and whether they have a second factor.

    Example: pipeline console user list
    """
    found = ask(Users())
    if as_json:
        show.as_json(found)
        return
    if not found:
        show.say("There are no users yet; `pipeline console user add NAME --role operations` adds the first one.")
        return
    at = reader("console")
    columns = ["name", "full name", "role", "second factor", "password", "since", "review due"]
    show.table("Users of the console", columns, [_row(each, at(each.added_at)) for each in found])


def _row(user: UserRow, since: str) -> tuple[str, ...]:
    ready = "chosen" if user.ready else "not yet"
    return (
        user.name,
        user.full_name,
        _role(user),
        "yes" if user.second_factor else "no",
        ready,
        since,
        f"{user.review_due_on}",
    )


def _role(user: UserRow) -> str:
    return f"{user.role} ({user.rep})" if user.rep else user.role


def _purpose(sign_in: bool, otherwise: str) -> str:
    return "sign_in" if sign_in else otherwise


def _show_link(stored: StoredLink, token: str, as_json: bool) -> None:
    """The token is shown only now; the console has its hash."""
    url = address_of(stored, token)
    if as_json:
        show.as_json({**stored.model_dump(mode="json"), "url": url})
        return
    show.say(f"{stored.user.name} is {_role(stored.user)}. This link works once, until {_until(stored)}:")
    show.line(url)


def _until(stored: StoredLink) -> str:
    return reader("console")(stored.expires_at)
