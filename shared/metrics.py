"""What can an operator measure?"""

from __future__ import annotations

from uuid import UUID

from prometheus_client import Counter, Gauge, Histogram

from shared.clock import real_time

HANDLED = Counter("pipeline_events_handled_total", "Events handled, each counted once", ["consumer"])
FAILED = Counter("pipeline_event_failures_total", "Failed tries of single events", ["consumer"])
DEAD_LETTERED = Counter(
    "pipeline_events_dead_lettered_total", "Events and items of work that became dead letters", ["consumer"]
)
PUBLISHED = Counter("pipeline_events_published_total", "Events stored by a stream")
BATCH_SECONDS = Histogram(
    "pipeline_batch_seconds", "Seconds from the start of a transaction to its commit", ["consumer"]
)
AGE = Histogram(
    "pipeline_event_age_seconds",
    "Seconds from the creation of the oldest event of a batch to the commit of the batch",
    ["consumer"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 21_600),
)
OUTBOX = Gauge("pipeline_outbox_backlog", "Outbox rows that are not published yet")
LAG = Gauge("pipeline_consumer_lag", "Events that a consumer has yet to receive or acknowledge", ["consumer"])
DEAD = Gauge("pipeline_dead_letters", "Dead letters without a resolution")
WORK_DUE = Gauge("pipeline_work_due", "Items of work that are due and not claimed", ["kind"])
WORK_OLDEST = Gauge("pipeline_work_oldest_due_seconds", "How long the oldest of them has been due", ["kind"])
WORK_RUNNING = Gauge("pipeline_work_running", "Items of work that a process has claimed", ["kind"])
WORK_DONE = Counter("pipeline_work_done_total", "Calls outside that succeeded", ["kind"])
WORK_FAILED = Counter("pipeline_work_failures_total", "Calls outside that failed", ["kind"])
CALL_SECONDS = Histogram("pipeline_call_seconds", "Seconds of a call outside", ["kind"])
READY = Gauge("pipeline_ready", "1 while the service is ready")
WARNINGS = Gauge("pipeline_warnings", "What an operator should look at although the service is ready")
CERTIFICATE = Gauge(
    "pipeline_certificate_expires_seconds", "When a certificate expires, in seconds since 1970", ["file"]
)


def begin_at_zero(consumer: str, *metrics: Counter | Histogram) -> None:
    """Show metrics before the first event, since a rate or an increase needs a value before the first one."""
    for each in metrics:
        each.labels(consumer)


def handled(consumer: str, events: int, oldest: UUID | None) -> None:
    """Count the events of a committed batch, and the age of the oldest one: one observation for a batch.

    An observation for each event would cost a microsecond more. The id of an event has its time (UUIDv7).
    """
    HANDLED.labels(consumer).inc(events)
    if oldest is not None:
        AGE.labels(consumer).observe(max(0.0, real_time().timestamp() - (oldest.int >> 80) / 1000))
