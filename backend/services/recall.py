"""Recall: what a bot knows about something, by words and by meaning at once, and why.

The two legs run at the same time; what they find is only a proposal. Whatever is answered was
confirmed in SQL: live, and readable by this bot. Browsing changes nothing; only an agent's recall
counts as use (`tests/unit/services/test_recall.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from backend.core.clock import Clock
from backend.core.memory.fusion import Evidence, TermMatches, words_alone
from backend.core.memory.query import parse_filter
from backend.core.memory.ranking import (
    Limits,
    Ranked,
    RecallCandidate,
    parts_of,
    rank,
    select,
)
from backend.core.memory.vector_index import VectorIndex
from backend.core.store import Store, Transaction
from backend.services.bots import get_bot
from backend.types.bots import Bot
from backend.types.config import RecallSettings
from backend.types.errors import Invalid
from backend.types.index import VectorHits
from backend.types.memory import MemoryEntry, MemorySort, RankedMemory
from backend.types.recall import (
    NearMiss,
    RankedRow,
    RankedRows,
    RecallAnswer,
    RecallLegs,
    RecallTimings,
)

T = TypeVar("T")
LEG_DEPTH = 100
"""Candidates of each leg: 50 cost 0.4 points of R@10 on LoCoMo's turns, 150 win 0.5 [measured]."""
NEAR_MISSES = 10
MAX_RESULTS = 200


class _ByWords(NamedTuple):
    """What one read of the store gives the keyword leg."""

    bot: Bot
    terms: list[TermMatches]
    candidates: list[RecallCandidate]
    beside: dict[int, list[int]]
    took_ms: float


class _Found(NamedTuple):
    """The ranking of everything that was found, and how it came about."""

    bot: Bot
    ranked: list[Ranked]
    hits: VectorHits
    now: datetime
    timings: RecallTimings


