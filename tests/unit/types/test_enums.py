"""Every closed list of words keeps its promises: round trips, and polite refusals."""

from __future__ import annotations

import json
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

import backend.types
from backend.types.base import Word


def every_word_list() -> list[type[Word]]:
    for module in iter_modules(backend.types.__path__):
        import_module(f"backend.types.{module.name}")
    return sorted(
        (found for found in Word.__subclasses__() if found.__module__.startswith("backend.types.")),
        key=lambda found: found.__name__,
    )


EVERY_WORD = [word for words in every_word_list() for word in words]


def test_there_are_lists_of_words_to_check() -> None:
    names = {words.__name__ for words in every_word_list()}

    assert {"MemoryCategory", "TrustLevel", "AuditAction", "ProviderType", "StopReason"} <= names


@pytest.mark.parametrize("word", EVERY_WORD, ids=lambda word: f"{type(word).__name__}-{word}")
def test_a_word_comes_back_from_its_text_and_from_json(word: Word) -> None:
    words = type(word)
    adapter = TypeAdapter(words)

    assert words(str(word)) is word
    assert adapter.validate_json(adapter.dump_json(word)) is word
    assert adapter.dump_json(word) == json.dumps(str(word)).encode()


@pytest.mark.parametrize("words", every_word_list(), ids=lambda words: words.__name__)
@pytest.mark.parametrize("wrong", ["", "nonsense", "CLOSED ", 1, None])
def test_anything_else_is_refused_with_the_list_of_right_words(
    words: type[Word], wrong: Any
) -> None:
    with pytest.raises(ValueError, match="is not one of: ") as refusal:
        words(wrong)

    allowed = str(refusal.value).rpartition("is not one of: ")[2]
    assert allowed.split(", ") == [word.value for word in words]


@pytest.mark.parametrize("words", every_word_list(), ids=lambda words: words.__name__)
def test_a_wrong_word_in_json_is_refused_with_the_list_of_right_words(words: type[Word]) -> None:
    with pytest.raises(ValidationError) as refusal:
        TypeAdapter(words).validate_json('"nonsense"')

    assert all(word.value in str(refusal.value) for word in words)


@pytest.mark.parametrize("word", EVERY_WORD, ids=lambda word: f"{type(word).__name__}-{word}")
def test_a_word_is_not_recognised_in_another_case(word: Word) -> None:
    with pytest.raises(ValueError, match="is not one of: "):
        type(word)(word.value.upper())
