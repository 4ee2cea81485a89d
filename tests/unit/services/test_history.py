"""History: what was done, and taking it back."""

from __future__ import annotations

from uuid import UUID

import pytest

from backend import Backend
from backend.types import (
    Act,
    Actor,
    Bot,
    BotStatus,
    Conflict,
    MemoryChange,
    MemoryDraft,
    NotFound,
    UndoBlocked,
)
from tests.conftest import OpenHome
from tests.doubles.clock import FixedClock

USER = Actor.user()
BEN = Actor.bot("ben")


@pytest.fixture
async def ana(backend: Backend) -> Bot:
    """The bot is event 1."""
    return await backend.bots.add("Ana", actor=USER)


async def add(backend: Backend, bot: Bot, fact: str, actor: Actor = USER) -> UUID:
    return (await backend.memories.add(bot.id, MemoryDraft(fact=fact), actor=actor)).entry.id


async def edit(backend: Backend, *ids: UUID, actor: Actor = USER, **fields: object) -> None:
    change = MemoryChange.model_validate(fields)
    assert (await backend.memories.edit(ids, change, actor=actor)).event is not None


async def facts(backend: Backend, bot: Bot) -> list[str]:
    rows = await backend.memories.keys(bot.id)
    return [entry.fact for entry in await backend.memories.entries(rows)]


async def test_acts_are_listed_newest_first_and_page_by_page(backend: Backend, ana: Bot) -> None:
    for fact in ("one", "two", "three"):
        await add(backend, ana, fact)

    first = await backend.history.events(limit=2)
    rest = await backend.history.events(limit=9, before=first[-1].sequence)

    assert [event.sequence for event in first] == [4, 3]
    assert [event.sequence for event in rest] == [2, 1]
    assert await backend.history.events(before=1) == []


async def test_acts_can_be_listed_by_who_did_them(backend: Backend, ana: Bot) -> None:
    await add(backend, ana, "of Ben", actor=BEN)

    assert [event.act for event in await backend.history.events(actor="ben")] == [Act.ADD]
    assert await backend.history.events(actor="nobody") == []


async def test_an_act_shows_before_and_after_of_everything_it_changed(
    backend: Backend, ana: Bot
) -> None:
    tea = await add(backend, ana, "Likes tea")
    await edit(backend, tea, fact="Likes rain", importance=5)

    detail = await backend.history.show(3)

    assert (detail.event.act, detail.event.summary) == (Act.EDIT, "edited 1 memory")
    assert (detail.event.size, detail.event.bot_id) == (1, ana.id)
    (change,) = detail.changes
    assert change.before is not None
    assert change.after is not None
    differing = {name for name in change.before if change.before[name] != change.after[name]}
    assert differing == {"fact", "importance", "revision"}
    assert (change.before["fact"], change.after["fact"]) == ("Likes tea", "Likes rain")


async def test_the_history_of_a_memory_has_its_own_images_only(backend: Backend, ana: Bot) -> None:
    tea, rain = await add(backend, ana, "Likes tea"), await add(backend, ana, "Likes rain")
    await edit(backend, tea, rain, pinned=True)

    history = await backend.history.of_memory(tea)

    assert [detail.event.sequence for detail in history] == [4, 2]
    assert [change.entity_id for detail in history for change in detail.changes] == [str(tea)] * 2
    assert history[0].event.size == 2


async def test_an_unknown_act_is_told_with_the_next_step(backend: Backend) -> None:
    with pytest.raises(NotFound, match="no act 7: “boternity history list” shows them"):
        await backend.history.show(7)
    with pytest.raises(NotFound):
        await backend.history.undo(actor=USER, event=7)


async def test_there_may_be_nothing_to_undo_or_redo(backend: Backend) -> None:
    with pytest.raises(NotFound, match="nothing to undo"):
        await backend.history.undo(actor=USER)
    with pytest.raises(NotFound, match="nothing to redo"):
        await backend.history.redo(actor=USER)


async def test_undo_and_redo_walk_back_and_forth(backend: Backend, ana: Bot) -> None:
    for fact in ("one", "two"):
        await add(backend, ana, fact)
    walk = []

    for step in (backend.history.undo, backend.history.undo, backend.history.redo):
        walk.append((await step(actor=USER)).summary)
        walk.append(", ".join(await facts(backend, ana)))

    assert walk == [
        "undid: added 1 memory", "one",
        "undid: added 1 memory", "",
        "redid: added 1 memory", "one",
    ]  # fmt: skip


