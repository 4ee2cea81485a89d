"""What is killed: each act of a person, from opening the home to closing it."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from backend import Backend
from backend.types import MemoryChange, MemoryDraft, MemorySort
from tests.tools.crash_home import ACT, BEFORE, USER, looked_at, open_home
from tests.tools.crash_points import CrashPoints

Do = Callable[[Backend], Awaitable[None]]
ACKNOWLEDGED = b"!"
IMPORTED = 300


@dataclass(frozen=True, slots=True)
class Scenario:
    """One act, and what was done in the home before it (nothing: the home does not exist)."""

    act: Do
    before: tuple[Do, ...] = ()

    async def prepare(self, home: Path) -> None:
        """Bring a home to where the act begins."""
        if self.before:
            async with open_home(home, BEFORE) as backend:
                for do in self.before:
                    await do(backend)

    async def act_out(self, home: Path, pipe: int | None, points: CrashPoints) -> None:
        """Open the home, act, say so to the `pipe`, and close it."""
        async with open_home(home, ACT) as backend:
            await self.act(backend)
            if pipe is not None:
                os.write(pipe, ACKNOWLEDGED)
            points.reach("acknowledged")
        points.reach("closed")

    async def looked_at(self, home: Path) -> tuple[str, list[str]]:
        return await looked_at(home)


async def _bot_id(backend: Backend) -> UUID:
    return (await backend.bots.get("ana")).id


async def _ids(backend: Backend) -> list[UUID]:
    rows = await backend.memories.keys(await _bot_id(backend), sort=MemorySort.OLDEST)
    return [entry.id for entry in await backend.memories.entries(rows)]


async def open_only(backend: Backend) -> None:
    """Nothing but what opening and closing do."""
    await backend.change_counter()


async def add_bot(backend: Backend) -> None:
    await backend.bots.add("Ana", actor=USER)


async def learn(backend: Backend) -> None:
    bot = await _bot_id(backend)
    for number in range(6):
        draft = MemoryDraft(fact=f"Remembers sentence number {number}", tags=("kept",))
        await backend.memories.add(bot, draft, actor=USER)


async def add(backend: Backend) -> None:
    draft = MemoryDraft(fact="Prefers dark mode in every editor", tags=("editor",))
    await backend.memories.add(await _bot_id(backend), draft, actor=USER)


async def add_again(backend: Backend) -> None:
    draft = MemoryDraft(fact="Remembers sentence number 3")
    await backend.memories.add(await _bot_id(backend), draft, actor=USER)


async def edit(backend: Backend) -> None:
    change = MemoryChange(fact="Was told another sentence", add_tags=("corrected",))
    await backend.memories.edit((await _ids(backend))[:1], change, actor=USER)


async def delete_many(backend: Backend) -> None:
    await backend.memories.delete((await _ids(backend))[:5], actor=USER)


async def undo(backend: Backend) -> None:
    await backend.history.undo(actor=USER)


async def redo(backend: Backend) -> None:
    await backend.history.redo(actor=USER)


async def import_many(backend: Backend) -> None:
    lines = "".join(f'{{"fact": "Imported sentence number {n}"}}\n' for n in range(IMPORTED))
    await backend.exchange.import_text(
        await _bot_id(backend), lines.encode(), name="facts.jsonl", actor=USER, accept=True
    )


async def remove_bot(backend: Backend) -> None:
    await backend.bots.remove("ana", actor=USER)


_LEARNED = (add_bot, learn)
SCENARIOS: dict[str, Scenario] = {
    "first open": Scenario(open_only),
    "add a bot": Scenario(add_bot, (open_only,)),
    "add": Scenario(add, _LEARNED),
    "add again": Scenario(add_again, _LEARNED),
    "edit": Scenario(edit, _LEARNED),
    "bulk delete": Scenario(delete_many, _LEARNED),
    "undo": Scenario(undo, (*_LEARNED, delete_many)),
    "redo": Scenario(redo, (*_LEARNED, delete_many, undo)),
    "import": Scenario(import_many, _LEARNED),
    "undo of an import": Scenario(undo, (*_LEARNED, import_many)),
    "remove a bot": Scenario(remove_bot, _LEARNED),
    "undo of removing a bot": Scenario(undo, (*_LEARNED, remove_bot)),
}
