"""What a fact may be, and when two are the same sentence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.core.memory.facts import check_fact, check_tags, fact_hash, written_on
from backend.types.errors import Invalid
from backend.types.memory import MAX_FACT_BYTES


@pytest.mark.parametrize(
    "fact",
    [
        "Prefers dark mode",
        "  spaces around are kept  ",
        "a\0b",
        "\x1b[31mred\x1b[0m",
        "[bold]not markup[/bold]",
        "\u202egnirts sdrawkcab\u202c",
        "👩‍👩‍👧‍👦 family",
        "zero\u200bwidth",
        "line\nbreak\r\nand tab\t",
    ],
)
def test_a_fact_is_taken_exactly_as_it_is(fact: str) -> None:
    assert check_fact(fact) == fact


@pytest.mark.parametrize("fact", ["", "   ", "\n\t", "\u3000"])
def test_a_fact_without_a_text_is_refused(fact: str) -> None:
    with pytest.raises(Invalid, match="write the fact in one sentence"):
        check_fact(fact)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(Invalid, match="lone surrogate.*copy it again"):
        check_fact("half \ud800 a character")


def test_the_limit_is_a_megabyte_of_utf8() -> None:
    assert check_fact("é" * (MAX_FACT_BYTES // 2)) == "é" * (MAX_FACT_BYTES // 2)
    with pytest.raises(Invalid, match="1,048,577 bytes.*at most 1,048,576.*Split it"):
        check_fact("x" * (MAX_FACT_BYTES + 1))
    with pytest.raises(Invalid, match="Split it"):
        check_fact("é" * (MAX_FACT_BYTES // 2) + "x")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Prefers dark mode", "prefers DARK mode"),
        ("Prefers dark mode", "  Prefers   dark\nmode. "),
        ("Prefers dark mode", "- Prefers dark mode!"),
        ("Says “yes”", 'Says "yes"'),
        ("It’s late", "It's late"),
        ("2019–2024", "2019-2024"),
        ("Straße", "STRASSE"),
        ("ﬁle", "file"),
        ("Ｆｕｌｌ width", "Full width"),
        ("cafe\u0301", "café"),
    ],
)
def test_the_same_sentence_in_another_dress_is_the_same(one: str, other: str) -> None:
    assert fact_hash(one) == fact_hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("port 80.90", "port 8090"),
        ("Likes tea", "Likes teas"),
        ("No, more coffee", "No more coffee"),
        ("café", "cafe"),
        ("C", "C++"),
        ("-", "!"),
        ("?", "!"),
        ("Is it raining?", "Is it raining"),
        ("👍", "👎"),
        ("a\0b", "ab"),
    ],
)
def test_different_sentences_stay_different(one: str, other: str) -> None:
    assert fact_hash(one) != fact_hash(other)


def test_tags_are_trimmed_and_kept_once_in_their_order() -> None:
    assert check_tags([" work ", "home", "work", "", "  "]) == ("work", "home")


def test_too_many_tags_are_refused() -> None:
    assert len(check_tags(str(number) for number in range(32))) == 32
    with pytest.raises(Invalid, match="at most 32 tags; these are 33"):
        check_tags(str(number) for number in range(33))


def test_a_tag_that_is_too_long_is_refused() -> None:
    assert check_tags(["x" * 64]) == ("x" * 64,)
    with pytest.raises(Invalid, match="at most 64 characters"):
        check_tags(["x" * 65])


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2023, 5, 9, tzinfo=UTC), "9 May 2023, Tuesday"),
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), "22 November 2026, Sunday"),
        (datetime(2024, 2, 29, tzinfo=UTC), "29 February 2024, Thursday"),
        (datetime(1, 1, 1, tzinfo=UTC), "1 January 1, Monday"),
    ],
)
def test_the_day_of_writing_is_said_as_people_ask_for_it(at: datetime, words: str) -> None:
    assert written_on(at) == words
