"""Which jobs are due?

A job has a local time of day. The tick runs every job whose latest occurrence has not been run, in the order in which
the service declares them. Each runs in one transaction that also records the occurrence, so a job runs once for it,
even if replicas race or crash; missed days collapse into one run. A recorded run in the future comes from a clock that
ran ahead and is ignored.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from shared.clock import Clock, instant_at, local_date, local_text
from shared.service import Daily
from shared.storage import jobs
from shared.storage.database import Begin, DatabaseUnavailable, Tx

log = structlog.get_logger()

SKEW = timedelta(minutes=10)
"""How far the clocks of two replicas may differ without a job running twice."""
OVERDUE = timedelta(minutes=10)
"""How long a job may take, or wait for earlier jobs, before the service reports that it is not ready."""


def latest_occurrence(job: Daily, now: datetime, timezone: str) -> datetime:
    """The last instant up to `now` at which the job was due."""
    today = local_date(now, timezone)
    due = instant_at(today, job.at, timezone)
    return due if due <= now else instant_at(today - timedelta(days=1), job.at, timezone)


def _ran_ahead(last: datetime, now: datetime) -> bool:
    return last > now + SKEW


@dataclass(eq=False)
class Ticker:
    """Runs the jobs of one service."""

    jobs: Sequence[Daily]
    clock: Clock
    begin: Begin
    started: float = field(default_factory=time.monotonic)
    failing: str | None = None
    """The error of the job that failed last, until it succeeds."""

    async def tick(self) -> list[str]:
        """Run the jobs that are due; returns their names. A new job waits for its next occurrence.

        A job that fails is reported as a problem of the service and retried at the next tick. Later jobs wait for it,
        because they may depend on its effects.
        """
        ran = []
        for job in self.jobs:
            due = latest_occurrence(job, self.clock.now(), self.clock.timezone)
            try:
                if await self._run(job, due):
                    ran.append(job.name)
            except DatabaseUnavailable:
                raise
            except Exception as error:
                self.failing = f"job {job.name} fails: {type(error).__name__}: {error}"
                raise
        self.failing = None
        return ran

    async def late(self, tx: Tx) -> list[str]:
        """Problems of the jobs: last runs in the future, and jobs that are overdue.

        A service that has just started is given time to run the jobs that it missed.
        """
        last_runs, zone = await jobs.last_runs(tx), self.clock.timezone
        recorded = [(job, last_runs[job.name]) for job in self.jobs if job.name in last_runs]
        found = [
            f"job {job.name}: its last run is recorded for {local_text(last, zone)}, in the future: the clock"
            " ran ahead then; the job runs with the next tick"
            for job, last in recorded
            if _ran_ahead(last, tx.now)
        ]
        if timedelta(seconds=time.monotonic() - self.started) < OVERDUE:
            return found
        missed = [(job, latest_occurrence(job, tx.now, zone), last) for job, last in recorded]
        return found + [
            f"job {job.name} is overdue by {str(tx.now - due).partition('.')[0]}"
            for job, due, last in missed
            if last < due <= tx.now - OVERDUE
        ]

    async def _run(self, job: Daily, due: datetime) -> bool:
        async with self.begin() as tx:
            last = await jobs.last_run(tx, job.name)
            ahead = last is not None and _ran_ahead(last, tx.now)
            if last is not None and ahead:
                log.error("job.clock_ran_ahead", job=job.name, last_due=last.isoformat(), now=tx.now.isoformat())
            elif last is not None and last >= due:
                return False
            await jobs.record_run(tx, job.name, due, correct=ahead)
            if last is None:
                return False
            await job.run(tx)
        log.info("job.ran", job=job.name, due=due.isoformat())
        return True
