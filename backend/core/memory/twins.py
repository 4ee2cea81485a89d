"""Whether two facts say nearly the same, so that one of them is enough in one answer.

Careful on purpose: facts that differ in a number, a name, a negation or the order of their words
are two facts, however near their meanings (memory.md: "PostgreSQL instead of MySQL" and its reverse
have a cosine of 0.996). Nothing is deleted on this judgement.
"""

from __future__ import annotations

from backend.core.memory.keywords import STOP_WORDS, words_of

_ALIKE = 0.75
"""Share of the words that two twins have in common."""
_DENYING = """
    not no never none nobody nothing without neither nor cannot hardly stopped quit
    don doesn didn isn aren wasn weren hasn haven hadn won wouldn couldn shouldn
"""
_DENIALS = frozenset(_DENYING.split())


class Wording:
    """A fact's words, taken apart once to be compared often."""

    __slots__ = ("_denials", "_exact", "_words")

    def __init__(self, fact: str) -> None:
        typed = words_of(fact)
        folded = [word.casefold() for word in typed]
        self._denials = sum(word in _DENIALS for word in folded)
        self._words = [word for word in folded if word not in STOP_WORDS] or folded
        # The first word is a capital for its place; a name there is caught as a word.
        self._exact = {
            word
            for place, word in enumerate(typed)
            if any(sign.isdigit() for sign in word) or (place > 0 and word[:1].isupper())
        } | set(folded[:1])

    def is_twin_of(self, other: Wording) -> bool:
        """Return whether both say nearly the same; symmetric."""
        mine, theirs = set(self._words), set(other._words)
        common = mine & theirs
        if self._denials != other._denials or self._exact != other._exact:
            return False
        if not common or len(common) / len(mine | theirs) < _ALIKE:
            return False
        return _only(self._words, common) == _only(other._words, common)


def _only(words: list[str], wanted: set[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word in wanted))
