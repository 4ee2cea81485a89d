"""What a question gives away beside its words: whom it is about, and that it asks when.

Held by `tests/unit/core/test_ranking.py`.
"""

from __future__ import annotations

import re

from backend.core.memory.keywords import content_words, words_of

_ASKS_WHEN = re.compile(
    r"\s*(when|since when|how long|(what|which) (date|day|week|month|year|time))\b", re.IGNORECASE
)
_TIMES = """
    yesterday today tomorrow tonight ago last next since soon recent recently just
    weekend weekends week weeks month months year years
    monday tuesday wednesday thursday friday saturday sunday
    january february march april june july august september october november december
"""
_TIME_WORDS = frozenset(_TIMES.split())
_MAY = re.compile(r"(?<=\W)May\b")
_SUBJECT_LENGTH = 80
_SIGNS = str.maketrans(dict.fromkeys(".,;:!?()[]\"'’“”/-", " "))


def query_words(text: str) -> list[str]:
    """Return the words of a question to look up, each once: its content words, and the month May.

    "may" is a stop word, "in May" is a date.
    """
    words = content_words(text)
    return [*words, "May"] if _MAY.search(text) and "May" not in words else words


def subject_of(fact: str) -> str:
    """Return the first word of a fact, casefolded: whom it is about, or who said it.

    Transcripts begin with the speaker ("Ana: …"), written facts with their subject ("Ana likes …").
    """
    words = words_of(fact[:_SUBJECT_LENGTH])
    return words[0].casefold() if words else ""


def asks_when(question: str) -> bool:
    """Return whether a question asks for a time; English only."""
    return _ASKS_WHEN.match(question) is not None


def tells_when(fact: str) -> bool:
    """Return whether a fact names a time ("last Friday", "2022"); English only."""
    words = fact.casefold().translate(_SIGNS).split()
    return any(word in _TIME_WORDS or (len(word) == 4 and word.isdecimal()) for word in words)