async def test_undo_without_a_number_takes_back_ones_own_last_act(
    backend: Backend, ana: Bot
) -> None:
    await add(backend, ana, "mine")
    await add(backend, ana, "of Ben", actor=BEN)

    await backend.history.undo(actor=USER)

    assert await facts(backend, ana) == ["of Ben"]


async def test_any_act_can_be_undone_by_its_number(backend: Backend, ana: Bot) -> None:
    await add(backend, ana, "one")
    await add(backend, ana, "two")

    await backend.history.undo(actor=USER, event=2)

    assert await facts(backend, ana) == ["two"]


async def test_an_act_is_blocked_by_later_ones_on_the_same_things_and_names_them(
    backend: Backend, ana: Bot
) -> None:
    tea = await add(backend, ana, "Likes tea")
    for importance in (1, 2, 4, 5):
        await edit(backend, tea, importance=importance)

    with pytest.raises(UndoBlocked) as caught:
        await backend.history.undo(actor=USER, event=2)

    assert (caught.value.event, caught.value.blockers) == (2, (6, 5, 4, 3))
    assert "(6: edited 1 memory; 5: edited 1 memory; 4: edited 1 memory; and 1 more)" in str(
        caught.value
    )
    assert str(caught.value).endswith("Undo those first, or all of them together.")


async def test_what_blocks_an_act_can_be_taken_back_with_it(backend: Backend, ana: Bot) -> None:
    tea, rain = await add(backend, ana, "Likes tea"), await add(backend, ana, "Likes rain")
    await edit(backend, tea, rain, pinned=True)  # 4, touches both
    await edit(backend, rain, importance=5)  # 5, blocks 4 and so what 4 blocks

    outcome = await backend.history.undo(actor=USER, event=2, together=True)

    assert outcome.summary == "undid: added 1 memory"
    assert await facts(backend, ana) == ["Likes rain"]
    events = await backend.history.events(limit=3)
    assert [event.undo_of for event in events] == [2, 4, 5]
    left = await backend.memories.get(rain)
    assert (left.pinned, left.importance) == (False, 3)
    assert (await backend.history.verify()).ok


async def test_an_act_is_undone_once(backend: Backend, ana: Bot) -> None:
    await add(backend, ana, "Likes tea")
    await backend.history.undo(actor=USER)

    with pytest.raises(Conflict, match="is undone already"):
        await backend.history.undo(actor=USER, event=2)
    with pytest.raises(Conflict, match="taken back by redo"):
        await backend.history.undo(actor=USER, event=3)


async def test_a_newer_act_on_the_same_thing_ends_redo(backend: Backend, ana: Bot) -> None:
    tea = await add(backend, ana, "Likes tea")
    await edit(backend, tea, importance=1)
    await backend.history.undo(actor=USER)
    await edit(backend, tea, importance=5)

    with pytest.raises(NotFound, match="nothing to redo"):
        await backend.history.redo(actor=USER)

    assert (await backend.memories.get(tea)).importance == 5


async def test_a_newer_act_on_something_else_leaves_redo_possible(
    backend: Backend, ana: Bot
) -> None:
    await add(backend, ana, "one")
    await backend.history.undo(actor=USER)
    await add(backend, ana, "two")

    await backend.history.redo(actor=USER)

    assert sorted(await facts(backend, ana)) == ["one", "two"]


async def test_doing_an_act_again_never_brings_back_what_somebody_else_undid_below_it(
    backend: Backend, ana: Bot
) -> None:
    tea = await add(backend, ana, "Likes tea")
    await edit(backend, tea, importance=1, actor=BEN)  # 3
    await edit(backend, tea, pinned=True)  # 4, on top of 3
    await backend.history.undo(actor=USER)  # 5: 4 is gone
    await backend.history.undo(actor=BEN)  # 6: 3 is gone

    with pytest.raises(NotFound, match="nothing to redo"):
        await backend.history.redo(actor=USER)

    entry = await backend.memories.get(tea)
    assert (entry.importance, entry.pinned) == (3, False)
    await backend.history.redo(actor=BEN)
    await backend.history.redo(actor=USER)
    entry = await backend.memories.get(tea)
    assert (entry.importance, entry.pinned) == (1, True)


