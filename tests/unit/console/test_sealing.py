"""Who can read a stored secret?"""

from __future__ import annotations

import pytest

from services.console.domain.sealing import NotOpened, is_sealed, opened, sealed

OLD, NEW = "o" * 40, "n" * 40


def test_a_secret_opens_for_its_user_only() -> None:
    stored = sealed("JBSWY3DP", "dana", [NEW])

    assert "JBSWY3DP" not in stored
    assert stored != sealed("JBSWY3DP", "dana", [NEW])
    assert opened(stored, "dana", [NEW]) == "JBSWY3DP"
    with pytest.raises(NotOpened):
        opened(stored, "helen", [NEW])


def test_a_key_is_replaced_by_a_new_one_before_it() -> None:
    stored = sealed("JBSWY3DP", "dana", [OLD])

    assert opened(stored, "dana", [NEW, OLD]) == "JBSWY3DP"
    assert is_sealed(stored, [OLD, NEW])
    assert not is_sealed(stored, [NEW, OLD])
    with pytest.raises(NotOpened):
        opened(stored, "dana", [NEW])


@pytest.mark.parametrize("changed", ["{mark}.", "{mark}.AAAA", "{mark}.é", "{text}", "JBSWY3DP", ""])
def test_what_was_changed_does_not_open(changed: str) -> None:
    mark, _, text = sealed("JBSWY3DP", "dana", [NEW]).partition(".")

    with pytest.raises(NotOpened):
        opened(changed.format(mark=mark, text=text), "dana", [NEW])
