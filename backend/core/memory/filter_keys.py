"""The conditions of the memory filter language: their keys, what may follow, and what helps.

Sentences of refusals live here, and `KEYS` is what help and completion show. The grammar
stands in `backend.core.memory.query`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple, NoReturn

from backend.core.memory.filter_terms import (
    AgeIs,
    AgeUnit,
    CalendarSpan,
    CategoryIs,
    Comparison,
    DateField,
    DateIs,
    Either,
    NumberField,
    NumberIs,
    State,
    StateIs,
    Term,
    TextField,
    TextIs,
)
from backend.types.errors import InvalidFilter
from backend.types.memory import MemoryCategory


class Key(NamedTuple):
    """A filter key as help and completion show it; `choices` are the words it can end in."""

    meaning: str
    example: str
    choices: tuple[str, ...] = ()


KEYS: dict[str, Key] = {
    "cat": Key("category", "cat:preference,fact", tuple(MemoryCategory)),
    "imp": Key("importance, 1 to 5", "imp>=3", ("1", "2", "3", "4", "5")),
    "age": Key("time since it was written", "age>30d"),
    "created": Key("when it was written", "created>2026-05-01"),
    "updated": Key("when it was last changed", "updated:2026-05"),
    "tag": Key("has this tag", "tag:home"),
    "by": Key("who wrote it", "by:user", ("user", "bot", "import")),
    "source": Key("where it came from", "source:CLAUDE.md"),
    "session": Key("the conversation it was written in", "session:4f21"),
    "is": Key("what it is or what became of it", "is:pinned", tuple(State)),
    "uses": Key("how often agents recalled it", "uses>3"),
    "seen": Key("how often the same fact came in", "seen>1"),
}

ALIASES = {"category": "cat", "importance": "imp", "tags": "tag"}


class TypedValue(NamedTuple):
    """A value as it was typed, without its quotes, and its offset in the line."""

    text: str
    position: int


_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_NUMBER = re.compile(r"[0-9]{1,9}")
_AGE = re.compile(r"([0-9]{1,5})(h|d|w|mo|y)", re.IGNORECASE | re.ASCII)
_CLOSED = ("cat", "is")


def condition(key: str, sign: Comparison, values: list[TypedValue], sign_at: int) -> Term:
    """Return what `key`, `sign` and `values` mean; several numbers or days become an `Either`.

    `sign_at` is the offset of the sign. Raises InvalidFilter where a value cannot follow the key.
    """
    compares = sign not in (Comparison.IS, Comparison.EXACTLY)
    if compares and (key in _CLOSED or key in tuple(TextField)):
        refuse(f"{key} has no order to compare by: {advice(key)}.", sign_at)
    if compares and len(values) > 1:
        refuse(f"A comparison takes one value: {advice(key)}.", values[1].position)
    if key == "cat":
        return CategoryIs(tuple(dict.fromkeys(MemoryCategory(_choice(key, v)) for v in values)))
    if key == "is":
        return StateIs(tuple(dict.fromkeys(State(_choice(key, v)) for v in values)))
    if key in tuple(TextField):
        texts = tuple(dict.fromkeys(value.text for value in values))
        return TextIs(TextField(key), texts, exactly=sign is Comparison.EXACTLY)
    if key == "age":
        if not compares:
            refuse(f"An age is more or less than something: {advice(key)}.", sign_at)
        return _age(sign, values[0])
    sign = sign if compares else Comparison.IS
    if key in tuple(DateField):
        return any_of([DateIs(DateField(key), sign, _span(key, value)) for value in values])
    return any_of([NumberIs(NumberField(key), sign, _number(key, value)) for value in values])


def _choice(key: str, value: TypedValue) -> str:
    typed = value.text.casefold()
    choices = KEYS[key].choices
    if typed in choices:
        return typed
    meant = [choice for choice in choices if choice.startswith(typed)]
    if len(meant) == 1:
        return meant[0]
    near = meant or get_close_matches(typed, choices, n=1)
    hint = f"; did you mean {' or '.join(near)}?" if near else "."
    refuse(
        f"{key}:{shown(value.text)} is not one of {', '.join(choices)}{hint}",
        value.position,
    )


def _number(key: str, value: TypedValue) -> int:
    if not _NUMBER.fullmatch(value.text):
        refuse(
            f"{key} needs a whole number of up to nine digits: {advice(key)}.",
            value.position,
        )
    number = int(value.text)
    if key == NumberField.IMPORTANCE and not 1 <= number <= 5:
        refuse("Importance goes from 1 to 5: write imp>=3.", value.position)
    return number


def _age(sign: Comparison, value: TypedValue) -> AgeIs:
    match = _AGE.fullmatch(value.text)
    if match is None:
        refuse(
            "An age is a number of up to five digits with its unit, h, d, w, mo (months) or y: "
            "write age>30d.",
            value.position,
        )
    return AgeIs(sign, int(match.group(1)), AgeUnit(match.group(2).casefold()))


def _span(key: str, value: TypedValue) -> CalendarSpan:
    match = _DAY.fullmatch(value.text)
    if match is None:
        refuse(
            f"{key} needs a date, as year, month or day: write {key}:2026, {key}:2026-05 "
            f"or {key}>2026-05-01.",
            value.position,
        )
    year, month, day = match.groups()
    span = CalendarSpan(int(year), int(month) if month else None, int(day) if day else None)
    if not span.exists():
        refuse(
            f"{shown(value.text)} is not in the calendar between 1970 and 9998: "
            f"write {key}>2026-05-01.",
            value.position,
        )
    return span


def refuse_a_mistyped_key(name: str, sign: str, rest: str, position: int) -> None:
    """Raise InvalidFilter when `name` is no key but reads as one; otherwise it is free text.

    `rest` is what follows the sign up to the next space. The rule is in the text of `query`.
    """
    near = get_close_matches(name.casefold(), (*KEYS, *ALIASES), n=1)
    first = rest[:1]
    if sign == ":":
        mistyped = first.isalpha() or first == '"' or (bool(near) and first.isalnum())
    else:
        mistyped = sign != "=" and first.isdigit()
    if len(name) < 2 or not mistyped:
        return
    if near:
        hint = f"did you mean {near[0]}, as in {KEYS[ALIASES.get(near[0], near[0])].example}?"
    else:
        hint = f"the keys are {', '.join(KEYS)}."
    text = shown(name + sign + rest.replace('"', ""))
    refuse(
        f'“{shown(name)}” is not a filter key; {hint} To search for the text, write "{text}".',
        position,
    )


def advice(key: str) -> str:
    """Return how to use `key`, as the end of a sentence."""
    example = f"write {KEYS[key].example}"
    if key not in _CLOSED:
        return example
    return f"{example}; the words are {', '.join(KEYS[key].choices)}"


def any_of(terms: Iterable[Term]) -> Term:
    """Return the term that holds when one of `terms` does, flat and without repeats."""
    flat: list[Term] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Either) else (term,))
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else Either(unique)


def shown(text: str) -> str:
    """Return user text for a sentence: short, and nothing a terminal would obey."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return "".join(sign if sign.isprintable() else "�" for sign in short)


def refuse(sentence: str, position: int) -> NoReturn:
    """Raise InvalidFilter; the one place where this language refuses."""
    raise InvalidFilter(sentence, position=position)
