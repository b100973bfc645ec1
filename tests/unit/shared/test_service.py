"""Which declarations of a service are refused?"""

from __future__ import annotations

import pytest

from shared.contracts.events import PostingClosed, PostingSeen
from shared.contracts.kernel import ServiceTime, Time
from shared.service import DeclaredTwice, Router, Service
from shared.storage.database import Tx


def test_two_handlers_of_one_event_are_refused_whichever_modules_declare_them() -> None:
    one, other = Router(), Router()

    @one.events(PostingSeen)
    @other.events(PostingSeen)
    async def handle(events: list[PostingSeen], tx: Tx) -> None: ...

    with pytest.raises(DeclaredTwice, match=r"matcher has two handlers of posting\.seen; remove one of them"):
        Service.of("matcher", one, other)


def test_two_handlers_of_one_question_are_refused() -> None:
    router = Router()

    @router.question
    @router.question
    async def time(request: Time, tx: Tx) -> ServiceTime:
        raise AssertionError

    with pytest.raises(DeclaredTwice, match=r"two handlers of matcher\.ask\.time"):
        Service.of("matcher", router)


def test_two_jobs_of_one_name_are_refused() -> None:
    router = Router()

    @router.daily("06:00")
    async def plan(tx: Tx) -> None: ...

    router.daily("07:00")(plan)

    with pytest.raises(DeclaredTwice, match="two jobs named plan"):
        Service.of("sequencer", router)


def test_handlers_keep_the_order_of_their_declarations() -> None:
    router = Router()

    @router.events(PostingSeen)
    @router.events(PostingClosed)
    async def handle(events: list[PostingSeen], tx: Tx) -> None: ...

    service = Service.of("matcher", router)

    assert [handler.event for handler in service.handlers] == [PostingClosed, PostingSeen]
    assert {handler.handle for handler in service.handlers} == {handle}
