"""What does the contract of a question or command define?"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from shared.contracts import kernel
from shared.contracts.refusals import Refused
from shared.contracts.requests import Paged, Question, Versioned, refuse_outdated
from shared.service import ContractMismatch, Router
from shared.storage.database import Tx


class WaitingGroups(Paged, Question[list[int]]):
    """Groups that wait for a decision."""

    SERVICE = "matcher"


class AcceptGroup(Versioned[str]):
    """Accept a group."""

    SERVICE = "matcher"
    key: str


def test_a_class_defines_its_subject_and_its_reply() -> None:
    assert (WaitingGroups.NAME, WaitingGroups.SUBJECT) == ("waiting_groups", "matcher.ask.waiting_groups")
    assert list[int] == WaitingGroups.REPLY
    assert AcceptGroup.REPLY is str
    assert kernel.Status.REPLY is kernel.ServiceStatus


def test_a_request_that_every_service_handles_has_a_subject_at_each() -> None:
    assert kernel.RetryDeadLetter.subject_at("scorer") == "scorer.ask.retry_dead_letter"
    assert WaitingGroups.subject_at("scorer") == "matcher.ask.waiting_groups"


def test_a_command_has_a_unique_id_and_an_actor() -> None:
    one, other = AcceptGroup(key="k", actor="ann"), AcceptGroup(key="k", actor="ann")

    assert one.command_id != other.command_id
    with pytest.raises(ValidationError):
        AcceptGroup(key="k", actor="")
    with pytest.raises(ValidationError):
        AcceptGroup.model_validate({"key": "k", "actor": "ann", "by": "bob"})


def test_a_command_is_refused_if_its_sender_saw_another_version() -> None:
    refuse_outdated(AcceptGroup(key="k", actor="ann"), 7, "It is open.")
    refuse_outdated(AcceptGroup(key="k", actor="ann", seen=7), 7, "It is open.")

    with pytest.raises(Refused, match=r"since version 6 that you saw: It is open\.") as refused:
        refuse_outdated(AcceptGroup(key="k", actor="ann", seen=6), 7, "It is open.")
    assert refused.value.code == 409


def test_a_handler_must_match_the_kind_and_the_reply_of_its_contract() -> None:
    router = Router()

    async def matching(request: WaitingGroups, tx: Tx) -> list[int]:
        return []

    async def other_reply(request: WaitingGroups, tx: Tx) -> dict[str, Any]:
        return {}

    with pytest.raises(ContractMismatch, match=r"WaitingGroups is declared with @router\.question"):
        router.command(matching)
    with pytest.raises(ContractMismatch, match="other_reply returns"):
        router.question(other_reply)
    router.question(matching)
    (handler,) = router.requests
    assert handler.request.subject_at("matcher") == "matcher.ask.waiting_groups"
