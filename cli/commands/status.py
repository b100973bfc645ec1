"""`pipeline status` and `run`: the state of the services, and their scheduled jobs."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.client.actor import OPERATOR, who
from cli.client.connection import ask, talk
from cli.commands.options import Json
from cli.printing import show
from cli.printing import status as shown
from cli.stack import stackfile
from shared.contracts.kernel import RunJob, Status
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer_accounts import Unassigned
from shared.contracts.services import SERVICES

if TYPE_CHECKING:
    from shared.messaging.broker import Broker


def status(as_json: Json = False) -> None:
    """Show processes, and each service's readiness, lag, backlog and dead letters."""
    stack = None if os.environ.get("PIPELINE_NATS_URL") else stackfile.read(stackfile.home())
    children = [] if stack is None else [_child(child) for child in stack.children.values()]
    answers = talk(_all_statuses)
    if as_json:
        show.as_json({"processes": children, "services": answers, "unassigned": talk(_count_unassigned)})
    else:
        shown.status(children, answers)
        shown.unassigned(talk(_count_unassigned))
    if any(answer["problems"] for answer in answers):
        raise typer.Exit(1)


def run(
    service: Annotated[str, typer.Argument(help="The service of the job, for example `sequencer`.")],
    job: Annotated[str, typer.Argument(help="Its name, for example `plan`; `pipeline status --json` lists the jobs.")],
) -> None:
    """Run a scheduled job now instead of at its time of day.

    Example: pipeline run sequencer plan
    """
    if service not in SERVICES:
        raise typer.BadParameter(f"{service!r} is not a service; there are {', '.join(SERVICES)}.")
    ask(RunJob(job=job, actor=who(unknown=OPERATOR)), service=service)
    show.say(f"{service} ran {job}.")


def _child(child: stackfile.Child) -> dict[str, Any]:
    return {
        "name": child.name,
        "pid": child.pid,
        "since": child.started_at,
        "restarts": child.restarts,
        "http": child.http_port,
    }


async def _count_unassigned(broker: Broker) -> int | None:
    """The accounts without an owner; None if the sequencer does not answer."""
    try:
        return len(await broker.ask(Unassigned(), timeout_seconds=5))
    except AskFailed:
        return None


async def _all_statuses(broker: Broker) -> list[dict[str, Any]]:
    async def one(service: str) -> dict[str, Any]:
        try:
            status = await broker.ask(Status(), timeout_seconds=5, service=service)
        except AskFailed as failed:
            return {"service": service, "problems": [str(failed)]}
        return status.model_dump(mode="json")

    return list(await asyncio.gather(*map(one, SERVICES)))
