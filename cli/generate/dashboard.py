"""What does an operator look at? The Grafana dashboard, from a list of panels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from cli.generate.kubernetes import FOLDER

FILE: Final = FOLDER / "components" / "watching" / "dashboard.json"
_FAST: Final = 'sum by (job) (increase(pipeline_event_age_seconds_bucket{le="60.0"}[30d]))'
_ALL: Final = "sum by (job) (increase(pipeline_event_age_seconds_count[30d]))"


class Panel(NamedTuple):
    title: str
    unit: str
    lines: Sequence[tuple[str, str]]
    """Expressions, each with its legend."""
    help: str


PANELS: Final = (
    Panel("Ready", "bool", [("min by (job) (pipeline_ready)", "{{job}}")], "1: it consumes events and does its work."),
    Panel(
        "Freshness: what is left of 30 days", "percentunit", [(f"1 - (1 - {_FAST} / {_ALL}) / 0.01", "{{job}}")],
        "Of the batches of 30 days, 1 % may have events older than a minute. Below 0 the objective is missed.",
    ),
    Panel(
        "Age of events", "s",
        [("histogram_quantile(0.99, sum by (le, job) (rate(pipeline_event_age_seconds_bucket[5m])))", "{{job}}")],
        "From the creation of an event to the commit of what follows from it; 99 % of the batches are faster.",
    ),
    Panel(
        "Events handled", "ops", [("sum by (job) (rate(pipeline_events_handled_total[5m]))", "{{job}}")],
        "Events for each second.",
    ),
    Panel(
        "Events that wait", "short", [("max by (job, consumer) (pipeline_consumer_lag)", "{{consumer}}")],
        "Published, and not processed by this consumer.",
    ),
    Panel(
        "Events not published", "short", [("max by (job) (pipeline_outbox_backlog)", "{{job}}")],
        "In the outbox, and not stored by the stream.",
    ),
    Panel(
        "Transactions", "s",
        [("histogram_quantile(0.99, sum by (le, job) (rate(pipeline_batch_seconds_bucket[5m])))", "{{job}}")],
        "Seconds of a batch in PostgreSQL; 99 % are faster.",
    ),
    Panel(
        "Dead letters, failed tries", "short",
        [("max by (job) (pipeline_dead_letters)", "{{job}}: dead letters"),
         ("sum by (job) (increase(pipeline_event_failures_total[5m]))", "{{job}}: failed tries in 5 minutes")],
        "What could not be handled, and what is tried again.",
    ),
    Panel(
        "Work outside that is due", "s", [("max by (job, kind) (pipeline_work_oldest_due_seconds)", "{{kind}}")],
        "How long the oldest item of a kind has been due: letters, fetches, webhooks, records of a CRM.",
    ),
    Panel(
        "Calls outside", "ops",
        [("sum by (kind) (rate(pipeline_work_done_total[5m]))", "{{kind}}"),
         ("sum by (kind) (rate(pipeline_work_failures_total[5m]))", "{{kind}}: failed")],
        "Calls for each second.",
    ),
    Panel("Memory", "bytes", [("max by (job) (process_resident_memory_bytes)", "{{job}}")], "Of the largest replica."),
    Panel("CPU", "short", [("sum by (job) (rate(process_cpu_seconds_total[5m]))", "{{job}}")], "Cores in use."),
)  # fmt: skip


def dashboard() -> str:
    """The dashboard as Grafana imports it: two panels in a row."""
    panels = [_panel(number, each) for number, each in enumerate(PANELS)]
    board: dict[str, Any] = {
        "uid": "facility-pipeline",
        "title": "Facility Pipeline",
        "tags": ["facility-pipeline"],
        "schemaVersion": 39,
        "version": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "templating": {
            "list": [{"name": "source", "type": "datasource", "query": "prometheus", "label": "Prometheus"}]
        },
        "panels": panels,
    }
    return json.dumps(board, indent=2) + "\n"


def files() -> dict[Path, str]:
    return {FILE: dashboard()}


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": "${source}"}
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.help,
        "datasource": source,
        "gridPos": {"h": 8, "w": 12, "x": 12 * (number % 2), "y": 8 * (number // 2)},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0} if panel.unit != "percentunit" else
                        {"unit": panel.unit}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [
            {"refId": chr(ord("A") + at), "expr": expression, "legendFormat": legend, "datasource": source}
            for at, (expression, legend) in enumerate(panel.lines)
        ],
    }  # fmt: skip