class RecallService:
    """Searches one bot's memories."""

    def __init__(
        self, store: Store, index: VectorIndex, clock: Clock, settings: RecallSettings
    ) -> None:
        self._store = store
        self._index = index
        self._clock = clock
        self._settings = settings

    async def search(
        self,
        bot: Bot | UUID,
        query: str,
        *,
        k: int | None = None,
        min_similarity: float | None = None,
        wait: float = 2.0,
        legs: RecallLegs = RecallLegs.BOTH,
    ) -> RecallAnswer:
        """Return the bot's memories that fit `query` best; nothing counts as used.

        At most `k` (the setting `recall.results` when None), of at least the cosine
        `min_similarity`. Lets the index do pending jobs for at most `wait` seconds. Raises Invalid
        (blank query, `k` out of range) and NotFound.
        """
        found = await self._find(bot, query, wait, legs)
        limits = Limits(self._count(k), min_similarity)
        return await self._answer(query, found, limits, explain=False)

    async def recall(
        self,
        bot: Bot | UUID,
        prompt: str,
        *,
        k: int | None = None,
        min_similarity: float | None = None,
        budget_tokens: int | None = None,
        explain: bool = False,
        count_access: bool = False,
        wait: float = 2.0,
    ) -> RecallAnswer:
        """Return what the bot would be handed for `prompt`; with `explain` also the near misses.

        Near-twins are handed over once, and no more than fits into `budget_tokens` (about 4 bytes a
        token). `count_access` is for agents: what they are handed counts as used. Raises Invalid
        and NotFound.
        """
        if budget_tokens is not None and budget_tokens < 1:
            raise Invalid("The token budget must be at least 1.")
        found = await self._find(bot, prompt, wait, RecallLegs.BOTH)
        limits = Limits(self._count(k), min_similarity, budget_tokens, suppress_twins=True)
        answer = await self._answer(prompt, found, limits, explain=explain)
        if count_access and answer.results:
            ids = [each.entry.id for each in answer.results]
            await self._store.write(lambda tx: tx.recall.count_access(ids, at=found.now))
        return answer

    async def ranked_rows(
        self, bot: Bot | UUID, filter_text: str, *, wait: float = 0.0
    ) -> RankedRows | None:
        """Return the rows that a filter line admits, ordered by its free words; None without any.

        A memory may be found by meaning and lack the words; every other condition of the line
        holds for all rows. Raises InvalidFilter and NotFound.
        """
        condition = parse_filter(filter_text)
        text = " ".join((*condition.words, *(f'"{phrase}"' for phrase in condition.phrases)))
        if not text.strip():
            return None
        found = await self._find(bot, text, wait, RecallLegs.BOTH)
        rest, bot_id = condition.without_words(), found.bot.id

        def admitted(tx: Transaction) -> set[int]:
            return set(tx.views.keys(bot_id, rest, MemorySort.NEWEST, now=found.now))

        rows = await self._store.read(admitted)
        return RankedRows(
            rows=tuple(
                RankedRow(
                    row=each.candidate.row,
                    score=each.score,
                    parts=parts_of(each, now=found.now),
                )
                for each in found.ranked
                if each.candidate.row in rows
            ),
            vectors=found.hits.state.value,
            pending=found.hits.pending,
            message=found.hits.message,
        )

    def _count(self, k: int | None) -> int:
        count = self._settings.results if k is None else k
        if not 1 <= count <= MAX_RESULTS:
            raise Invalid(f"Ask for 1 to {MAX_RESULTS} memories, not {count}.")
        return count

    async def _find(self, bot: Bot | UUID, query: str, wait: float, legs: RecallLegs) -> _Found:
        if not query.strip():
            raise Invalid("There is nothing to search for: write a few words.")
        bot_id = bot if isinstance(bot, UUID) else bot.id
        by_words, hits = await asyncio.gather(
            self._store.read(lambda tx: self._by_words(tx, bot_id, query)),
            self._index.search(bot_id, query, limit=LEG_DEPTH, wait=wait),
        )
        known = {hit.memory_id: hit.similarity for hit in hits.hits}
        unknown = [each.id for each in by_words.candidates if each.id not in known]
        begun = self._clock.now()
        (merged, confirmed), (fetched_too, fetched) = await asyncio.gather(
            self._timed(self._store.read(lambda tx: _with_hits(tx, bot_id, by_words, hits))),
            self._timed(self._cosines(bot_id, query, unknown if known else [])),
        )
        known |= fetched_too
        joined = self._clock.now()
        similarities = {each.row: known[each.id] for each in merged.candidates if each.id in known}
        ranked = rank(
            query,
            merged.candidates,
            Evidence(by_words.terms, similarities, merged.beside),
            now=joined,
            profile=self._settings.profile,
            legs=legs,
        )
        done = self._clock.now()
        timings = RecallTimings(
            embedding=hits.embedding_ms,
            vectors=hits.search_ms + _ms(begun, fetched),
            keywords=by_words.took_ms,
            ours=_ms(begun, confirmed) + _ms(joined, done),
        )
        return _Found(by_words.bot, ranked, hits, joined, timings)

    async def _cosines(
        self, bot_id: UUID, query: str, memory_ids: Sequence[UUID]
    ) -> dict[UUID, float]:
        return await self._index.similarities(bot_id, query, memory_ids) if memory_ids else {}

    async def _timed(self, work: Awaitable[T]) -> tuple[T, datetime]:
        """Return a result and when it was there."""
        return await work, self._clock.now()

    def _by_words(self, tx: Transaction, bot_id: UUID, query: str) -> _ByWords:
        begun = self._clock.now()
        bot = get_bot(tx, bot_id)
        terms = tx.recall.keyword_terms(bot_id, query)
        scores = words_alone(terms)
        best = sorted(scores, key=lambda row: (-scores[row], row))[:LEG_DEPTH]
        candidates = tx.recall.candidates(bot_id, best, ())
        beside = tx.recall.beside(bot_id, best)
        return _ByWords(bot, terms, candidates, beside, _ms(begun, self._clock.now()))

    async def _answer(
        self, query: str, found: _Found, limits: Limits, *, explain: bool
    ) -> RecallAnswer:
        begun = self._clock.now()
        kept, left = select(found.ranked, limits)
        missed = left[:NEAR_MISSES] if explain else []
        rows = [each.candidate.row for each in (*kept, *(miss.ranked for miss in missed))]
        entries = {
            entry.row: entry
            for entry in await self._store.read(
                lambda tx: tx.recall.readable(found.bot.id, rows, ())
            )
        }
        results = [_shown(each, entries, found.now) for each in kept]
        misses = [(_shown(miss.ranked, entries, found.now), miss.why) for miss in missed]
        timings = found.timings
        ours = timings.ours + _ms(begun, self._clock.now())
        return RecallAnswer(
            query=query,
            bot=found.bot.slug,
            results=tuple(each for each in results if each is not None),
            near_misses=tuple(
                NearMiss(memory=memory, why=why) for memory, why in misses if memory is not None
            ),
            vectors=found.hits.state.value,
            pending=found.hits.pending,
            message=found.hits.message,
            timings=timings.model_copy(update={"ours": ours}),
        )


class _Merged(NamedTuple):
    """The confirmed candidates of both legs."""

    candidates: list[RecallCandidate]
    beside: dict[int, list[int]]


def _with_hits(tx: Transaction, bot_id: UUID, by_words: _ByWords, hits: VectorHits) -> _Merged:
    """Confirm the vector hits in SQL and join them to what the words found."""
    known = {each.id for each in by_words.candidates}
    ids = [hit.memory_id for hit in hits.hits if hit.memory_id not in known]
    new = tx.recall.candidates(bot_id, (), ids)
    beside = by_words.beside | tx.recall.beside(bot_id, [each.row for each in new])
    return _Merged([*by_words.candidates, *new], beside)


def _shown(
    ranked: Ranked, entries: Mapping[int, MemoryEntry], now: datetime
) -> RankedMemory | None:
    """Return a memory as answered, or None when it went away since it was ranked."""
    entry = entries.get(ranked.candidate.row)
    if entry is None:
        return None
    similarity = ranked.relevance.similarity
    return RankedMemory(
        entry=entry,
        relevance_score=ranked.score,
        distance=None if similarity is None else 1 - similarity,
        parts=parts_of(ranked, now=now),
    )


def _ms(begun: datetime, ended: datetime) -> float:
    return (ended - begun).total_seconds() * 1000
