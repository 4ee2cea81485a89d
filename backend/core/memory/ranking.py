"""From candidates to an answer: the order, and what is left out of it and why.

Pure: what the legs found and the instant go in, light tuples come out; whoever answers builds the
full entries of the few that are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from backend.core.memory.fusion import Evidence, Relevance, relevances
from backend.core.memory.scoring import (
    Standing,
    bounded_score,
    classic_score,
    importance_part,
    reinforcement_part,
    time_part,
)
from backend.core.memory.twins import Wording
from backend.types.config import RecallProfile
from backend.types.memory import ScoreParts
from backend.types.recall import RecallLegs, WhyNot

OPENING = 2000
"""Characters of a fact that ranking reads."""
_BYTES_PER_TOKEN = 4
"""A rule of thumb for English; a script of three bytes a sign is overestimated a little."""
_TOKENS_AROUND = 12
"""What a list mark, the date and the provenance of one memory take."""


class RecallCandidate(NamedTuple):
    """A memory that this bot may read, as ranking needs it; `fact` is its first `OPENING` signs."""

    row: int
    id: UUID
    fact: str
    fact_bytes: int
    standing: Standing


class Ranked(NamedTuple):
    """A candidate with its score."""

    candidate: RecallCandidate
    score: float
    relevance: Relevance


class LeftOut(NamedTuple):
    """A candidate that an answer does not have, and why."""

    ranked: Ranked
    why: WhyNot


class Limits(NamedTuple):
    """What an answer may hold; `min_similarity` is a cosine."""

    results: int
    min_similarity: float | None = None
    budget_tokens: int | None = None
    suppress_twins: bool = False


def rank(
    question: str,
    candidates: Sequence[RecallCandidate],
    evidence: Evidence,
    *,
    now: datetime,
    profile: RecallProfile = RecallProfile.BOUNDED,
    legs: RecallLegs = RecallLegs.BOTH,
) -> list[Ranked]:
    """Return the candidates best first; equal ones in order of writing.

    One leg alone orders by its own score and nothing else, and leaves out what it did not find:
    that is for measuring, and for seeing what each leg is worth.
    """
    facts = {candidate.row: candidate.fact for candidate in candidates}
    relevant = relevances(question, facts, evidence)
    ranked = []
    for candidate in candidates:
        relevance = relevant[candidate.row]
        score = _score(relevance, candidate.standing, now, profile, legs)
        if score is not None:
            ranked.append(Ranked(candidate, score, relevance))
    return sorted(ranked, key=lambda each: (-each.score, each.candidate.row))


def _score(
    relevance: Relevance,
    standing: Standing,
    now: datetime,
    profile: RecallProfile,
    legs: RecallLegs,
) -> float | None:
    if legs is RecallLegs.KEYWORDS:
        return relevance.words or None
    if legs is RecallLegs.MEANING:
        return relevance.similarity
    if profile is RecallProfile.CLASSIC:
        similarity = relevance.similarity
        known = relevance.words if similarity is None else similarity
        return classic_score(known, standing, now=now)
    return bounded_score(relevance.score, standing, now=now)


def select(ranked: Iterable[Ranked], limits: Limits) -> tuple[list[Ranked], list[LeftOut]]:
    """Return what the answer holds and what it leaves out, both best first.

    A memory of unknown similarity (no vector yet) passes `min_similarity`: its words found it. What
    is too long for the rest of the budget is left out, a shorter one after it may still fit.
    """
    kept: list[Ranked] = []
    left: list[LeftOut] = []
    wordings: list[Wording] = []
    tokens = 0
    for each in ranked:
        if _too_far(each.relevance.similarity, limits.min_similarity):
            left.append(LeftOut(each, WhyNot.BELOW_THRESHOLD))
            continue
        if len(kept) >= limits.results:
            left.append(LeftOut(each, WhyNot.BEYOND_LIMIT))
            continue
        wording = Wording(each.candidate.fact) if limits.suppress_twins else None
        if wording is not None and any(map(wording.is_twin_of, wordings)):
            left.append(LeftOut(each, WhyNot.TWIN))
            continue
        cost = tokens_of(each.candidate.fact_bytes)
        if limits.budget_tokens is not None and tokens + cost > limits.budget_tokens:
            left.append(LeftOut(each, WhyNot.OVER_BUDGET))
            continue
        tokens += cost
        kept.append(each)
        if wording is not None:
            wordings.append(wording)
    return kept, left


def _too_far(similarity: float | None, least: float | None) -> bool:
    return similarity is not None and least is not None and similarity < least


def tokens_of(fact_bytes: int) -> int:
    """Return about how many tokens a memory takes in a prompt, its list mark and date included."""
    return -(-fact_bytes // _BYTES_PER_TOKEN) + _TOKENS_AROUND


def parts_of(ranked: Ranked, *, now: datetime) -> ScoreParts:
    """Return why a memory ranks where it does, as a person sees it."""
    relevance, standing = ranked.relevance, ranked.candidate.standing
    return ScoreParts(
        meaning=min(max(relevance.similarity or 0.0, 0.0), 1.0),
        words=min(relevance.words, 1.0),
        beside=min(relevance.beside, 1.0),
        fit=min(relevance.fit, 1.0),
        importance=importance_part(standing.importance),
        reinforcement=reinforcement_part(standing.uses),
        time=time_part(standing, now=now),
    )
