"""Can operations create and end every kind of key with the name of its program alone?"""

from __future__ import annotations

import pytest

from services.console.usecases.commands import OPERATIONS
from services.console.usecases.creating_keys import KINDS, Kind
from shared.contracts.asks import of_console
from shared.contracts.keys import hash_of


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_key_is_created_listed_and_ended_by_what_the_console_may_send(kind: Kind) -> None:
    end = OPERATIONS[kind.end].command

    created = kind.add.model_validate({"name": "warehouse", "key_hash": hash_of("secret"), "actor": "Ann"})

    assert end.model_validate({"name": "warehouse", "actor": "Ann"}).SERVICE == created.SERVICE
    assert {created.SUBJECT, kind.question.SUBJECT, end.SUBJECT} <= set(of_console())
