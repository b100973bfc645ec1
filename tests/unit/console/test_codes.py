"""Which codes are accepted as a second factor?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from services.console.domain import codes

NOW = datetime(2026, 7, 1, 12, 0, 15, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = int(NOW.timestamp()) // codes.STEP_SECONDS


def code_at(seconds: int) -> str:
    return pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds, step", [(-60, None), (-30, -1), (0, 0), (30, 1), (60, None)])
def test_a_code_counts_one_step_before_and_after_its_own(seconds: int, step: int | None) -> None:
    expected = None if step is None else STEP + step

    assert codes.step_of(SECRET, code_at(seconds), NOW, 0) == expected


def test_a_code_counts_once_and_earlier_ones_no_more() -> None:
    assert codes.step_of(SECRET, code_at(0), NOW, STEP) is None
    assert codes.step_of(SECRET, code_at(-30), NOW, STEP) is None
    assert codes.step_of(SECRET, code_at(30), NOW, STEP) == STEP + 1


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "000000000000"])
def test_anything_else_is_no_code(code: str) -> None:
    assert codes.step_of(SECRET, code, NOW, 0) is None


def test_a_code_may_be_written_with_spaces() -> None:
    code = code_at(0)

    assert codes.step_of(SECRET, f" {code[:3]} {code[3:]} ", NOW, 0) == STEP


def test_recovery_codes_are_different_and_recognized_however_they_are_typed() -> None:
    made = codes.new_recovery_codes()

    assert len(set(made)) == codes.RECOVERY_CODES
    assert codes.recovery_hash(made[0]) == codes.recovery_hash(made[0].upper().replace("-", " "))
    assert codes.recovery_hash(made[0]) != codes.recovery_hash(made[1])
