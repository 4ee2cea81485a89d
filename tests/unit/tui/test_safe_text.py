"""Foreign text reaches the terminal without a single control, joiner or half grapheme."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.widgets.safe_text import TEXT_LIMIT, safe_cell, safe_line, safe_text

LRM = "\u200e"
FAMILY = "👩\u200d👩\u200d👧"
KISS = "👩🏽\u200d❤\ufe0f\u200d💋\u200d👨🏿"
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

hostile = st.sampled_from(
    [
        *(*map(chr, range(0x20)), "\x7f", "\x85", "\x9b", *BIDI, "\u2028", "\u2029", "\ud800"),
        *"\u200b\u200c\u200d\ufe00\ufe0e\ufe0f\ufeff\u00ad\ufffe\u3164\U000e0041\U000e0101",
        *"\u0301\u20e3\u094d\u1100\u1161\u11a8👩❤🏽🇩→⏎◌␣…1#a 漢한कषשم",
        *(FAMILY, KISS, "\x1b[31m", "\x1b]8;;http://x\x07", "\r\n"),
    ]
)
texts = st.lists(hostile | st.characters(), max_size=40).map("".join)
widths = st.integers(min_value=0, max_value=30)


def is_clean(line: str) -> bool:
    """No character that steers a terminal; our own direction marks only around right-to-left."""
    if line[:1] == LRM:
        assert line[-1] == LRM
        assert any(unicodedata.bidirectional(char) in ("R", "AL", "AN", "NSM", "") for char in line)
        line = line[1:-1]
    return not any(
        unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
        or char in BIDI
        or 0xE0000 <= ord(char) < 0xE0080
        for char in line
    )


@given(texts, widths)
@example("a" + "\u0301" * 200, 3)
@example("👩" + "\u200d👩" * 50, 2)
@example("\u200e\u05d0\u200e", 1)
@example("\U0001ecb5", 1)
def test_no_text_reaches_the_terminal_with_a_control_or_wider_than_its_cell(
    text: str, width: int
) -> None:
    line = safe_line(text, width)

    assert is_clean(line)
    assert cell_len(line) <= width


@given(texts, widths)
@example("\t\u200d👩", 9)
@example("\u200eא\u200e\u200e", 9)
def test_safe_text_comes_back_unchanged_from_a_second_pass(text: str, width: int) -> None:
    assert safe_line(safe_line(text, width), width) == safe_line(text, width)
    assert safe_line(safe_line(text)) == safe_line(text)
    assert safe_text(safe_text(text)) == safe_text(text)


@given(texts, st.integers(min_value=1, max_value=30), st.sampled_from(["left", "right"]))
def test_a_cell_is_exactly_as_wide_as_asked(text: str, width: int, align: str) -> None:
    cell = safe_cell(text, width, "left" if align == "left" else "right")

    assert cell_len(cell) == width


@given(texts)
def test_a_paragraph_keeps_its_lines_and_nothing_else_that_steers(text: str) -> None:
    shown = safe_text(text)

    assert shown.count("\n") == text.replace("\r\n", "\n").count("\n")
    assert all(is_clean(line) for line in shown.split("\n"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text stays", "plain text stays"),
        ("Grüße – “Ελλάδα”, Москва", "Grüße – “Ελλάδα”, Москва"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("a\0b\x07c\x7f", "a␀b␇c␡"),
        ("one\ntwo\r\nthree\tfour", "one⏎two⏎three→four"),
        ("\u2028\u2029", "↵¶"),
        ("\x9b31m", "�31m"),
        ("user\u202etxt.exe", "user⇄txt.exe"),
        ("\U000e0041\U000e0042", "��"),
        ("\ud800", "�"),
        ("pass\u200bword\ufeff\u00ad", "pass␣word␣␣"),
        ("a\u200db", "a␣b"),
        ("a\ufe0f", "a␣"),
        ("\u0301x", "◌\u0301x"),
        ("[bold]markup[/]", "[bold]markup[/]"),
        (FAMILY, FAMILY),
        (KISS, KISS),
        ("❤\ufe0f 1\ufe0f\u20e3 🇩🇪 👍🏽", "❤\ufe0f 1\ufe0f\u20e3 🇩🇪 👍🏽"),
        ("e\u0301te\u0301", "e\u0301te\u0301"),
        ("می\u200cخواهم", f"{LRM}می\u200cخواهم{LRM}"),
    ],
)
def test_each_kind_of_text_is_shown_as_promised(text: str, shown: str) -> None:
    assert safe_line(text) == shown


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Prefers dark mode", 10, "Prefers d…"),
        ("Prefers dark mode", 1, "…"),
        ("Prefers dark mode", 0, ""),
        ("Prefers dark mode", 17, "Prefers dark mode"),
        ("漢字仮名", 5, "漢字…"),
        ("漢字仮名", 4, "漢…"),
        (f"ab{FAMILY}{FAMILY}", 5, f"ab{FAMILY}…"),
        (f"ab{FAMILY}{FAMILY}", 4, "ab…"),
        (f"{KISS}{KISS}", 3, f"{KISS}…"),
        ("cafe\u0301s", 4, "caf…"),
        ("🇩🇪🇫🇷", 3, "🇩🇪…"),
    ],
)
def test_a_cut_falls_between_graphemes(text: str, width: int, shown: str) -> None:
    assert safe_line(text, width) == shown


def test_a_right_to_left_word_is_closed_so_that_the_next_column_stays() -> None:
    assert safe_line("שלום 12", 20) == f"{LRM}שלום 12{LRM}"
    assert cell_len(safe_cell("שלום 12", 20)) == 20


def test_a_pile_of_combining_marks_is_cut_to_eight() -> None:
    assert safe_line("a" + "\u0301" * 500 + "b") == "a" + "\u0301" * 8 + "␣b"


def test_a_megabyte_is_cut_before_it_is_read() -> None:
    assert safe_line("x" * 1_000_000, 10) == "x" * 9 + "…"
    assert safe_line("\u0301" * 1_000_000, 10) == "◌" + "\u0301" * 8 + "…"
    assert len(safe_text("x\x1b" * 1_000_000)) == TEXT_LIMIT


def test_tabs_in_a_paragraph_reach_the_next_stop() -> None:
    assert safe_text("a\tb\r\n\tc") == "a   b\n    c"
