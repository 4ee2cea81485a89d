"""Searching a bot's memories through the real store, with an index that says what a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from backend import Backend, open_backend
from backend.types import (
    Actor,
    Bot,
    IndexState,
    IndexStatus,
    Invalid,
    MemoryChange,
    MemoryDraft,
    NotFound,
    RecallLegs,
    ReconcileReport,
    VectorHit,
    VectorHits,
    WhyNot,
)
from tests.doubles.clock import FixedClock
from tests.doubles.entropy import SeededEntropy


class ScriptedIndex:
    """A FAKE index: `cosines` says how near each memory is to whatever is asked."""

    def __init__(self) -> None:
        self.state = IndexState.READY
        self.cosines: dict[UUID, float] = {}
        self.pending = 0
        self.reaches = 100
        """How many hits a search returns at most; the rest is known when asked for by id."""

    async def search(self, bot_id: UUID, text: str, *, limit: int, wait: float = 0.0) -> VectorHits:
        if self.state is not IndexState.READY:
            return VectorHits(state=self.state, message="It is not there yet.")
        best = sorted(self.cosines.items(), key=lambda each: -each[1])[: min(limit, self.reaches)]
        hits = tuple(VectorHit(memory_id=each, similarity=cosine) for each, cosine in best)
        return VectorHits(hits=hits, state=self.state, pending=self.pending)

    async def similarities(
        self, bot_id: UUID, text: str, memory_ids: Sequence[UUID]
    ) -> dict[UUID, float]:
        return {each: self.cosines[each] for each in memory_ids if each in self.cosines}

    async def nearest(self, bot_id: UUID, memory_id: UUID, *, limit: int) -> VectorHits:
        return VectorHits(state=self.state)

    def poke(self) -> None:
        pass

    async def status(self) -> IndexStatus:
        return IndexStatus(state=self.state)

    async def reconcile(self, *, repair: bool = False) -> ReconcileReport:
        return ReconcileReport(state=self.state)

    async def close(self) -> None:
        pass


@pytest.fixture
def index() -> ScriptedIndex:
    return ScriptedIndex()


@pytest.fixture
async def backend(home: Path, clock: FixedClock, index: ScriptedIndex) -> AsyncIterator[Backend]:
    opened = await asyncio.to_thread(
        open_backend, home, environ={}, clock=clock, entropy=SeededEntropy(), index=index
    )
    async with opened:
        yield opened


@pytest.fixture
async def bot(backend: Backend, user: Actor) -> Bot:
    return await backend.bots.add("Ana", actor=user)


async def tell(
    backend: Backend, bot: Bot, *facts: str, session: str | None = None, at: datetime | None = None
) -> list[UUID]:
    added = []
    for fact in facts:
        draft = MemoryDraft(fact=fact, session_id=session, created_at=at)
        added.append((await backend.memories.add(bot.id, draft, actor=Actor.user())).entry.id)
    return added


async def found(backend: Backend, bot: Bot, query: str, **options: object) -> list[str]:
    answer = await backend.recall.search(bot, query, **options)  # type: ignore[arg-type]
    return [each.entry.fact for each in answer.results]


async def test_a_search_finds_by_words_and_by_meaning_at_once(
    backend: Backend, bot: Bot, index: ScriptedIndex
) -> None:
    words, meaning, _ = await tell(backend, bot, "The boat is blue", "She sails", "Tea is green")
    index.cosines = {words: 0.5, meaning: 0.6}

    assert await found(backend, bot, "boat") == ["The boat is blue", "She sails"]


async def test_another_form_of_the_word_is_found(backend: Backend, bot: Bot) -> None:
    await tell(backend, bot, "Ana was dancing at the harbour", "Tea is green")

    assert await found(backend, bot, "who danced?") == ["Ana was dancing at the harbour"]


async def test_a_memory_found_by_words_gets_its_true_similarity(
    backend: Backend, bot: Bot, index: ScriptedIndex
) -> None:
    far, near = await tell(backend, bot, "The boat is blue", "She sails")
    index.cosines, index.reaches = {near: 0.6, far: 0.25}, 1

    answer = await backend.recall.search(bot, "boat")

    assert {each.entry.id: each.distance for each in answer.results} == {near: 0.4, far: 0.75}


async def test_without_an_index_the_words_go_on_and_the_answer_says_so(
    backend: Backend, bot: Bot, index: ScriptedIndex
) -> None:
    await tell(backend, bot, "The boat is blue")
    index.state = IndexState.STARTING

    answer = await backend.recall.search(bot, "boat")

    assert [each.distance for each in answer.results] == [None]
    assert (answer.vectors, answer.message) == ("starting", "It is not there yet.")


async def test_what_is_not_indexed_yet_is_counted(
    backend: Backend, bot: Bot, index: ScriptedIndex
) -> None:
    index.pending = 3

    assert (await backend.recall.search(bot, "boat")).pending == 3


async def test_another_bots_memory_never_surfaces_whatever_the_index_says(
    backend: Backend, bot: Bot, index: ScriptedIndex, user: Actor
) -> None:
    other = await backend.bots.add("Ben", actor=user)
    (secret,) = await tell(backend, other, "The boat is stolen")
    index.cosines = {secret: 0.99}

    assert await found(backend, bot, "boat") == []


async def test_a_deleted_memory_never_surfaces_whatever_the_index_says(
    backend: Backend, bot: Bot, index: ScriptedIndex, user: Actor
) -> None:
    (gone,) = await tell(backend, bot, "The boat is blue")
    index.cosines = {gone: 0.99}
    await backend.memories.delete([gone], actor=user)

    assert await found(backend, bot, "boat") == []


async def test_other_bots_words_do_not_change_what_is_rare_for_this_one(
    backend: Backend, bot: Bot, user: Actor
) -> None:
    await tell(backend, bot, "boat one", "boat two", "boat three", "heron four")
    before = [each.parts.words for each in (await backend.recall.search(bot, "boat heron")).results]
    other = await backend.bots.add("Ben", actor=user)

    await tell(backend, other, *(f"heron number {number}" for number in range(12)))

    after = [each.parts.words for each in (await backend.recall.search(bot, "boat heron")).results]
    assert after == pytest.approx(before, abs=0.1)
    assert (await found(backend, bot, "boat heron"))[0] == "heron four"


async def test_a_sentence_of_the_same_session_helps_to_find_the_answer(
    backend: Backend, bot: Bot
) -> None:
    await tell(backend, bot, "Did the engine get repaired?", "Yes, Ben saw to it", session="one")
    await tell(backend, bot, "Yes, Ben came to tea", *(f"Note {number}" for number in range(9)))

    facts = await found(backend, bot, "has Ben repaired the engine")

    assert facts.index("Yes, Ben saw to it") < facts.index("Yes, Ben came to tea")


async def test_an_identifier_is_found_in_the_middle_of_another_word(
    backend: Backend, bot: Bot
) -> None:
    await tell(backend, bot, "The host is myheron2box", "The host is unknown")

    assert (await found(backend, bot, "heron2"))[0] == "The host is myheron2box"


async def test_chinese_is_found_without_spaces(backend: Backend, bot: Bot) -> None:
    await tell(backend, bot, "她喜欢绿茶和咖啡", "Tea is green")

    assert await found(backend, bot, "喜欢绿茶吗") == ["她喜欢绿茶和咖啡"]


async def test_the_date_of_writing_is_part_of_the_words(
    backend: Backend, bot: Bot, clock: FixedClock
) -> None:
    may = clock.now().replace(month=5, day=9)
    await tell(backend, bot, "The boat was sold", at=may)
    await tell(backend, bot, "The boat was blue")

    assert (await found(backend, bot, "the boat in May"))[0] == "The boat was sold"


async def test_only_as_many_as_asked_for_come_back(backend: Backend, bot: Bot) -> None:
    await tell(backend, bot, "boat one", "boat two", "boat three")

    assert len(await found(backend, bot, "boat", k=2)) == 2


async def test_what_is_less_similar_than_asked_for_stays_out(
    backend: Backend, bot: Bot, index: ScriptedIndex
) -> None:
    far, near = await tell(backend, bot, "boat far", "boat near")
    index.cosines = {far: 0.2, near: 0.7}

    assert await found(backend, bot, "boat", min_similarity=0.5) == ["boat near"]


async def test_one_leg_can_be_asked_alone(backend: Backend, bot: Bot, index: ScriptedIndex) -> None:
    words, meaning = await tell(backend, bot, "The boat is blue", "She sails")
    index.cosines = {words: 0.1, meaning: 0.9}

    assert await found(backend, bot, "boat", legs=RecallLegs.KEYWORDS) == ["The boat is blue"]
    assert (await found(backend, bot, "boat", legs=RecallLegs.MEANING))[0] == "She sails"


@pytest.mark.parametrize("blank", ["", " \n\t"])
async def test_a_blank_question_is_refused(backend: Backend, bot: Bot, blank: str) -> None:
    with pytest.raises(Invalid, match="write a few words"):
        await backend.recall.search(bot, blank)


@pytest.mark.parametrize("k", [0, -1, 201])
async def test_a_senseless_number_of_memories_is_refused(
    backend: Backend, bot: Bot, k: int
) -> None:
    with pytest.raises(Invalid, match="1 to 200"):
        await backend.recall.search(bot, "boat", k=k)


async def test_an_unknown_bot_is_told(backend: Backend) -> None:
    with pytest.raises(NotFound):
        await backend.recall.search(UUID(int=1), "boat")


@pytest.mark.parametrize("hostile", ['" OR 1', "a AND NOT (", "NEAR(", "x\0y", "*", "'; --", "🛥"])
async def test_no_question_is_taken_for_a_command(backend: Backend, bot: Bot, hostile: str) -> None:
    await tell(backend, bot, "The boat is blue")

    await backend.recall.search(bot, hostile)


class TestWhatABotIsHanded:
    async def test_searching_and_trying_out_count_as_no_use(
        self, backend: Backend, bot: Bot
    ) -> None:
        (boat,) = await tell(backend, bot, "The boat is blue")

        await backend.recall.search(bot, "boat")
        await backend.recall.recall(bot, "boat", explain=True)

        assert (await backend.memories.get(boat)).access_count == 0

    async def test_an_agents_recall_counts_what_it_was_handed(
        self, backend: Backend, bot: Bot, clock: FixedClock
    ) -> None:
        first, second = await tell(backend, bot, "The boat is blue", "The boat is old")

        answer = await backend.recall.recall(bot, "blue boat", k=1, count_access=True)

        assert [each.entry.id for each in answer.results] == [first]
        assert (await backend.memories.get(first)).access_count == 1
        assert (await backend.memories.get(first)).last_accessed_at == clock.now()
        assert (await backend.memories.get(second)).access_count == 0

    async def test_what_was_left_out_is_told_with_the_reason(
        self, backend: Backend, bot: Bot, index: ScriptedIndex
    ) -> None:
        kept, twin, far, late = await tell(
            backend,
            bot,
            "Ana likes green tea in the quiet morning",
            "Ana likes green tea in the quiet morning hours",
            "Ana drinks tea",
            "Tea was on the list",
        )
        index.cosines = {kept: 0.9, twin: 0.85, far: 0.1, late: 0.6}

        answer = await backend.recall.recall(
            bot, "Ana likes green tea", k=1, min_similarity=0.3, explain=True
        )

        assert [each.entry.id for each in answer.results] == [kept]
        assert {each.memory.entry.id: each.why for each in answer.near_misses} == {
            twin: WhyNot.BEYOND_LIMIT,
            far: WhyNot.BELOW_THRESHOLD,
            late: WhyNot.BEYOND_LIMIT,
        }

    async def test_near_misses_are_told_only_when_asked_for(
        self, backend: Backend, bot: Bot
    ) -> None:
        await tell(backend, bot, "boat one", "boat two")

        assert (await backend.recall.recall(bot, "boat", k=1)).near_misses == ()

    async def test_a_budget_of_nothing_is_refused(self, backend: Backend, bot: Bot) -> None:
        with pytest.raises(Invalid, match="at least 1"):
            await backend.recall.recall(bot, "boat", budget_tokens=0)


class TestTheFilterLine:
    async def test_rows_are_ordered_by_the_words_and_kept_by_the_conditions(
        self, backend: Backend, bot: Bot, index: ScriptedIndex, user: Actor
    ) -> None:
        words, meaning, other = await tell(backend, bot, "The boat is blue", "She sails", "A boat")
        index.cosines = {words: 0.6, meaning: 0.7, other: 0.5}
        await backend.memories.edit([words, meaning], MemoryChange(pinned=True), actor=user)

        ranked = await backend.recall.ranked_rows(bot, "is:pinned boat")

        assert ranked is not None
        ids = [entry.id for entry in await backend.memories.entries([r.row for r in ranked.rows])]
        assert ids == [words, meaning]
        assert ranked.rows[0].score > ranked.rows[1].score

    async def test_a_line_without_words_has_nothing_to_rank_by(
        self, backend: Backend, bot: Bot
    ) -> None:
        assert await backend.recall.ranked_rows(bot, "is:pinned") is None
