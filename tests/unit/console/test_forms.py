"""How do the fields of a form become those of a command?"""

from __future__ import annotations

from uuid import UUID

import pytest

from services.console.domain.forms import Form, values_of


def test_the_target_and_the_fields_that_were_filled_in_are_those_of_the_command() -> None:
    form = Form(
        {"csrf": ["x"], "back": ["/"], "version": ["3"], "outcome": ["spoke"], "note": [""], "on": ["2026-07-02"]}
    )

    assert values_of(form, "t1", "task_id", set()) == {"task_id": "t1", "outcome": "spoke", "on": "2026-07-02"}


def test_a_field_with_several_values_is_a_list_and_one_with_a_dot_an_entry() -> None:
    form = Form({"channels": ["call", "email", ""], "values.beds": ["120"], "values.owner": [""], "reason": ["a", "b"]})

    assert values_of(form, "", "facility_id", {"channels"}) == {
        "channels": ["call", "email"],
        "values": {"beds": "120", "owner": ""},
        "reason": "a: b",
    }


def test_no_other_field_replaces_the_target_and_no_entry_is_added_to_a_text() -> None:
    form = Form({"facility_id": ["335002"], "facility_id.x": ["1"], "reason": ["a"], "reason.x": ["b"]})

    assert values_of(form, "335001", "facility_id", set()) == {"facility_id": "335001", "reason": {"x": "b"}}


def test_what_was_typed_is_shown_again_and_sent_again() -> None:
    form = Form({"csrf": ["x"], "command_id": ["1"], "target": ["t"], "note": ["as typed "], "channels": ["a", "b"]})

    assert form.typed() == [("note", "as typed "), ("channels", "a"), ("channels", "b")]
    assert ("csrf", "x") not in form.sent_again()
    assert ("command_id", "1") in form.sent_again()


def test_the_id_of_a_command_is_that_of_its_form() -> None:
    assert Form({"command_id": ["00000000000000000000000000000007"]}).command_id == UUID(int=7)
    with pytest.raises(ValueError, match="badly formed"):
        _ = Form({"command_id": ["7"]}).command_id
