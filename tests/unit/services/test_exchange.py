"""Import as one act, export without loss."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend import Backend, open_backend
from backend.infra.index.off import OffVectorIndex
from backend.types import (
    Act,
    Actor,
    Bot,
    ImportReport,
    Invalid,
    MemoryChange,
    MemoryDraft,
    MemoryEntry,
    MemoryStatus,
    NotFound,
    RejectedLine,
    SourceKind,
)
from tests.doubles.clock import FixedClock
from tests.doubles.entropy import SeededEntropy

USER = Actor.user()
MARKDOWN = b"# Likes\n\n- Likes tea\n- Likes rain\n"


@pytest.fixture
async def ana(backend: Backend) -> Bot:
    return await backend.bots.add("Ana", actor=USER)


async def take_in(backend: Backend, bot: Bot, data: bytes, name: str = "x.md") -> ImportReport:
    return await backend.exchange.import_text(bot.id, data, name=name, actor=USER, accept=True)


async def facts(backend: Backend, bot: Bot, line: str = "") -> list[str]:
    rows = await backend.memories.keys(bot.id, line)
    return sorted(entry.fact for entry in await backend.memories.entries(rows))


async def test_an_import_is_one_act_and_one_undo(backend: Backend, ana: Bot) -> None:
    report = await take_in(backend, ana, MARKDOWN)

    assert report == ImportReport(added=2, repeated=0, format="markdown", event=2)
    assert await facts(backend, ana) == ["Likes rain", "Likes tea"]
    (event, _) = await backend.history.events()
    assert (event.act, event.summary, event.size) == (Act.IMPORT, "imported 2 memories", 2)
    await backend.history.undo(actor=USER)
    assert await facts(backend, ana) == []


async def test_what_is_imported_remembers_where_it_came_from(backend: Backend, ana: Bot) -> None:
    await take_in(backend, ana, MARKDOWN, "CLAUDE.md")

    rows = await backend.memories.keys(ana.id, "tea")
    (entry,) = await backend.memories.entries(rows)
    assert (entry.source.kind, entry.source.name, entry.source.where) == (
        SourceKind.IMPORT,
        "markdown",
        "CLAUDE.md:3",
    )
    assert entry.tags == ("likes",)


async def test_importing_again_only_counts(backend: Backend, ana: Bot) -> None:
    await take_in(backend, ana, MARKDOWN)

    again = await take_in(backend, ana, MARKDOWN)

    assert (again.added, again.repeated) == (0, 2)
    assert len(await facts(backend, ana)) == 2


async def test_without_acceptance_an_import_is_refused_with_the_way(
    backend: Backend, ana: Bot
) -> None:
    with pytest.raises(Invalid, match="the review queue is not built yet: add --accept"):
        await backend.exchange.import_text(ana.id, MARKDOWN, name="x.md", actor=USER, accept=False)

    assert await facts(backend, ana) == []


async def test_a_dry_run_says_what_would_be_and_writes_nothing(backend: Backend, ana: Bot) -> None:
    await backend.memories.add(ana.id, MemoryDraft(fact="Likes tea"), actor=USER)

    report = await backend.exchange.import_text(
        ana.id, MARKDOWN, name="x.md", actor=USER, accept=False, dry_run=True
    )

    assert report == ImportReport(added=1, repeated=1, format="markdown", event=None)
    assert await backend.history.last() == 2


async def test_bad_lines_are_reported_and_the_others_go_on(backend: Backend, ana: Bot) -> None:
    data = b'{"fact": "one"}\nnonsense\n{"fact": ""}\n{"fact": "two"}\n'

    report = await take_in(backend, ana, data, "x.jsonl")

    assert (report.added, [line.line for line in report.rejected]) == (2, [2, 3])
    assert all(isinstance(line, RejectedLine) and line.why for line in report.rejected)


async def test_a_file_of_bad_lines_alone_is_no_act(backend: Backend, ana: Bot) -> None:
    report = await take_in(backend, ana, b'{"fact": ""}\n', "x.jsonl")

    assert (report.added, report.event, len(report.rejected)) == (0, None, 1)
    assert await backend.history.last() == 1


async def test_what_is_no_text_or_no_format_is_refused(backend: Backend, ana: Bot) -> None:
    with pytest.raises(Invalid, match="is not UTF-8 text .line 2"):
        await take_in(backend, ana, b"one\n\xff\n")
    with pytest.raises(Invalid, match="empty"):
        await take_in(backend, ana, b"", "x.bin")
    with pytest.raises(Invalid, match="not an import format"):
        await backend.exchange.import_text(
            ana.id, MARKDOWN, name="x", actor=USER, accept=True, format_name="word"
        )


async def test_an_import_for_an_unknown_bot_is_refused(backend: Backend, ana: Bot) -> None:
    await backend.bots.remove("ana", actor=USER)

    with pytest.raises(NotFound):
        await take_in(backend, ana, MARKDOWN)
    with pytest.raises(NotFound):
        await backend.exchange.export_text(ana.id)


async def test_drafts_that_repeat_each_other_are_counted(backend: Backend, ana: Bot) -> None:
    drafts = [MemoryDraft(fact=fact) for fact in ("Likes tea", "likes TEA", "Likes rain")]

    report = await backend.exchange.import_drafts(ana.id, drafts, actor=USER)

    assert (report.added, report.repeated) == (2, 1)
    tea = await one(backend, ana, "tea")
    assert tea.seen_count == 2


async def test_one_bad_draft_takes_none_in(backend: Backend, ana: Bot) -> None:
    drafts = [MemoryDraft(fact="Likes tea"), MemoryDraft(fact=" ")]

    with pytest.raises(Invalid):
        await backend.exchange.import_drafts(ana.id, drafts, actor=USER)

    assert await facts(backend, ana) == []


async def test_the_order_of_drafts_is_their_order_in_the_session(
    backend: Backend, ana: Bot
) -> None:
    await backend.exchange.import_drafts(
        ana.id,
        [MemoryDraft(fact=fact, session_id="s") for fact in ("one", "two", "one")],
        actor=USER,
    )
    await backend.exchange.import_drafts(
        ana.id, [MemoryDraft(fact="three", session_id="s")], actor=USER
    )

    exported = json.loads(await backend.exchange.export_text(ana.id))["memories"]
    assert [(m["fact"], m["session_position"]) for m in exported] == [
        ("one", 0), ("two", 1), ("three", 2)
    ]  # fmt: skip


async def test_hundreds_of_facts_are_one_act_in_their_order(backend: Backend, ana: Bot) -> None:
    drafts = [
        MemoryDraft(fact=f"Fact {number}", session_id="s", tags=(f"t{number}",), importance=4)
        for number in range(600)
    ]

    report = await backend.exchange.import_drafts(ana.id, drafts, actor=USER)

    assert (report.added, report.event) == (600, 2)
    entries = await backend.memories.entries((await backend.memories.keys(ana.id))[::-1])
    assert [(e.fact, e.tags, e.session_position) for e in entries] == [
        (f"Fact {number}", (f"t{number}",), number) for number in range(600)
    ]
    await backend.memories.edit([e.id for e in entries], MemoryChange(pinned=True), actor=USER)
    await backend.bots.remove("ana", actor=USER)
    for _ in range(3):
        await backend.history.undo(actor=USER)
    assert await facts(backend, ana) == []
    assert (await backend.history.verify()).ok


async def one(backend: Backend, bot: Bot, line: str) -> MemoryEntry:
    (entry,) = await backend.memories.entries(await backend.memories.keys(bot.id, line))
    return entry


async def with_a_past(backend: Backend, bot: Bot) -> str:
    """Give a bot memories in every state and return its export."""
    await take_in(backend, bot, MARKDOWN)
    tea = await one(backend, bot, "tea")
    rain = await one(backend, bot, "rain")
    await backend.memories.edit(
        [tea.id], MemoryChange(pinned=True, importance=5, add_tags=("a,b",)), actor=USER
    )
    await backend.memories.delete([rain.id], actor=USER)
    await backend.memories.add(
        bot.id, MemoryDraft(fact="\x1b[31m\0\u202e👩‍👩‍👧", session_id="s"), actor=USER
    )
    return await backend.exchange.export_text(bot.id)


async def test_an_export_into_an_empty_home_exports_the_same_bytes(
    backend: Backend, ana: Bot, tmp_path: Path, clock: FixedClock
) -> None:
    exported = await with_a_past(backend, ana)
    other = open_elsewhere(tmp_path / "other", clock)
    async with other:
        again = await other.bots.add("Ana", actor=USER)

        report = await take_in(other, again, exported.encode(), "ana.json")

        assert (report.added, report.repeated, report.rejected) == (3, 0, ())
        assert await other.exchange.export_text(again.id) == exported
        assert (await other.health.check()).ok


async def test_an_export_into_the_bot_it_came_from_changes_nothing(
    backend: Backend, ana: Bot
) -> None:
    exported = await with_a_past(backend, ana)
    last = await backend.history.last()

    report = await take_in(backend, ana, exported.encode(), "ana.json")

    assert (report.added, report.repeated, report.event) == (0, 3, None)
    assert await backend.history.last() == last


async def test_an_export_into_another_bot_of_the_home_copies_once(
    backend: Backend, ana: Bot
) -> None:
    exported = await with_a_past(backend, ana)
    ben = await backend.bots.add("Ben", actor=USER)

    report = await take_in(backend, ben, exported.encode(), "ana.json")
    again = await take_in(backend, ben, exported.encode(), "ana.json")

    assert (report.added, report.repeated) == (3, 0)
    assert (again.added, again.repeated) == (0, 3)
    assert await facts(backend, ben) == await facts(backend, ana)
    assert await facts(backend, ben, "is:deleted") == ["Likes rain"]
    assert await backend.exchange.export_text(ana.id) == exported
    copy = await one(backend, ben, "tea")
    original = await one(backend, ana, "tea")
    assert (copy.source_memory_id, copy.pinned, copy.importance) == (original.id, True, 5)
    assert (await backend.health.check()).ok


async def test_a_memory_in_the_trash_stays_there_when_it_is_imported_again(
    backend: Backend, ana: Bot
) -> None:
    exported = await with_a_past(backend, ana)
    tea = await one(backend, ana, "tea")
    await backend.memories.delete([tea.id], actor=USER)

    await take_in(backend, ana, exported.encode(), "ana.json")

    assert (await backend.memories.get(tea.id)).status is MemoryStatus.DELETED


async def test_an_import_that_brought_memories_back_is_undone_and_redone(
    backend: Backend, ana: Bot
) -> None:
    exported = await with_a_past(backend, ana)
    ben = await backend.bots.add("Ben", actor=USER)
    await take_in(backend, ben, exported.encode(), "ana.json")
    copied = await backend.exchange.export_text(ben.id)

    await backend.history.undo(actor=USER)
    assert await facts(backend, ben, "is:live,deleted") == []
    await backend.history.redo(actor=USER)

    again = await backend.exchange.export_text(ben.id)
    assert _without_revisions(again) == _without_revisions(copied)


def _without_revisions(exported: str) -> object:
    return [{**memory, "revision": 0} for memory in json.loads(exported)["memories"]]


def open_elsewhere(home: Path, clock: FixedClock) -> Backend:
    return open_backend(
        home, environ={}, clock=clock, entropy=SeededEntropy(2), index=OffVectorIndex()
    )
