"""Does every alert have a page of the runbook, a test, and a metric that exists?"""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import REGISTRY

import shared.metrics
from shared.contracts.services import SERVICES

REPOSITORY = Path(__file__).resolve().parents[3]
WATCHING = REPOSITORY / "deploy" / "watching"


def read(name: str) -> Any:
    return yaml.safe_load((WATCHING / name).read_text())


RULES = [rule for group in read("rules.yaml")["groups"] for rule in group["rules"]]
ALERTS = {rule["alert"]: rule for rule in RULES if "alert" in rule}


def test_every_alert_names_its_page_of_the_runbook() -> None:
    pages = re.findall(r"^## (\w+)$", (REPOSITORY / "docs" / "runbook.md").read_text(), re.MULTILINE)
    assert set(pages) == set(ALERTS)
    assert {name: each["annotations"]["runbook"] for name, each in ALERTS.items()} == {
        name: f"docs/runbook.md#{name.lower()}" for name in ALERTS
    }


def test_every_alert_either_wakes_an_operator_or_waits() -> None:
    assert {each["labels"]["severity"] for each in ALERTS.values()} == {"page", "ticket"}
    routes = read("alertmanager.yaml")["route"]
    assert [each["receiver"] for each in routes["routes"]] == ["pages"]
    assert routes["receiver"] == "tickets"


def test_every_alert_is_tested_at_a_time_at_which_it_fires() -> None:
    cases = chain.from_iterable(each["alert_rule_test"] for each in read("rules-test.yaml")["tests"])
    assert {each["alertname"] for each in cases if each["exp_alerts"]} == set(ALERTS)


def test_a_rule_uses_metrics_that_services_have() -> None:
    names = {sample.name for metric in REGISTRY.collect() for sample in metric.samples}
    known = names | {
        f"{metric.name}{end}" for metric in REGISTRY.collect() for end in ("", "_total", "_bucket", "_count")
    }
    used = set(re.findall(r"pipeline_\w+", " ".join(rule["expr"] for rule in RULES)))
    assert used - known == set()


def test_a_rule_with_an_age_uses_a_bucket_that_exists() -> None:
    ages = {float(each) for rule in RULES for each in re.findall(r'le="([\d.]+)"', rule["expr"])}
    assert ages <= set(shared.metrics.AGE._upper_bounds)


def test_every_service_is_watched() -> None:
    [down] = re.findall(r'job=~"([^"]+)"', ALERTS["ServiceDown"]["expr"])
    assert set(down.split("|")) == set(SERVICES)
    assert [each["job_name"] for each in read("prometheus.yaml")["scrape_configs"]] == list(SERVICES)
