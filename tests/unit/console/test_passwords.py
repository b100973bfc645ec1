"""Which passwords are accepted?"""

from __future__ import annotations

import pytest

from services.console.domain.passwords import hashed, problem_with, verified


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "password1234",
        "P@ssw0rd2026!",
        "Summer2026!!",
        "qwertyuiop[]",
        "1q2w3e123456",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "abcdefghijklmnop",
        "123456789012",
        "letmeinletmein",
        "administrator1",
        "Dana.Whitfield1",
        "michael12345",
        "unbelievable",
        "Barcelona-2026!",
        "ncc1701ncc1701",
        "1qaz2wsx3edc",
        "zaq12wsxcde3",
        "123qweasdzxc",
        "1q2w3e4r5t6y",
        "qazwsxedcrfv",
    ],
)
def test_passwords_that_are_tried_first_are_refused(password: str) -> None:
    assert problem_with(password, "dana", "Dana Whitfield", "dana@care.example")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "vier Löwen trinken Tee",
        "7f3 kLq-92_mmz",
        "83049172645182",
        "пароль для работы",
        "k83049172x64518",
    ],
)
def test_long_ones_of_several_words_or_random_characters_are_accepted(password: str) -> None:
    assert problem_with(password, "dana", "Dana Whitfield") == ""


def test_the_stored_hash_verifies_only_its_password_however_it_was_composed() -> None:
    stored = hashed("fünf Löwen trinken")

    assert stored.startswith("$argon2id$")
    assert verified("fu\u0308nf Lo\u0308wen trinken", stored)
    assert not verified("fünf Löwen trinken ", stored)
    assert not verified("fünf Löwen trinken", None)
    assert not verified("anything", "not a hash")


def test_passwords_have_up_to_128_characters() -> None:
    sentence = (
        "seven purple otters read the evening news by the old lamp and two of them laugh at what the third one has "
    )

    assert problem_with((sentence * 2)[:128]) == ""
    assert problem_with((sentence * 2)[:129]) == "Write at most 128 characters."
