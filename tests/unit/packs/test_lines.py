"""Does a fault name the line that a person must correct?"""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.packs.files import Fault
from engines.packs.lines import line_of, located

TEXT = """\
# A comment.
name: trial
factors:
  - factor: hiring
    roles:
      cook: {label: Cook, weight: 1}
      baker:
        label: Baker
        weight: 2
  - {factor: beds, weight: 3,
     values: {"6": 1}}
families: [cook, baker]
identifiers:
  the no. of a card: x
passages:
  hook:
    - - first
      - second
spare: &spare {a: 1}
again: *spare
"""


@pytest.mark.parametrize(
    "key, line",
    [
        ("name", 2),
        ("factors.0.roles.baker.weight", 9),
        ("factors.1.values.6", 11),
        ("factors.1.weight", 10),
        ("factors.1.missing", 10),
        ("factors.7.weight", 3),
        ("factors.beds.values", 11),
        ("beds.values.6", 11),
        ("hiring.roles.cook", 6),
        ("families.1", 12),
        ("families", 12),
        ("identifiers.the no. of a card", 14),
        ("passages.hook.0.1", 18),
        ("passages.foot", 15),
        ("again.a", 19),
        ("missing", None),
        ("missing.too", None),
        ("", None),
    ],
)
def test_the_line_is_that_of_the_key_or_else_of_the_nearest_key_around_it(key: str, line: int | None) -> None:
    assert line_of(TEXT, key) == line


@pytest.mark.parametrize("text", ["", "[", "- 1\n- 2\n", "just a text", "a: b: c", "\x00"])
def test_a_file_without_the_key_has_no_line(text: str) -> None:
    assert line_of(text, "name") is None


def test_a_problem_without_a_key_is_in_the_line_of_what_it_begins_with(tmp_path: Path) -> None:
    (tmp_path / "scoring.yaml").write_text(TEXT)

    assert located(tmp_path, Fault("scoring.yaml", "", "beds reads moon, which nothing states", "")).line == 10
    assert located(tmp_path, Fault("scoring.yaml", "", "there is nothing", "")).line is None
    assert located(tmp_path, Fault("missing.yaml", "name", "there is no such file", "")).line is None
    assert located(tmp_path, Fault("scoring.yaml", "name", "is wrong", "", 40)).line == 40
