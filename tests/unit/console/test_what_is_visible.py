"""Who sees what a program or a mail server wrote?"""

from __future__ import annotations

from functools import partial

import pytest

from services.console.domain.permissions import ROLES, can_see
from services.console.usecases.describing import describe
from services.console.usecases.describing.words import names_of
from services.console.usecases.reading import visible

DEAD = {"service": "matcher", "subject": "posting.seen", "error": "no such place as Ada Moss", "tries": 5}
BOUNCED = {"hard": True, "reason": "550 no Ada Moss here"}


@pytest.mark.parametrize(
    "subject, data, readers",
    [
        pytest.param("dead.matcher", DEAD, {"operations", "auditor"}, id="the error of a dead letter"),
        pytest.param(
            "email.bounced", BOUNCED, {"rep", "manager", "operations", "auditor"}, id="why a letter came back"
        ),
    ],
)
def test_it_is_shown_to_those_who_work_with_it(subject: str, data: dict[str, object], readers: set[str]) -> None:
    seen = {role: visible(subject, data, partial(can_see, role)) for role in ROLES}
    lines = {role: describe(subject, each, names_of({})).lines for role, each in seen.items()}

    assert {role for role, each in seen.items() if "Ada Moss" in str(each)} == readers
    assert {role for role, each in lines.items() if "Ada Moss" in str(each)} == readers
