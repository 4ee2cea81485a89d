"""What of a question is looked up by its letters."""

from __future__ import annotations

import pytest

from backend.core.memory.keywords import (
    content_words,
    exact_pieces,
    has_identifier,
    leans_to_keywords,
)


def test_a_question_is_looked_up_by_the_words_that_tell() -> None:
    assert content_words("When did Ana's brother move to the new flat?") == [
        "Ana",
        "brother",
        "move",
        "new",
        "flat",
    ]


def test_a_question_of_asking_words_alone_keeps_them_all() -> None:
    assert content_words("Who is who?") == ["Who", "is"]


@pytest.mark.parametrize(
    "text",
    [
        "what is in main.py",
        "where is user_id set",
        "does useEffect run twice",
        "which host is heron2",
        "is v1.2 out",
        "see /etc/hosts",
        "open ~/notes",
        "C:\\temp",
        "std::vector",
        "fetch https://a.b/c",
    ],
)
def test_names_from_code_are_identifiers_and_lean_to_keywords(text: str) -> None:
    assert has_identifier(text)
    assert leans_to_keywords(text)


@pytest.mark.parametrize(
    "text", ["Prefers dark mode.", "this and/or that", "e.g. tea", "Ana's U.S. trip", "Wait... ok"]
)
def test_prose_has_no_identifier_and_does_not_lean(text: str) -> None:
    assert not has_identifier(text)
    assert not leans_to_keywords(text)


@pytest.mark.parametrize(
    "text",
    ["in 2023", "at 10:30", "the 9th", "at 3pm", "1.5 %", 'the book "Emma"', "on 2023-05-09"],
)
def test_numbers_and_quotes_lean_to_keywords_without_being_identifiers(text: str) -> None:
    assert leans_to_keywords(text)
    assert not has_identifier(text)


def test_exact_pieces_are_quotes_identifiers_and_overlapping_cjk_threes() -> None:
    text = "Did “Little Women” mention main.py, `x y` or 東京の天気?"

    assert exact_pieces(text) == ["Little Women", "x y", "main.py", "東京の", "京の天", "の天気"]
    assert exact_pieces("Prefers dark mode") == []
