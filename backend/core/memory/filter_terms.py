"""What a memory filter is made of: its closed words, and the frozen terms that a line parses to.

Each term writes itself with `str()` exactly as the parser reads it back; the round trip is
held by `tests/properties/test_query.py`. The grammar stands in `backend.core.memory.query`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import assert_never

from backend.types.base import Word
from backend.types.memory import MemoryCategory


class State(Word):
    """What may follow `is:`."""

    PINNED = "pinned"
    LIVE = "live"
    SUPERSEDED = "superseded"
    MERGED = "merged"
    DELETED = "deleted"
    IMPORTED = "imported"
    SHARED = "shared"
    CANDIDATE = "candidate"


STATUS_STATES = frozenset({State.LIVE, State.SUPERSEDED, State.MERGED, State.DELETED})
"""States that name a status; a filter without any of them means live memories."""

NOT_YET_ANSWERED = frozenset({State.SHARED, State.CANDIDATE})
"""Legal words that no memory matches: grants and the import queue have no tables yet.

`MemoryFilter.unanswered` tells a screen that the person asked for one.
"""


class Comparison(StrEnum):
    """How a value is compared; on text, IS is the lenient match and EXACTLY the strict one."""

    IS = ":"
    EXACTLY = "="
    AT_LEAST = ">="
    AT_MOST = "<="
    MORE = ">"
    LESS = "<"


class NumberField(StrEnum):
    """Whole numbers of a memory: importance 1-5, recalls by agents, times the fact came in."""

    IMPORTANCE = "imp"
    USES = "uses"
    SEEN = "seen"


class DateField(StrEnum):
    """Instants of a memory that can be compared with a calendar date."""

    CREATED = "created"
    UPDATED = "updated"


class TextField(StrEnum):
    """Open texts of a memory; `query` says how each is matched."""

    TAG = "tag"
    BY = "by"
    SOURCE = "source"
    SESSION = "session"


class AgeUnit(StrEnum):
    """Units of an age; a month counts 30 days and a year 365."""

    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    MONTH = "mo"
    YEAR = "y"


HOURS = {
    AgeUnit.HOUR: 1,
    AgeUnit.DAY: 24,
    AgeUnit.WEEK: 7 * 24,
    AgeUnit.MONTH: 30 * 24,
    AgeUnit.YEAR: 365 * 24,
}


@dataclass(frozen=True, slots=True)
class CalendarSpan:
    """A year, a month or a day, as typed: 2026, 2026-05 or 2026-05-01; 1970 to 9998."""

    year: int
    month: int | None = None
    day: int | None = None

    def exists(self) -> bool:
        """Return whether the calendar has it, within the years that the store can compare."""
        try:
            self.bounds(UTC)
        except ValueError:
            return False
        return 1970 <= self.year <= 9998

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return the first instant of the span and the first one after it, in `zone`."""
        month = 1 if self.month is None else self.month
        day = 1 if self.day is None else self.day
        start = datetime(self.year, month, day, tzinfo=zone)
        if self.month is None:
            return start, start.replace(year=self.year + 1)
        if self.day is None:
            after = self.year * 12 + self.month  # months since year 0, January being 0
            return start, start.replace(year=after // 12, month=after % 12 + 1)
        following = datetime.fromordinal(start.toordinal() + 1)
        return start, following.replace(tzinfo=zone)

    def __str__(self) -> str:
        parts = [
            f"{self.year:04}",
            *(f"{n:02}" for n in (self.month, self.day) if n is not None),
        ]
        return "-".join(parts)


@dataclass(frozen=True, slots=True)
class FreeWord:
    """A word that the fact or a tag must have."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that the fact must have next to each other, not stemmed."""

    text: str

    def __str__(self) -> str:
        return _in_quotes(self.text)


@dataclass(frozen=True, slots=True)
class CategoryIs:
    """The category is one of `values`."""

    values: tuple[MemoryCategory, ...]

    def __str__(self) -> str:
        return "cat:" + ",".join(self.values)


@dataclass(frozen=True, slots=True)
class StateIs:
    """At least one of `values` holds."""

    values: tuple[State, ...]

    def __str__(self) -> str:
        return "is:" + ",".join(self.values)


@dataclass(frozen=True, slots=True)
class NumberIs:
    """A whole number compares with `value`."""

    field: NumberField
    comparison: Comparison
    value: int

    def __str__(self) -> str:
        return f"{self.field}{self.comparison}{self.value}"


@dataclass(frozen=True, slots=True)
class AgeIs:
    """The time since the memory was created compares with `amount` units; never IS."""

    comparison: Comparison
    amount: int
    unit: AgeUnit

    def __str__(self) -> str:
        return f"age{self.comparison}{self.amount}{self.unit}"


@dataclass(frozen=True, slots=True)
class DateIs:
    """An instant lies in, before or after `span`; days begin in the zone of the asker."""

    field: DateField
    comparison: Comparison
    span: CalendarSpan

    def __str__(self) -> str:
        return f"{self.field}{self.comparison}{self.span}"


@dataclass(frozen=True, slots=True)
class TextIs:
    """An open text matches one of `values`, by the rule of its field."""

    field: TextField
    values: tuple[str, ...]
    exactly: bool = False

    def __str__(self) -> str:
        sign = Comparison.EXACTLY if self.exactly else Comparison.IS
        return f"{self.field}{sign}" + ",".join(_value(value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Accessed:
    """An agent has recalled it at least once."""

    def __str__(self) -> str:
        return "accessed"


@dataclass(frozen=True, slots=True)
class Not:
    """`term` does not hold."""

    term: Term

    def __str__(self) -> str:
        inner = str(self.term)
        # "--x" and "->x" would read back as words.
        if isinstance(self.term, (All, Either, Not)) or inner[0] in "->":
            return f"-({inner})"
        return f"-{inner}"


@dataclass(frozen=True, slots=True)
class All:
    """Each of two or more terms holds; none of them is an `All`."""

    terms: tuple[Term, ...]

    def __str__(self) -> str:
        return " ".join(f"({t})" if isinstance(t, Either) else str(t) for t in self.terms)


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of two or more terms holds; none of them is an `Either`."""

    terms: tuple[Term, ...]

    def __str__(self) -> str:
        return " or ".join(str(term) for term in self.terms)


Leaf = FreeWord | Phrase | CategoryIs | StateIs | NumberIs | AgeIs | DateIs | TextIs | Accessed
Term = Leaf | Not | All | Either


@dataclass(frozen=True, slots=True)
class MemoryFilter:
    """A parsed filter line; without a `root` it is empty and means every live memory."""

    root: Term | None = None

    def __str__(self) -> str:
        return "" if self.root is None else str(self.root)

    @property
    def words(self) -> tuple[str, ...]:
        """The free words that are asked for, in order: what a search embeds and ranks by."""
        return tuple(t.text for t in _positive_leaves(self.root) if isinstance(t, FreeWord))

    @property
    def phrases(self) -> tuple[str, ...]:
        """The quoted words that are asked for, in order."""
        return tuple(t.text for t in _positive_leaves(self.root) if isinstance(t, Phrase))

    @property
    def mentions_status(self) -> bool:
        """Whether the person says which status to show; otherwise live memories are meant."""
        return mentions_status(self.root)

    @property
    def unanswered(self) -> tuple[State, ...]:
        """The words of `NOT_YET_ANSWERED` that are used, for a screen to say so."""
        states = (s for t in _leaves(self.root) if isinstance(t, StateIs) for s in t.values)
        return tuple(dict.fromkeys(s for s in states if s in NOT_YET_ANSWERED))

    def without_words(self) -> MemoryFilter:
        """Return the filter that also admits memories which lack the free words.

        Hybrid search ranks by `words` and filters by this: a memory may be found by its
        meaning alone. Words inside an `or` stay, for there they decide what is admitted.
        """
        if isinstance(self.root, FreeWord):
            return MemoryFilter()
        if not isinstance(self.root, All):
            return self
        rest = tuple(term for term in self.root.terms if not isinstance(term, FreeWord))
        if len(rest) < 2:
            return MemoryFilter(rest[0] if rest else None)
        return MemoryFilter(All(rest))


def mentions_status(term: Term | None) -> bool:
    """Return whether `term` names a status anywhere, also behind a minus."""
    return any(
        isinstance(leaf, StateIs) and not STATUS_STATES.isdisjoint(leaf.values)
        for leaf in _leaves(term)
    )


def _leaves(term: Term | None) -> Iterator[Leaf]:
    match term:
        case None:
            return
        case Not(inner):
            yield from _leaves(inner)
        case All(terms) | Either(terms):
            for part in terms:
                yield from _leaves(part)
        case (
            FreeWord()
            | Phrase()
            | CategoryIs()
            | StateIs()
            | NumberIs()
            | AgeIs()
            | DateIs()
            | TextIs()
            | Accessed()
        ):
            yield term
        case _:
            assert_never(term)


def _positive_leaves(term: Term | None) -> Iterator[Leaf]:
    if isinstance(term, Not):
        return
    if isinstance(term, (All, Either)):
        for part in term.terms:
            yield from _positive_leaves(part)
    else:
        yield from _leaves(term)


_BARE_VALUE = re.compile(r'[^\s()",|<>=][^\s()",|]*')


def _value(text: str) -> str:
    return text if _BARE_VALUE.fullmatch(text) else _in_quotes(text)


def _in_quotes(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
