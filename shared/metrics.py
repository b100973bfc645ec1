"""What can an operator measure?"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

HANDLED = Counter("pipeline_events_handled_total", "Events handled, each counted once", ["consumer"])
FAILED = Counter("pipeline_event_failures_total", "Failed tries of single events", ["consumer"])
DEAD_LETTERED = Counter(
    "pipeline_events_dead_lettered_total", "Events and items of work that became dead letters", ["consumer"]
)
PUBLISHED = Counter("pipeline_events_published_total", "Events stored by a stream")
BATCH_SECONDS = Histogram(
    "pipeline_batch_seconds", "Seconds from the start of a transaction to its commit", ["consumer"]
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
