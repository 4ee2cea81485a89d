"""Memories: add, edit, delete, restore, and what a person reads of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from backend import Backend
from backend.types import (
    Actor,
    Added,
    Bot,
    Conflict,
    Invalid,
    InvalidFilter,
    MemoryCategory,
    MemoryChange,
    MemoryDraft,
    MemorySort,
    MemoryStatus,
    NotFound,
)
from tests.doubles.clock import START, FixedClock

USER = Actor.user()


@pytest.fixture
async def ana(backend: Backend) -> Bot:
    return await backend.bots.add("Ana", actor=USER)


async def add(backend: Backend, bot: Bot, fact: str, **fields: object) -> Added:
    draft = MemoryDraft.model_validate({"fact": fact, **fields})
    return await backend.memories.add(bot.id, draft, actor=USER)


async def listed(backend: Backend, bot: Bot | None, line: str = "", **options: object) -> list[str]:
    rows = await backend.memories.keys(bot.id if bot else None, line, **options)  # type: ignore[arg-type]  # keywords of the caller
    return [entry.fact for entry in await backend.memories.entries(rows)]


async def test_the_same_sentence_again_is_counted_not_doubled(
    backend: Backend, ana: Bot, clock: FixedClock
) -> None:
    first = await add(backend, ana, "Prefers dark mode", importance=5)
    later = clock.advance()

    again = await add(backend, ana, "prefers  DARK mode.", importance=1)

    assert (first.repeated, again.repeated) == (False, True)
    assert again.entry == first.entry.model_copy(
        update={"seen_count": 2, "confirmed_at": later, "revision": 2}
    )
    assert await backend.memories.count(ana.id) == 1


async def test_the_same_sentence_of_another_bot_is_another_memory(
    backend: Backend, ana: Bot
) -> None:
    ben = await backend.bots.add("Ben", actor=USER)
    await add(backend, ana, "Likes tea")

    assert not (await add(backend, ben, "Likes tea")).repeated


async def test_a_sentence_whose_memory_is_in_the_trash_is_learned_anew(
    backend: Backend, ana: Bot
) -> None:
    first = await add(backend, ana, "Likes tea")
    await backend.memories.delete([first.entry.id], actor=USER)

    again = await add(backend, ana, "Likes tea")

    assert not again.repeated
    with pytest.raises(Conflict, match=f"another memory .{str(again.entry.id)[:8]}.*Delete one"):
        await backend.memories.restore([first.entry.id], actor=USER)


async def test_memories_of_a_session_are_numbered_in_order(backend: Backend, ana: Bot) -> None:
    places = [
        (await add(backend, ana, fact, session_id=session)).entry.session_position
        for fact, session in [("a", "s"), ("b", "s"), ("c", None), ("d", "t"), ("e", "s")]
    ]

    assert places == [0, 1, None, 0, 2]


async def test_a_memory_of_an_unknown_bot_is_refused(backend: Backend) -> None:
    with pytest.raises(NotFound, match="has been removed"):
        await backend.memories.add(UUID(int=1), MemoryDraft(fact="x"), actor=USER)


async def test_an_edit_that_changes_nothing_is_no_act(backend: Backend, ana: Bot) -> None:
    entry = (await add(backend, ana, "Likes tea")).entry

    outcome = await backend.memories.edit([entry.id], MemoryChange(importance=3), actor=USER)

    assert (outcome.event, outcome.count, outcome.summary) == (None, 0, "nothing to change")
    assert await backend.memories.get(entry.id) == entry


async def test_a_bulk_edit_counts_what_it_changed_once(backend: Backend, ana: Bot) -> None:
    one = (await add(backend, ana, "one", importance=5)).entry.id
    two = (await add(backend, ana, "two")).entry.id
    three = (await add(backend, ana, "three")).entry.id

    outcome = await backend.memories.edit(
        [one, two, three, two], MemoryChange(importance=5), actor=USER
    )

    assert (outcome.count, outcome.summary) == (2, "edited 2 memories")


async def test_an_edit_never_overwrites_what_the_person_has_not_seen(
    backend: Backend, ana: Bot
) -> None:
    seen = (await add(backend, ana, "Likes tea")).entry
    await backend.memories.edit([seen.id], MemoryChange(pinned=True), actor=Actor.bot("ana"))

    with pytest.raises(Conflict, match="nothing was saved. Look at it again"):
        await backend.memories.edit(
            [seen.id], MemoryChange(fact="Likes rain"), actor=USER, seen_revision=seen.revision
        )

    assert (await backend.memories.get(seen.id)).fact == "Likes tea"


async def test_an_edit_cannot_make_one_sentence_twice(backend: Backend, ana: Bot) -> None:
    await add(backend, ana, "Likes tea")
    rain = (await add(backend, ana, "Likes rain")).entry.id
    snow = (await add(backend, ana, "Likes snow")).entry.id

    with pytest.raises(Conflict, match="has this sentence already"):
        await backend.memories.edit([rain], MemoryChange(fact="likes TEA"), actor=USER)
    with pytest.raises(Conflict, match="has this sentence already"):
        await backend.memories.edit([rain, snow], MemoryChange(fact="Likes fog"), actor=USER)

    assert await listed(backend, ana) == ["Likes snow", "Likes rain", "Likes tea"]


async def test_a_memory_may_be_reworded_within_its_own_sentence(backend: Backend, ana: Bot) -> None:
    tea = (await add(backend, ana, "likes tea")).entry.id

    await backend.memories.edit([tea], MemoryChange(fact="Likes tea."), actor=USER)

    assert await listed(backend, ana) == ["Likes tea."]


async def test_one_refusal_leaves_all_of_a_bulk_act_undone(backend: Backend, ana: Bot) -> None:
    tea = (await add(backend, ana, "Likes tea")).entry.id

    for act in (
        backend.memories.delete([tea, UUID(int=9)], actor=USER),
        backend.memories.edit([tea, UUID(int=9)], MemoryChange(pinned=True), actor=USER),
        backend.memories.restore([tea, UUID(int=9)], actor=USER),
    ):
        with pytest.raises(NotFound, match="look for it in the history"):
            await act

    entry = await backend.memories.get(tea)
    assert (entry.status, entry.pinned, entry.revision) == (MemoryStatus.LIVE, False, 1)


async def test_deleting_moves_to_the_trash_and_restoring_takes_out_of_it(
    backend: Backend, ana: Bot
) -> None:
    tea = (await add(backend, ana, "Likes tea")).entry.id
    await add(backend, ana, "Likes rain")

    deleted = await backend.memories.delete([tea, tea], actor=USER)

    assert deleted.summary == "deleted 1 memory"
    assert await listed(backend, ana) == ["Likes rain"]
    assert await listed(backend, ana, "is:deleted") == ["Likes tea"]
    assert (await backend.memories.delete([tea], actor=USER)).event is None
    assert (await backend.memories.restore([tea], actor=USER)).summary == "restored 1 memory"
    assert (await backend.memories.restore([tea], actor=USER)).event is None
    assert await listed(backend, ana) == ["Likes rain", "Likes tea"]


async def test_a_deleted_memory_must_be_restored_before_it_is_edited(
    backend: Backend, ana: Bot
) -> None:
    tea = (await add(backend, ana, "Likes tea")).entry.id
    await backend.memories.delete([tea], actor=USER)

    with pytest.raises(Conflict, match="restore it first"):
        await backend.memories.edit([tea], MemoryChange(pinned=True), actor=USER)


async def test_an_act_on_memories_of_two_bots_belongs_to_neither(
    backend: Backend, ana: Bot
) -> None:
    ben = await backend.bots.add("Ben", actor=USER)
    ids = [(await add(backend, bot, "Likes tea")).entry.id for bot in (ana, ben)]

    outcome = await backend.memories.delete(ids, actor=USER)

    assert outcome.event is not None
    assert (await backend.history.show(outcome.event)).event.bot_id is None
    assert outcome.count == 2


async def test_ids_may_be_shortened_to_a_unique_beginning(backend: Backend, ana: Bot) -> None:
    tea = (await add(backend, ana, "Likes tea")).entry.id
    text = str(tea)

    for spelling in (text, text.upper(), text.replace("-", ""), text[:6], f" {text[:13]} "):
        assert await backend.memories.resolve([spelling]) == [tea]


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("abc", Invalid, "too short.*at least 6"),
        ("ffffff", NotFound, "boternity memory list"),
        ("zzzzzzzz", NotFound, "boternity memory list"),
        ("%%%%%%%%", NotFound, "boternity memory list"),
        ("' OR 1=1", NotFound, "boternity memory list"),
    ],
)
async def test_what_names_no_memory_is_refused_with_the_next_step(
    backend: Backend, text: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        await backend.memories.resolve([text])


async def test_a_beginning_of_several_ids_is_refused(backend: Backend, ana: Bot) -> None:
    export = await backend.exchange.export_text(ana.id)
    line = '{"id": "aaaaaaaa-0000-4000-8000-00000000000%d", "fact": "%s",'
    times = ' "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}'
    both = ",".join(line % pair + times for pair in ((1, "one"), (2, "two")))
    data = export.replace('"memories": [\n', f'"memories": [\n{both}').encode()
    await backend.exchange.import_text(ana.id, data, name="e", actor=USER, accept=True)

    with pytest.raises(Invalid, match="more than one id: give more characters"):
        await backend.memories.resolve(["aaaaaaaa"])


async def test_the_list_can_be_ordered(backend: Backend, ana: Bot, clock: FixedClock) -> None:
    ids = []
    for fact, importance in [("b", 5), ("A", 1), ("c", 3)]:
        ids.append((await add(backend, ana, fact, importance=importance)).entry.id)
        clock.advance()
    await backend.memories.edit(ids[1:2], MemoryChange(pinned=True), actor=USER)
    await backend.recall.recall(ana, "b", count_access=True)

    orders = {sort: await listed(backend, ana, sort=sort) for sort in MemorySort}

    assert orders == {
        MemorySort.NEWEST: ["c", "A", "b"],
        MemorySort.OLDEST: ["b", "A", "c"],
        MemorySort.IMPORTANCE: ["b", "c", "A"],
        MemorySort.UPDATED: ["A", "c", "b"],
        MemorySort.USED: ["b", "c", "A"],
        MemorySort.FACT: ["A", "b", "c"],
    }


async def test_a_view_of_all_bots_shows_everybodys_memories(backend: Backend, ana: Bot) -> None:
    ben = await backend.bots.add("Ben", actor=USER)
    await add(backend, ana, "of Ana")
    await add(backend, ben, "of Ben")

    assert await listed(backend, None) == ["of Ben", "of Ana"]
    assert await listed(backend, ana) == ["of Ana"]


async def test_typing_finds_beginnings_of_words_and_a_search_whole_ones(
    backend: Backend, ana: Bot
) -> None:
    await add(backend, ana, "Prefers dark mode")

    assert await listed(backend, ana, "dar", typing=True) == ["Prefers dark mode"]
    assert await listed(backend, ana, "dar") == []


async def test_a_filter_that_cannot_be_read_is_refused(backend: Backend, ana: Bot) -> None:
    with pytest.raises(InvalidFilter):
        await backend.memories.keys(ana.id, "cat:nonsense")


async def test_rows_that_are_gone_are_left_out_of_a_list(backend: Backend, ana: Bot) -> None:
    await add(backend, ana, "Likes tea", pinned=True)
    (row,) = await backend.memories.keys(ana.id)

    lines = await backend.memories.lines([row + 7, row, -1])

    (line,) = lines
    assert (line.row, line.fact, line.category, line.pinned, line.status) == (
        row, "Likes tea", "fact", 1, "live"
    )  # fmt: skip
    assert line.created_at == int(START.timestamp()) * 1_000_000
    assert [entry.fact for entry in await backend.memories.entries([row + 7, row])] == ["Likes tea"]


async def test_a_list_gets_the_beginning_of_a_long_text(backend: Backend, ana: Bot) -> None:
    await add(backend, ana, "é" * 100_000)

    (line,) = await backend.memories.lines(await backend.memories.keys(ana.id))

    assert line.fact == "é" * 400


async def test_statistics_count_what_is_there(backend: Backend, ana: Bot) -> None:
    await add(backend, ana, "one", category="preference", importance=5, pinned=True)
    await add(backend, ana, "two", created_at="2026-01-31T23:59:59Z")
    gone = (await add(backend, ana, "three")).entry.id
    await backend.memories.delete([gone], actor=USER)

    stats = await backend.memories.stats(ana.id)

    assert (stats.live, stats.deleted, stats.superseded, stats.merged) == (2, 1, 0, 0)
    assert (stats.pinned, stats.never_recalled, stats.indexed) == (1, 2, 0)
    assert stats.by_category == {MemoryCategory.FACT: 1, MemoryCategory.PREFERENCE: 1}
    assert stats.by_importance == {3: 1, 5: 1}
    assert stats.by_month == {"2026-01": 1, "2026-11": 1}
    assert await backend.memories.stats(None) == stats


async def test_an_empty_bot_has_statistics_too(backend: Backend, ana: Bot) -> None:
    stats = await backend.memories.stats(ana.id)

    assert (stats.live, stats.pinned, stats.by_month) == (0, 0, {})


async def test_without_an_index_nothing_is_near(backend: Backend, ana: Bot) -> None:
    tea = (await add(backend, ana, "Likes tea")).entry.id

    assert await backend.memories.near(tea, limit=5) == []
    with pytest.raises(NotFound):
        await backend.memories.near(UUID(int=1), limit=5)


async def test_a_text_that_cannot_be_a_memory_is_told_before_it_is_saved(backend: Backend) -> None:
    assert backend.memories.fact_problem("Likes tea") is None
    assert backend.memories.fact_problem(" ") == (
        "A memory needs a text: write the fact in one sentence."
    )


async def test_only_an_act_that_changes_words_or_status_asks_for_indexing(
    backend: Backend, ana: Bot, home: Path
) -> None:
    tea = (await add(backend, ana, "Likes tea")).entry.id

    async def asked(act: Awaitable[object]) -> int:
        """Return how many jobs an act leaves when all earlier ones are done."""
        with closing(sqlite3.connect(home / "boternity.db", isolation_level=None)) as connection:
            connection.execute("DELETE FROM index_jobs")
        await act
        return (await backend.memories.stats(ana.id)).pending

    memories, history = backend.memories, backend.history
    jobs = [
        await asked(memories.edit([tea], MemoryChange(pinned=True, importance=5), actor=USER)),
        await asked(memories.edit([tea], MemoryChange(fact="Likes rain"), actor=USER)),
        await asked(memories.delete([tea], actor=USER)),
        await asked(memories.restore([tea], actor=USER)),
        await asked(history.undo(actor=USER)),
        await asked(memories.add(ana.id, MemoryDraft(fact="Likes snow"), actor=USER)),
        await asked(memories.add(ana.id, MemoryDraft(fact="Likes snow"), actor=USER)),
        await asked(backend.exchange.import_drafts(ana.id, [MemoryDraft(fact="a")], actor=USER)),
        await asked(backend.bots.remove("ana", actor=USER)),
    ]

    assert jobs == [0, 1, 1, 1, 1, 1, 0, 1, 3]  # in the end three vectors are to be forgotten
