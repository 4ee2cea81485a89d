"""What a caller of the door may write: checked by the type checker, never run."""

from __future__ import annotations

from array import array
from datetime import datetime
from pathlib import Path
from typing import assert_type
from uuid import UUID

from pydantic import JsonValue

from backend import Backend, open_backend
from backend.types import (
    Actor,
    ActOutcome,
    Added,
    Bot,
    BotSummary,
    ChainReport,
    ConfigLine,
    EventDetail,
    HealthReport,
    ImportReport,
    JournalEvent,
    MemoryChange,
    MemoryDraft,
    MemoryEntry,
    MemoryLine,
    MemoryStats,
    RecallAnswer,
    SavedFilter,
    Settings,
)


async def opening(folder: Path) -> None:
    backend = open_backend(folder)
    assert_type(backend, Backend)
    async with open_backend("~/home", environ={}, wait_for_index=1.0) as opened:
        assert_type(opened, Backend)
    assert_type(backend.home, Path)
    assert_type(backend.settings, Settings)
    assert_type(backend.now(), datetime)
    assert_type(await backend.change_counter(), int)


async def bots(backend: Backend, user: Actor) -> None:
    bot = await backend.bots.add("Ana", actor=user, description="")
    assert_type(bot, Bot)
    assert_type(await backend.bots.summaries(), list[BotSummary])
    assert_type(await backend.bots.current(), Bot | None)
    assert_type(await backend.bots.rename("ana", "Anna", actor=user), Bot)
    assert_type(await backend.bots.remove("ana", actor=user), ActOutcome)
    await backend.bots.add("Ana", user)  # type: ignore[misc]  # who acts is named


async def memories(backend: Backend, bot: UUID, user: Actor) -> None:
    added = await backend.memories.add(bot, MemoryDraft(fact="Likes tea"), actor=user)
    assert_type(added, Added)
    assert_type(added.entry, MemoryEntry)
    ids = await backend.memories.resolve(["abcdef"])
    assert_type(ids, list[UUID])
    assert_type(await backend.memories.edit(ids, MemoryChange(pinned=True), actor=user), ActOutcome)
    assert_type(await backend.memories.delete(ids, actor=user), ActOutcome)
    assert_type(await backend.memories.restore(ids, actor=user), ActOutcome)
    rows = await backend.memories.keys(None, "imp>=4")
    assert_type(rows, array[int])
    assert_type(await backend.memories.lines(rows), list[MemoryLine])
    assert_type(await backend.memories.entries(rows), list[MemoryEntry])
    assert_type(await backend.memories.stats(bot), MemoryStats)
    await backend.memories.delete(ids, actor="user")  # type: ignore[arg-type]  # a word is nobody
    added.entry.fact = "x"  # type: ignore[misc]  # values are frozen


async def the_rest(backend: Backend, bot: UUID, user: Actor) -> None:
    assert_type(await backend.history.events(limit=9), list[JournalEvent])
    assert_type(await backend.history.show(1), EventDetail)
    assert_type(await backend.history.undo(actor=user, together=True), ActOutcome)
    assert_type(await backend.history.redo(actor=user), ActOutcome)
    assert_type(await backend.history.verify(), ChainReport)
    assert_type(await backend.exchange.export_text(bot), str)
    report = await backend.exchange.import_text(bot, b"", name="-", actor=user, accept=True)
    assert_type(report, ImportReport)
    assert_type(await backend.recall.search(bot, "tea", k=5), RecallAnswer)
    assert_type(await backend.health.check(repair=True), HealthReport)
    assert_type(await backend.workspace.filters(), list[SavedFilter])
    assert_type(await backend.workspace.recall_state("memory"), JsonValue)
    assert_type(backend.config.show(), list[ConfigLine])
