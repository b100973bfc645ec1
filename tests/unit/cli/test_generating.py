"""Does one entry in services.toml generate everything that a service needs?"""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from cli.generate.services import compose_parts, filled, included, requirements_of
from shared.contracts.services import MANIFEST, entries

COURIER = {"question": "What do other systems learn?", "port": 8082, "packages": ["httpx"]}
WITH_COURIER = (*MANIFEST, *entries({"courier": COURIER}))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(filled("compose.yaml", compose_parts(WITH_COURIER)))
    return content


def test_the_service_has_a_container_with_its_own_secrets_and_port(compose: dict[str, Any]) -> None:
    container = compose["services"]["courier"]

    assert container["build"]["args"] == {"SERVICE": "courier"}
    assert [secret["source"] for secret in container["secrets"]] == ["courier_database_url", "courier_nats_url"]
    assert container["ports"] == ["127.0.0.1:${PIPELINE_COURIER_PORT:-8082}:8080"]


def test_setup_and_postgresql_have_the_secrets_of_the_service(compose: dict[str, Any]) -> None:
    assert "courier_database_password" in compose["services"]["postgres"]["secrets"]
    assert {"source": "courier_database_url", "target": "pipeline_courier_database_url"} in compose["services"][
        "setup"
    ]["secrets"]
    assert {f"courier_{kind}" for kind in ("database_password", "database_url", "nats_url")} <= set(compose["secrets"])


def test_the_packages_are_locked_for_the_service_and_for_development() -> None:
    assert requirements_of(WITH_COURIER[-1]).splitlines()[1:] == ["-r kernel.in", "httpx"]
    assert "-r courier.in\n" in included(WITH_COURIER)


@pytest.mark.parametrize(
    "tables, complaint",
    [
        ({"Courier": COURIER}, "'Courier' cannot be the name of a service"),
        ({"courier": {**COURIER, "ports": 8082}}, r"\[courier\]: .*unexpected keyword argument 'ports'"),
        ({"courier": {}}, r"\[courier\]: .*'question'"),
    ],
)
def test_an_invalid_entry_is_refused_with_the_reason(tables: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        entries(tables)


def test_a_file_without_the_marker_lines_of_a_part_is_refused() -> None:
    with pytest.raises(ValueError, match=r"compose.yaml must have the lines `generated: nothing`"):
        filled("compose.yaml", {"nothing": ""})
