"""How are services and what they could not process put in words?"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from services.console.rendering.filters import instant, plural
from services.console.screens.settings.services.view import Dead, Job, Rebuild, Service
from services.console.usecases.wording import translated
from shared.contracts.console_rebuilding import RebuildProgress
from shared.contracts.kernel import DeadLetter, JobStatus, ServiceStatus
from shared.contracts.topology import open_events

OPEN = {event.SUBJECT for event in open_events()}
QUOTED = re.compile(r"\[type=.*?\]|input_value=.*", re.DOTALL)
"""Where an error quotes what it is about."""
KIND = re.compile(r"\w+")
LONGEST_ERROR = 300


def service(name: str, status: ServiceStatus | None, zone: str) -> Service:
    if status is None:
        return Service(name, "does not answer", "danger")
    problems = "; ".join(status.problems)
    return Service(
        name=name,
        state=f"not ready: {problems}" if problems else "ready",
        tone="warn" if problems else "ok",
        lag=sum(each.lag for each in status.consumers),
        outbox=status.outbox,
        dead=status.dead,
        retrying=status.retrying,
        up=since(timedelta(seconds=status.up_seconds)),
        pack=status.pack,
        jobs=tuple(_job(each, zone) for each in status.jobs),
        warnings=tuple(translated(each, {}) for each in status.warnings),
    )


def sentence(rows: Collection[Service]) -> str:
    silent = [each.name for each in rows if each.tone == "danger"]
    troubled = [each.name for each in rows if each.tone == "warn"]
    if not silent and not troubled:
        return f"All {len(rows)} services are ready."
    texts = (("No answer", silent), ("Not ready", troubled))
    return " ".join(f"{text}: {', '.join(names)}." for text, names in texts if names)


def since(age: timedelta) -> str:
    """A duration in its largest unit."""
    minutes = int(age.total_seconds()) // 60
    if minutes < 60:
        return plural(minutes, "minute")
    return plural(minutes // 60, "hour") if minutes < 2 * 24 * 60 else plural(minutes // (24 * 60), "day")


def dead(service: str, letter: DeadLetter, known: Collection[UUID]) -> Dead:
    event_id = id_of(letter)
    return Dead(
        service=service,
        number=letter.dead_no,
        consumer=letter.consumer,
        subject=letter.subject,
        error=reason(letter),
        tries=letter.tries,
        at=letter.died_at,
        href=f"/events/{event_id}" if event_id in known else "",
    )


def id_of(letter: DeadLetter) -> UUID | None:
    """The event; None for an item of work."""
    try:
        return UUID(letter.event_id)
    except ValueError:
        return None


def reason(letter: DeadLetter) -> str:
    """Why it failed, without what an error quotes: those who look here may not see people.

    Of events with personal data, and of calls outside, only the kind of the error is shown.
    """
    if letter.subject not in OPEN:
        kind = KIND.match(letter.error)
        return kind[0] if kind else "Error"
    text = QUOTED.sub("…", letter.error)
    return text if len(text) <= LONGEST_ERROR else f"{text[: LONGEST_ERROR - 1]}…"


def rebuild(progress: RebuildProgress, zone: str) -> Rebuild:
    if progress.began_at is None:
        return Rebuild(False, "They were never built anew.")
    if progress.ended_at is None:
        percent = 100 * progress.done // max(progress.steps, 1)
        return Rebuild(True, f"Being built anew: {percent} %, {plural(progress.events, 'event')} read so far.", percent)
    ended = instant(progress.ended_at, zone, "full")
    return Rebuild(False, f"Last built anew on {ended}, from {plural(progress.events, 'event')}.")


def _job(job: JobStatus, zone: str) -> Job:
    return Job(job.name, job.at, instant(job.last_due, zone, "full") if job.last_due else "never")
