"""Do the services handle what the topology declares, and are the generated files up to date?"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from cli.generate import permissions
from cli.generate.__main__ import committed_of, files, problems
from cli.generate.schemas import breaking_changes
from shared.contracts import topology
from shared.contracts.events import DeadLettered, Event, every_event
from shared.service import Service


@pytest.mark.parametrize("service", topology.SERVICES)
def test_a_service_handles_exactly_what_it_consumes(service: str) -> None:
    declared: Service = import_module(f"services.{service}.app").service

    assert {handler.event for handler in declared.handlers} == set(topology.CONSUMES[service])


@pytest.mark.parametrize("service", topology.SERVICES)
def test_every_event_has_a_snapshot_or_a_reason_against_one(service: str) -> None:
    declared: Service = import_module(f"services.{service}.app").service

    without = set(topology.WITHOUT_SNAPSHOT)
    assert {reader.event for reader in declared.snapshots} == set(topology.PUBLISHES[service]) - without


def test_every_event_has_one_owner_and_a_unique_subject() -> None:
    published = [event for events in topology.PUBLISHES.values() for event in events]

    assert sorted(e.__name__ for e in published) == sorted(e.__name__ for e in every_event() if e is not DeadLettered)
    assert len({event.SUBJECT for event in published}) == len(published)


def test_an_event_without_an_owner_is_reported() -> None:
    class FacilitySold(Event):
        SUBJECT = "facility.sold"

    with pytest.raises(topology.NoOwner, match="FacilitySold has no owner; add it to PUBLISHES"):
        topology.owner_of(FacilitySold)


def test_the_topology_has_exactly_the_services_of_the_manifest() -> None:
    assert {*topology.PUBLISHES, *topology.CONSUMES} == set(topology.SERVICES)


def test_the_class_of_an_event_is_named_after_its_subject() -> None:
    for event in every_event():
        if event is not DeadLettered:
            words = event.SUBJECT.replace("_", ".").split(".")
            assert event.__name__ == "".join(word.capitalize() for word in words)


def test_generated_files_are_up_to_date() -> None:
    generated = files()

    assert problems(committed_of(generated), generated) == []


@pytest.mark.parametrize("service", topology.SERVICES)
def test_a_service_may_publish_its_own_events_only(service: str) -> None:
    publish, subscribe = permissions.permissions(service)

    foreign = {e.SUBJECT for other, events in topology.PUBLISHES.items() if other != service for e in events}
    assert not foreign & set(publish)
    assert not any(">" in subject and not subject.startswith("$JS.ACK.") for subject in publish)
    assert all(subject.startswith((f"_INBOX_{service}", f"{service}.")) for subject in subscribe)


OLD: dict[str, Any] = {
    "properties": {"facility_id": {"type": "string"}, "tier": {"type": "integer", "description": "1 to 3"}},
    "required": ["facility_id"],
}


@pytest.mark.parametrize(
    "change, complaint",
    [
        ({"properties": {"facility_id": {"type": "string"}}}, "tier was removed"),
        ({"properties": {**OLD["properties"], "tier": {"type": "string"}}}, "tier changed its type"),
        (
            {"properties": {**OLD["properties"], "rep": {"type": "string"}}, "required": ["facility_id", "rep"]},
            "rep is new and required",
        ),
    ],
)
def test_a_change_that_is_not_additive_is_found(change: dict[str, Any], complaint: str) -> None:
    assert breaking_changes(OLD, {**OLD, **change}) == [complaint]


def test_a_new_field_with_a_default_and_a_new_description_are_additive() -> None:
    tier = {"type": "integer", "description": "described better"}
    new = {**OLD, "properties": {**OLD["properties"], "tier": tier, "rep": {"type": "string", "default": ""}}}

    assert breaking_changes(OLD, new) == []
