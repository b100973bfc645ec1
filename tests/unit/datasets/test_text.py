"""Are special characters and markup in a text normalized as people read it?"""

from __future__ import annotations

import sys
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engines.datasets.text import one_line, plain


@pytest.mark.parametrize(
    "decorated",
    [
        "MDS Coordinator",
        "".join(chr(0x1D5D4 + ord(c) - 65) if c.isupper() else c for c in "MDS C") + "oordinator",
        "\uff2d\uff24\uff33\u3000\uff23\uff4f\uff4f\uff52\uff44\uff49\uff4e\uff41\uff54\uff4f\uff52",
        "M\u00adDS Coor\u00addi\u00adna\u00adtor",
        "M\u200bD\u200dS\u2060 \u202eCoordinator\u202c\ufeff",
        "MDS\u00a0Coordinator",
        "MDS&nbsp;Coordinator",
        "M&shy;DS Coor&#8203;dinator",
        "<b>MDS</b> Coordinator",
        "<p>MDS</p><p>Coordinator</p>",
        "MDS<br/>Coordinator",
        '<span style="color:red">M<i>D</i>S</span><!-- hot --> Coordinator',
        " MDS \t\r\n Coordinator\x00",
        "MDS\u2028Coordinator",
        "M\ufe0fDS\U000e0041 Coordinator",
        "\U0001f17c\U0001f173\U0001f182 Coordinator",
        "\u24c2\u24b9\u24c8 Coordinator",
        "M\u0336D\u0336S\u0336 C\u0332oordinator",
        "M\u0334\u0327\u0300\u0316D\u0337\u0327\u0345S\u0321\u0322\u0489 Coordinator",
        "\u041cDS Coordinat\u043er",
        "M\ud800 DS Coordinator".replace("\ud800 ", "\u00ad"),
    ],
)
def test_decorated_letters_become_plain_ones(decorated: str) -> None:
    assert plain(decorated) == "MDS Coordinator"


@pytest.mark.parametrize(
    "text, read",
    [
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("A &amp;amp; B", "A &amp; B"),
        ("rehab&regional AT&T R&D", "rehab&regional AT&T R&D"),
        ("RN <Nights> 3 < 4 > 2 <3", "RN <Nights> 3 < 4 > 2 <3"),
        ("St. Mary\u00b4s", "St. Mary's"),
        ("St. Mary\u2019s", "St. Mary\u2019s"),
        ("Larkmoor\u2122 Care\u00ae", "Larkmoor Care\u00ae"),
        ("Jos\u0065\u0301 Nu\u00f1ez", "Jos\u00e9 Nu\u00f1ez"),
        ("Nguy\u1ec5n", "Nguy\u1ec5n"),
        ("\u041c\u0435\u0434\u0441 MDS", "\u041c\u0435\u0434\u0441 MDS"),
        ("\U0001f31f MDS \U0001f31f", "\U0001f31f MDS \U0001f31f"),
        ("MDS\ud800Nurse", "MDS Nurse"),
        ("\u200b\u00ad&#8203;", ""),
    ],
)  # fmt: skip
def test_other_characters_are_kept(text: str, read: str) -> None:
    assert plain(text) == read


def test_entities_and_tags_stay_in_ids() -> None:
    assert one_line(" <a&amp;\uff14\uff10\u200b01> ") == "<a&amp;4001>"


def test_invisible_characters_are_removed() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) == "Cf":
            assert plain(f"a{char}b") == "ab", hex(code)
        elif unicodedata.category(char) in ("Cc", "Cs", "Zs", "Zl", "Zp"):
            assert plain(f"a{char}b") == "a b", hex(code)


@given(
    st.text()
    | st.text(
        st.sampled_from("ab \u0301\u0334\u00ad\u00b4\u200b<>&;\u041c\ufb03\ufdfa\u1100\u1160\u2122\U000e0041\x00")
    )
)
@example("P\u0300\u0300\u041a")
def test_normalizing_a_text_twice_changes_nothing(text: str) -> None:
    once = one_line(text)

    assert one_line(once) == once
    assert not any(unicodedata.category(char) in ("Cf", "Cc", "Cs") for char in once)


@pytest.mark.parametrize(
    "piece", ["a", "<", "<b ", "&#", "&am", "a\u0301\u0334", "\u0301", "M\u041c", "&amp;", "<!--", " ", "\ufdfa"]
)
def test_normalizing_takes_linear_time(piece: str) -> None:
    began = time.process_time()

    plain(piece * (100_000 // len(piece)))

    assert time.process_time() - began < 5
