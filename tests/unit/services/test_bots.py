"""Bots: names, slugs, the current one, and removal that undo takes back."""

from __future__ import annotations

import pytest

from backend import Backend
from backend.services.bots import slug_of
from backend.types import (
    Actor,
    BotStatus,
    Conflict,
    Invalid,
    MemoryDraft,
    NotFound,
)
from tests.conftest import OpenHome
from tests.doubles.clock import START, FixedClock

USER = Actor.user()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ana", "ana"),
        ("Home Assistant", "home-assistant"),
        ("  many   spaces ", "many-spaces"),
        ("Zoë & Søren", "zoe-s-ren"),
        ("R2-D2!", "r2-d2"),
        ("ＦＵＬＬ", "full"),
        ("Straße 7", "strasse-7"),
        ("日本", ""),
        ("…", ""),
    ],
)
def test_a_slug_is_what_a_url_and_a_shell_can_take(name: str, slug: str) -> None:
    assert slug_of(name) == slug


async def test_a_new_bot_is_active_and_found_by_slug_and_by_name(backend: Backend) -> None:
    made = await backend.bots.add("Home  Assistant", actor=USER, description="keeps the house")

    assert (made.name, made.slug, made.status) == (
        "Home Assistant",
        "home-assistant",
        BotStatus.ACTIVE,
    )
    assert made.created_at == made.updated_at == START
    assert await backend.bots.get("home-assistant") == made
    assert await backend.bots.get("HOME ASSISTANT") == made
    assert await backend.bots.by_id(made.id) == made


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "needs a letter"),
        ("日本", "needs a letter"),
        ("a" * 65, "at most 64"),
        ("red\x1b[31m", "printable"),
        ("user", "a word of the program"),
        ("System", "a word of the program"),
        ("ALL", "a word of the program"),
    ],
)
async def test_a_name_that_cannot_work_is_refused(backend: Backend, name: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        await backend.bots.add(name, actor=USER)

    assert await backend.bots.summaries() == []


async def test_two_bots_never_answer_to_one_name(backend: Backend) -> None:
    await backend.bots.add("Ana", actor=USER)
    await backend.bots.rename("ana", "Bea", actor=USER)

    for name in ("Ana", "ANA!", "Bea"):  # the slug stays with its bot, the name is new
        with pytest.raises(Conflict, match="“ana” already"):
            await backend.bots.add(name, actor=USER)


async def test_half_a_character_in_a_description_is_refused_in_words(backend: Backend) -> None:
    with pytest.raises(Invalid, match="half of a character"):
        await backend.bots.add("Ana", actor=USER, description="caf\udce9")


async def test_an_unknown_bot_is_told_with_the_bots_there_are(backend: Backend) -> None:
    with pytest.raises(NotFound, match="none yet: add the first one"):
        await backend.bots.get("ana")
    await backend.bots.add("Ana", actor=USER)
    await backend.bots.add("Ben", actor=USER)

    with pytest.raises(NotFound, match="no bot “chi”. The bots are: ana, ben") as caught:
        await backend.bots.get("chi")

    assert (caught.value.kind, caught.value.key) == ("bot", "chi")


async def test_a_renamed_bot_keeps_its_slug_and_answers_to_both(
    backend: Backend, clock: FixedClock
) -> None:
    ana = await backend.bots.add("Ana", actor=USER)
    later = clock.advance()

    renamed = await backend.bots.rename("ana", "Anna Maria", actor=USER)

    assert renamed == ana.model_copy(
        update={"name": "Anna Maria", "updated_at": later, "revision": 2}
    )
    assert await backend.bots.get("ana") == await backend.bots.get("anna maria") == renamed


async def test_a_bot_may_be_renamed_to_what_it_answers_to(backend: Backend) -> None:
    await backend.bots.add("Ana", actor=USER)

    assert (await backend.bots.rename("ana", "ANA", actor=USER)).name == "ANA"


async def test_the_same_name_or_status_again_is_no_act(backend: Backend) -> None:
    ana = await backend.bots.add("Ana", actor=USER)

    assert await backend.bots.rename("ana", " Ana ", actor=USER) == ana
    assert await backend.bots.set_status("ana", BotStatus.ACTIVE, actor=USER) == ana
    assert await backend.history.last() == 1


async def test_an_archived_bot_learns_nothing_until_it_is_taken_back(backend: Backend) -> None:
    ana = await backend.bots.add("Ana", actor=USER)
    await backend.bots.set_status("ana", BotStatus.ARCHIVED, actor=USER)

    with pytest.raises(Conflict, match="archived: take it back into use first"):
        await backend.memories.add(ana.id, MemoryDraft(fact="Likes tea"), actor=USER)
    with pytest.raises(Conflict, match="archived"):
        await backend.exchange.import_drafts(ana.id, [MemoryDraft(fact="x")], actor=USER)

    await backend.bots.set_status("ana", BotStatus.ACTIVE, actor=USER)
    await backend.memories.add(ana.id, MemoryDraft(fact="Likes tea"), actor=USER)
    assert await backend.memories.count(ana.id) == 1


async def test_the_list_counts_live_and_deleted_memories_by_name(backend: Backend) -> None:
    ben = await backend.bots.add("ben", actor=USER)
    await backend.bots.add("Ana", actor=USER)
    added = await backend.memories.add(ben.id, MemoryDraft(fact="Likes tea"), actor=USER)
    await backend.memories.add(ben.id, MemoryDraft(fact="Likes rain"), actor=USER)
    await backend.memories.delete([added.entry.id], actor=USER)

    listed = [(each.bot.slug, each.live, each.deleted) for each in await backend.bots.summaries()]

    assert listed == [("ana", 0, 0), ("ben", 1, 1)]


async def test_a_removed_bot_takes_its_memories_along_and_leaves_its_history(
    backend: Backend,
) -> None:
    ana = await backend.bots.add("Ana", actor=USER)
    ben = await backend.bots.add("Ben", actor=USER)
    for fact in ("one", "two"):
        await backend.memories.add(ana.id, MemoryDraft(fact=fact), actor=USER)
    await backend.memories.add(ben.id, MemoryDraft(fact="one"), actor=USER)

    outcome = await backend.bots.remove("ana", actor=USER)

    assert outcome.summary == "removed the bot ana with 2 memories"
    assert await backend.memories.count(None) == 1
    with pytest.raises(NotFound):
        await backend.bots.by_id(ana.id)
    assert len(await backend.history.events()) == 6


async def test_a_bot_that_comes_back_has_its_memories_in_their_order(backend: Backend) -> None:
    ana = await backend.bots.add("Ana", actor=USER)
    for fact in ("one", "two", "three"):
        await backend.memories.add(ana.id, MemoryDraft(fact=fact), actor=USER)
    exported = await backend.exchange.export_text(ana.id)
    await backend.bots.remove("ana", actor=USER)

    await backend.history.undo(actor=USER)

    facts = [entry.fact for entry in await backend.memories.entries(
        await backend.memories.keys(ana.id)
    )]  # fmt: skip
    assert facts == ["three", "two", "one"]
    again = await backend.exchange.export_text(ana.id)
    assert again.replace('"revision": 2', '"revision": 1') == exported


async def test_a_bot_cannot_come_back_under_a_name_that_is_taken(backend: Backend) -> None:
    await backend.bots.add("Ana", actor=USER)
    await backend.bots.remove("ana", actor=USER)
    await backend.bots.add("Ana", actor=USER)

    with pytest.raises(Conflict, match="Rename or remove that first"):
        await backend.history.undo(actor=USER, event=2)


async def test_the_current_bot_is_the_chosen_one_else_the_only_one_in_use(
    backend: Backend,
) -> None:
    assert await backend.bots.current() is None
    await backend.bots.add("Ana", actor=USER)
    assert (await current(backend)) == "ana"
    await backend.bots.add("Ben", actor=USER)
    assert (await current(backend)) is None
    await backend.bots.set_current("BEN")
    assert (await current(backend)) == "ben"
    await backend.bots.remove("ben", actor=USER)
    assert (await current(backend)) == "ana"


async def test_no_current_bot_means_all_of_them(backend: Backend) -> None:
    await backend.bots.add("Ana", actor=USER)
    await backend.bots.add("Ben", actor=USER)
    await backend.bots.set_current("ana")

    await backend.bots.set_current(None)

    assert await current(backend) is None


async def test_the_current_bot_is_remembered_for_the_next_program(open_home: OpenHome) -> None:
    async with open_home() as backend:
        await backend.bots.add("Ana", actor=USER)
        await backend.bots.add("Ben", actor=USER)
        await backend.bots.set_current("ben")

    async with open_home() as backend:
        assert await current(backend) == "ben"


async def current(backend: Backend) -> str | None:
    bot = await backend.bots.current()
    return bot.slug if bot else None
