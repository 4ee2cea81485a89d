"""Turns filters into SQL: conditions on `memories`.

What a person types reaches SQLite only as a bound parameter, and FTS5 only inside a quoted
string; column names and operators come from the tables below. Each condition is true or false,
never NULL, so that a minus in front gives exactly the other memories. Tested against the
migrated schema in `tests/unit/infra/test_filter_sql.py`.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never

from backend.core.memory.filter_terms import (
    HOURS,
    STATUS_STATES,
    Accessed,
    AgeIs,
    All,
    CategoryIs,
    Comparison,
    DateField,
    DateIs,
    Either,
    FreeWord,
    MemoryFilter,
    Not,
    NumberField,
    NumberIs,
    Phrase,
    State,
    StateIs,
    Term,
    TextField,
    TextIs,
    mentions_status,
)
from backend.core.memory.keywords import has_unspaced_script

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = 3_600_000_000
_LIVE = StateIs((State.LIVE,))
_NUMBERS = {
    NumberField.IMPORTANCE: "importance",
    NumberField.USES: "access_count",
    NumberField.SEEN: "seen_count",
}
_DATES = {DateField.CREATED: "created_at", DateField.UPDATED: "updated_at"}


@dataclass(frozen=True, slots=True)
class SqlCondition:
    """A condition for WHERE, in parentheses, and its named parameters ("filter_0", …)."""

    where: str
    parameters: dict[str, int | str | bytes]


def compile_filter(
    filter: MemoryFilter, *, now: datetime, alias: str = "m", typing: bool = False
) -> SqlCondition:
    """Return the condition that the rows of `memories AS alias` meet when `filter` admits them.

    Live memories are meant wherever the filter does not speak of a status; in `a or is:deleted`
    the live ones of `a`. While `typing` a word matches every word that begins with it, otherwise
    whole words; both also match other forms of the word (its stem). Days begin in the zone of
    `now`, which must have one.
    """
    compiler = _Compiler(now=now, alias=alias, typing=typing)
    where = compiler.term(_with_status(filter.root))
    return SqlCondition(f"({where})", compiler.parameters)


def fts_string(text: str) -> str:
    """Return `text` as an FTS5 string: nothing in it is syntax."""
    # FTS5 reads its query up to the first NUL, which would cut the closing quote off.
    return '"' + text.replace("\0", " ").replace('"', '""') + '"'


def _with_status(term: Term | None) -> Term:
    """Return `term` with "live" added to each alternative that does not speak of a status."""
    if term is None:
        return _LIVE
    if isinstance(term, StateIs):
        statuses = tuple(state for state in term.values if state in STATUS_STATES)
        others = tuple(state for state in term.values if state not in STATUS_STATES)
        if statuses and others:
            return Either((StateIs(statuses), All((StateIs(others), _LIVE))))
    if not mentions_status(term):
        return All((term, _LIVE))
    if isinstance(term, Either):
        return Either(tuple(_with_status(part) for part in term.terms))
    if isinstance(term, All):
        return All(tuple(_with_status(t) if mentions_status(t) else t for t in term.terms))
    return term


class _Compiler:
    """Writes one condition; `parameters` fills up on the way."""

    def __init__(self, *, now: datetime, alias: str, typing: bool) -> None:
        self._now, self._m, self._typing = now, alias, typing
        self.parameters: dict[str, int | str | bytes] = {}

    def term(self, term: Term) -> str:
        match term:
            case All(terms):
                return " AND ".join(f"({self.term(part)})" for part in terms)
            case Either(terms):
                return " OR ".join(f"({self.term(part)})" for part in terms)
            case Not(inner):
                return f"NOT ({self.term(inner)})"
            case FreeWord(text):
                return self._word(text)
            case Phrase(text):
                return self._phrase(text)
            case CategoryIs(values):
                return f"{self._m}.category IN ({', '.join(map(self._bind, values))})"
            case StateIs(values):
                return " OR ".join(self._state(state) for state in values)
            case NumberIs(field, comparison, value):
                sign = "=" if comparison is Comparison.IS else comparison.value
                return f"{self._m}.{_NUMBERS[field]} {sign} {self._bind(value)}"
            case AgeIs():
                return self._age(term)
            case DateIs():
                return self._date(term)
            case TextIs(field, values, exactly):
                return " OR ".join(f"({self._text(field, v, exactly)})" for v in values)
            case Accessed():
                return f"{self._m}.access_count > 0"
            case _:
                assert_never(term)

    def _bind(self, value: int | str) -> str:
        name = f"filter_{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"

    def _word(self, text: str) -> str:
        if not _tokens_tell(text):
            return self._letters(text)
        quoted = fts_string(text)
        plain = self._bind("{fact tags} : " + quoted + (" *" if self._typing else ""))
        # written_on stays out: "may" would find whatever was written in May.
        stem = self._bind("{fact tags} : " + quoted)
        return (
            f"{self._m}.row IN (SELECT rowid FROM memories_plain WHERE memories_plain MATCH {plain}"
            f" UNION ALL SELECT rowid FROM memories_stem WHERE memories_stem MATCH {stem})"
        )

    def _phrase(self, text: str) -> str:
        if not _tokens_tell(text):
            return self._letters(text)
        # The fact alone: neighbours in the tags' JSON are not next to each other for a person.
        phrase = self._bind("fact : " + fts_string(text))
        return (
            f"{self._m}.row IN"
            f" (SELECT rowid FROM memories_plain WHERE memories_plain MATCH {phrase})"
        )

    def _letters(self, text: str) -> str:
        """Match a text that has no words for FTS by its letters, anywhere in the fact."""
        if len(text) >= 3 and "\0" not in text:
            fact = (
                f"{self._m}.row IN (SELECT rowid FROM memories_trigram"
                f" WHERE memories_trigram MATCH {self._bind(fts_string(text))})"
            )
        else:
            fact = self._contains(f"{self._m}.fact", text)
        # ASCII signs are left to the fact: the tags' JSON is full of them.
        return fact if text.isascii() else f"{fact} OR {self._contains(f'{self._m}.tags', text)}"

    def _state(self, state: State) -> str:
        match state:
            case State.PINNED:
                return f"{self._m}.pinned = 1"
            case State.IMPORTED:
                return f"{self._m}.source_kind = 'import'"
            case State.LIVE | State.SUPERSEDED | State.MERGED | State.DELETED:
                return f"{self._m}.status = {self._bind(state.value)}"
            case State.SHARED | State.CANDIDATE:
                return "FALSE"  # backend.core.memory.filter_terms.NOT_YET_ANSWERED
            case _:
                assert_never(state)

    def _age(self, term: AgeIs) -> str:
        # Older than means written before: the sign turns round.
        turned = {">": "<", ">=": "<=", "<": ">", "<=": ">="}[term.comparison.value]
        instant = _micros(self._now) - term.amount * HOURS[term.unit] * _HOUR
        return f"{self._m}.created_at {turned} {self._bind(instant)}"

    def _date(self, term: DateIs) -> str:
        zone = self._now.tzinfo
        assert zone is not None  # `now` has a zone, as compile_filter demands
        column = f"{self._m}.{_DATES[term.field]}"
        start, end = (_micros(instant) for instant in term.span.bounds(zone))
        match term.comparison:
            case Comparison.IS | Comparison.EXACTLY:
                return f"{column} >= {self._bind(start)} AND {column} < {self._bind(end)}"
            case Comparison.MORE:
                return f"{column} >= {self._bind(end)}"
            case Comparison.AT_LEAST:
                return f"{column} >= {self._bind(start)}"
            case Comparison.LESS:
                return f"{column} < {self._bind(start)}"
            case Comparison.AT_MOST:
                return f"{column} < {self._bind(end)}"
            case _:
                assert_never(term.comparison)

    def _text(self, field: TextField, value: str, exactly: bool) -> str:
        m = self._m
        match field:
            case TextField.TAG:
                wanted = [json.dumps(form, ensure_ascii=False) for form in _forms(value)]
                return self._holds(f"{m}.tags", wanted)
            case TextField.BY:
                return f"{self._same(f'{m}.source_kind', value)} OR " + self._same(
                    f"{m}.source_name", value
                )
            case TextField.SOURCE:
                where = f"{m}.source_where"
                return self._same(where, value) if exactly else self._contains(where, value)
            case TextField.SESSION:
                session = f"coalesce({m}.session_id, '')"
                return self._same(session, value) if exactly else self._begins(session, value)
            case _:
                assert_never(field)

    def _same(self, column: str, text: str) -> str:
        return f"lower({column}) IN ({', '.join(self._bind(form) for form in _forms(text))})"

    def _contains(self, column: str, text: str) -> str:
        return self._holds(column, _forms(text))

    def _holds(self, column: str, forms: list[str]) -> str:
        tests = (f"instr(lower({column}), {self._bind(form)}) > 0" for form in forms)
        return f"({' OR '.join(tests)})"

    def _begins(self, column: str, text: str) -> str:
        tests = (f"instr(lower({column}), {self._bind(form)}) = 1" for form in _forms(text))
        return f"({' OR '.join(tests)})"


_ASCII_LOWER = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


def _forms(text: str) -> list[str]:
    """Return the spellings of `text` to look for in `lower(column)`, which folds ASCII alone."""
    spellings = (text, text.lower(), text.upper(), text.capitalize())
    return list(dict.fromkeys(spelling.translate(_ASCII_LOWER) for spelling in spellings))


def _tokens_tell(text: str) -> bool:
    """Return whether FTS5 sees in `text` what a person means by it.

    It sees letters and digits: nothing of "→" or an emoji, "c" of "C++", and a sentence of CJK
    as one word.
    """
    if has_unspaced_script(text):
        return False
    composed = unicodedata.normalize("NFC", text)
    seen = sum(unicodedata.category(sign)[0] in "LN" for sign in composed)
    return seen > 1 or seen == len(composed) == 1


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