async def test_undo_keeps_how_often_a_memory_was_used(
    backend: Backend, ana: Bot, clock: FixedClock
) -> None:
    tea = await add(backend, ana, "Likes tea")
    await edit(backend, tea, pinned=True)
    used_at = clock.advance()
    await backend.recall.recall(ana, "tea", count_access=True)

    await backend.history.undo(actor=USER)

    entry = await backend.memories.get(tea)
    assert (entry.pinned, entry.access_count, entry.last_accessed_at) == (False, 1, used_at)
    (change,) = (await backend.history.show(4)).changes
    assert change.after is not None
    assert change.after["access_count"] == 1  # the journal tells what is stored


async def test_a_revision_grows_also_when_an_act_is_taken_back(backend: Backend, ana: Bot) -> None:
    tea = await add(backend, ana, "Likes tea")
    await edit(backend, tea, pinned=True)
    seen = await backend.memories.get(tea)
    await backend.history.undo(actor=USER)

    with pytest.raises(Conflict, match="Somebody else changed"):
        await backend.memories.edit(
            [tea], MemoryChange(importance=1), actor=USER, seen_revision=seen.revision
        )


async def test_undo_never_makes_one_sentence_twice(backend: Backend, ana: Bot) -> None:
    tea = await add(backend, ana, "Likes tea")
    await edit(backend, tea, fact="Likes rain")
    await add(backend, ana, "Likes tea")

    with pytest.raises(Conflict, match="one sentence twice.*nothing was changed"):
        await backend.history.undo(actor=USER, event=3)

    assert await facts(backend, ana) == ["Likes tea", "Likes rain"]


async def test_a_bot_with_memories_cannot_be_undone_away(backend: Backend, ana: Bot) -> None:
    await add(backend, ana, "Likes tea")

    with pytest.raises(Conflict, match="has memories by now .1."):
        await backend.history.undo(actor=USER, event=1)

    assert (await backend.bots.get("ana")) == ana


async def test_a_memory_is_not_brought_back_to_a_bot_that_is_gone(
    backend: Backend, ana: Bot
) -> None:
    await add(backend, ana, "Likes tea")
    await backend.history.undo(actor=USER)
    await backend.bots.remove("ana", actor=USER)

    with pytest.raises(Conflict, match="has been removed: nothing was changed. Bring the bot"):
        await backend.history.redo(actor=USER)

    assert await backend.bots.summaries() == []


async def test_a_filter_does_not_come_back_over_a_newer_one(backend: Backend) -> None:
    await backend.workspace.save_filter("Mine", "imp>=4", actor=USER)
    await backend.workspace.remove_filter("Mine", actor=USER)
    await backend.workspace.save_filter("Mine", "imp>=5", actor=USER)

    with pytest.raises(Conflict, match="Rename or remove that first"):
        await backend.history.undo(actor=USER, event=2)


async def test_undo_works_across_restarts(open_home: OpenHome) -> None:
    async with open_home() as backend:
        ana = await backend.bots.add("Ana", actor=USER)
        await add(backend, ana, "Likes tea")
        await backend.bots.set_status("ana", BotStatus.DISABLED, actor=USER)

    async with open_home() as backend:
        await backend.history.undo(actor=USER)
        await backend.history.undo(actor=USER)
        await backend.history.undo(actor=USER)

    async with open_home() as backend:
        assert await backend.bots.summaries() == []
        await backend.history.redo(actor=USER)
        await backend.history.redo(actor=USER)
        ana = await backend.bots.get("ana")
        assert ana.status is BotStatus.ACTIVE
        assert await facts(backend, ana) == ["Likes tea"]
        assert (await backend.history.verify()).ok


async def test_what_one_program_did_another_on_the_same_home_undoes(open_home: OpenHome) -> None:
    async with open_home() as one, open_home() as other:
        ana = await one.bots.add("Ana", actor=USER)
        await add(one, ana, "Likes tea")
        counter = await one.change_counter()

        await other.history.undo(actor=USER)

        assert await facts(one, ana) == []
        assert await one.change_counter() != counter
        assert await one.history.last() == 3


async def test_the_change_counter_rests_while_nobody_writes(backend: Backend, ana: Bot) -> None:
    before = await backend.change_counter()
    await facts(backend, ana)

    assert await backend.change_counter() == before

    await add(backend, ana, "Likes tea")
    assert await backend.change_counter() != before
