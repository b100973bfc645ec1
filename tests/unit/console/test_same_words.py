"""Are the words that an employer and an account have in common marked in both?"""

from __future__ import annotations

from services.console.domain.same_words import marked, words_of


def test_common_words_are_marked_whatever_their_case_and_the_text_stays_complete() -> None:
    employer, name = "HUDSON REACH Care, Troy", "Hudson Reach at Spring Avenue"
    same = words_of(employer) & words_of(name)

    assert marked(name, same) == (("Hudson Reach", True), (" at Spring Avenue", False))
    assert marked(employer, same) == (("HUDSON REACH", True), (" Care, Troy", False))
    assert marked("", same) == ()
    assert "".join(text for text, _ in marked("Élan & Sons (A)", {"élan"})) == "Élan & Sons (A)"
