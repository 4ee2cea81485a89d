"""How relevant a memory is to a question: by its words, its meaning, and what stands beside it.

Every part is in [0, 1] and absolute, so that a score says something across questions:

- *words*: the share of the question's words, by rarity in the bot, that the memory has. A word
  counts by the square root of its BM25 saturation, which softens FTS5's preference for short
  texts.
- *meaning*: the cosine, measured from the question's background (the least similar candidate), for
  models differ in what they call unrelated.
- *beside*: a memory written within two places of another in one session shares its context. What
  a neighbour has of the question and the memory has not is added, word by word, for about half of
  what it would count as the memory's own. A memory that has itself nothing to do with the question
  borrows nothing.
- *fit*: the fact begins with a word of the question (its subject or speaker); a question that asks
  when prefers facts that name a time.

Source of all numbers: LoCoMo's five development dialogues, turns and observations together. The
optimum is flat, so they are round; fitted on four dialogues and judged on the fifth, R@10 is 0.80 /
0.82 (turns / observations) as well. Measured there: words alone 0.661 / 0.721, cosine alone 0.514 /
0.715, the two blended 0.669 / 0.772, this 0.805 / 0.820 (`tests/benchmarks/locomo.py`). With the
sessions shuffled, so that every neighbour is a stranger, it is 0.71 / 0.77, against 0.72 / 0.78
without neighbours: that is the price of a wrong session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from backend.core.memory.cues import asks_when, query_words, subject_of, tells_when
from backend.core.memory.keywords import leans_to_keywords

BESIDE = 2
"""Places in a session that count as beside: one is worth 3 points less on turns, three no more."""


class TermMatches(NamedTuple):
    """What one word, or exact piece, of a question finds in a bot.

    `rarity` is its inverse document frequency within the bot; `strengths` has, for each row that
    it is found in, how much of a match it is, in (0, 1].
    """

    rarity: float
    strengths: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """Shares of the relevance; they sum to 1."""

    words: float = 0.24
    words_beside: float = 0.29
    meaning: float = 0.19
    meaning_beside: float = 0.13
    subject: float = 0.085
    time: float = 0.065


WEIGHTS = FusionWeights()
LEANING = FusionWeights(0.29, 0.35, 0.125, 0.085, 0.085, 0.065)
"""For a question with an identifier, a number or a quote: letters decide."""

_ENOUGH_FOR_A_BACKGROUND = 20
_UNRELATED, _RELATED = 0.1, 0.3
"""Own words or meaning below the first borrow nothing, above the second everything."""


class Relevance(NamedTuple):
    """How relevant a memory is, in [0, 1], and why; `similarity` is None without a vector."""

    score: float
    similarity: float | None
    words: float
    beside: float
    fit: float


class Evidence(NamedTuple):
    """What the legs found. Similarities are cosines by row; neighbours need not be candidates."""

    terms: Sequence[TermMatches]
    similarities: Mapping[int, float]
    beside: Mapping[int, Sequence[int]]


def relevances(question: str, facts: Mapping[int, str], evidence: Evidence) -> dict[int, Relevance]:
    """Return the relevance of each candidate, given as row → fact.

    Where a memory has no vector, or no words could be looked up, the other parts alone decide,
    their weights scaled up.
    """
    weights = LEANING if leans_to_keywords(question) else WEIGHTS
    background = _background(evidence.similarities, facts)
    subjects = {word.casefold() for word in query_words(question)}
    when = asks_when(question)

    def relevance(row: int, fact: str) -> Relevance:
        near = evidence.beside.get(row, ())
        own, around = _coverage(evidence.terms, row, near)
        similarity = evidence.similarities.get(row)
        meaning, meant_beside = _meaning(evidence.similarities, row, near, background)
        share = _share(max(own, similarity or 0.0))
        borrowed = share * (
            weights.words_beside * (around - own)
            + weights.meaning_beside * (meant_beside - meaning)
        )
        fit = weights.subject * (subject_of(fact) in subjects) + weights.time * (
            when and tells_when(fact)
        )
        spoken, meant = (
            weights.words + weights.words_beside,
            weights.meaning + weights.meaning_beside,
        )
        known = (
            weights.subject
            + weights.time
            + (spoken if evidence.terms else 0.0)
            + (meant if similarity is not None else 0.0)
        )
        score = (spoken * own + meant * meaning + borrowed + fit) / known
        return Relevance(
            score=min(score, 1.0),
            similarity=similarity,
            words=own,
            beside=borrowed / (weights.words_beside + weights.meaning_beside),
            fit=fit / (weights.subject + weights.time),
        )

    return {row: relevance(row, fact) for row, fact in facts.items()}


def words_alone(terms: Sequence[TermMatches]) -> dict[int, float]:
    """Return row → share of the question's words, in (0, 1], for every row that has any."""
    total = sum(term.rarity for term in terms)
    found: dict[int, float] = {}
    for rarity, strengths in terms:
        weight = rarity / total if total else 0.0
        for row, strength in strengths.items():
            found[row] = found.get(row, 0.0) + weight * strength
    return found


def _coverage(terms: Sequence[TermMatches], row: int, near: Sequence[int]) -> tuple[float, float]:
    """Return the share of the words in the row, and in the row and its neighbours together."""
    own = around = total = 0.0
    for rarity, strengths in terms:
        strength = best = strengths.get(row, 0.0)
        for other in near:  # a plain loop: this runs for each word of each candidate
            if other in strengths and strengths[other] > best:
                best = strengths[other]
        own += rarity * strength
        around += rarity * best
        total += rarity
    return (own / total, around / total) if total else (0.0, 0.0)


def _meaning(
    similarities: Mapping[int, float], row: int, near: Sequence[int], background: float
) -> tuple[float, float]:
    """Return what the cosine has over the background, for the row and the best row near it."""
    own = similarities.get(row)
    if own is None:
        return 0.0, 0.0
    best = max((similarities[other] for other in near if other in similarities), default=own)
    scale = max(1 - background, 1e-9)
    meaning = max(own - background, 0.0) / scale
    return meaning, max(meaning, (best - background) / scale)


def _background(similarities: Mapping[int, float], candidates: Mapping[int, str]) -> float:
    known = [similarities[row] for row in candidates if row in similarities]
    return max(min(known), 0.0) if len(known) >= _ENOUGH_FOR_A_BACKGROUND else 0.0


def _share(own: float) -> float:
    return min(max((own - _UNRELATED) / (_RELATED - _UNRELATED), 0.0), 1.0)
