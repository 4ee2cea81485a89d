"""Many programs on one home at once: each acknowledged write is there once, and all see it.

Real processes with nothing in common but the folder: writers that add, edit and undo, a dashboard
that polls the change counter, and two backends in one program.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from backend import Backend, open_backend
from backend.infra.index.off import OffVectorIndex
from backend.types import (
    Act,
    Actor,
    Conflict,
    MemoryChange,
    MemoryDraft,
    NotFound,
    UndoBlocked,
)
from tests.conftest import OpenHome

USER = Actor.user()
PROGRAMS = 8
ROUNDS = 12


def opened(home: Path) -> Backend:
    return open_backend(home, environ={}, index=OffVectorIndex())


async def write(home: Path, name: str, shared: UUID) -> None:
    """Be one program: print each act, as JSON, once it was acknowledged."""
    me = Actor.bot(name)
    async with opened(home) as backend:
        bot = (await backend.bots.get("ana")).id
        for number in range(ROUNDS):
            draft = MemoryDraft(fact=f"{name} learned sentence {number}")
            added = await backend.memories.add(bot, draft, actor=me)
            said = {"added": str(added.entry.id), "fact": draft.fact}
            if number % 3 == 1:
                change = MemoryChange(fact=f"{name} corrected sentence {number}")
                await backend.memories.edit([added.entry.id], change, actor=me)
                said["fact"] = f"{name} corrected sentence {number}"
            if number % 3 == 2:
                await backend.history.undo(actor=me)
                said = {"gone": str(added.entry.id)}
            print(json.dumps(said), flush=True)
            await count_up(backend, shared, me)
            print(json.dumps({"counted": 1}), flush=True)


async def count_up(backend: Backend, shared: UUID, me: Actor) -> None:
    """Add one to the number that a shared memory holds: read, compare, set, until it holds."""
    while True:
        entry = await backend.memories.get(shared)
        change = MemoryChange(fact=f"The count is {int(entry.fact.split()[-1]) + 1}")
        try:
            await backend.memories.edit([shared], change, actor=me, seen_revision=entry.revision)
        except Conflict:
            continue
        return


def start(home: Path, name: str, shared: UUID) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", __name__, str(home), name, str(shared)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


async def test_eight_programs_write_at_once_beside_an_open_dashboard(
    home: Path, tmp_path: Path
) -> None:
    async with opened(home) as dashboard:
        bot = await dashboard.bots.add("Ana", actor=USER)
        draft = MemoryDraft(fact="The count is 0")
        shared = (await dashboard.memories.add(bot.id, draft, actor=USER)).entry.id
        programs = [start(home, f"program-{n}", shared) for n in range(PROGRAMS)]
        outputs = asyncio.gather(*(asyncio.to_thread(p.communicate) for p in programs))
        seen, counters = set(), [await dashboard.change_counter()]
        while not outputs.done():
            counter = await dashboard.change_counter()
            if counter != counters[-1]:
                counters.append(counter)
                seen.add(await dashboard.memories.count(bot.id))
        said = [json.loads(line) for out, _ in await outputs for line in out.splitlines()]

        rows = await dashboard.memories.keys(bot.id)
        stored = {str(e.id): e.fact for e in await dashboard.memories.entries(rows)}
        verified = await dashboard.history.verify()
        report = await dashboard.health.check()

    assert [program.returncode for program in programs] == [0] * PROGRAMS
    added = {each["added"]: each["fact"] for each in said if "added" in each}
    gone = [each["gone"] for each in said if "gone" in each]
    counted = sum("counted" in each for each in said)
    assert (len(added), len(gone), counted) == (64, 32, PROGRAMS * ROUNDS)
    assert stored == {**added, str(shared): f"The count is {counted}"}
    assert verified.ok
    assert verified.events == 2 + PROGRAMS * (ROUNDS + 4 + 4) + counted
    assert report.ok
    assert len(counters) > 20, "the dashboard saw the writes as they came"
    assert len(seen) > 20


async def test_what_one_dashboard_does_the_other_sees(open_home: OpenHome) -> None:
    async with open_home() as one, open_home() as other:
        bot = await one.bots.add("Ana", actor=USER)
        before = await other.change_counter()
        idle = await other.change_counter()

        added = await one.memories.add(bot.id, MemoryDraft(fact="Likes tea"), actor=USER)
        after = await other.change_counter()
        seen = await other.memories.get(added.entry.id)

        assert before == idle != after
        assert seen.fact == "Likes tea"


async def test_two_dashboards_that_edit_one_memory_do_not_lose_an_edit(
    open_home: OpenHome,
) -> None:
    async with open_home() as one, open_home() as other:
        bot = await one.bots.add("Ana", actor=USER)
        draft = MemoryDraft(fact="Likes tea")
        entry = (await one.memories.add(bot.id, draft, actor=USER)).entry
        mine = MemoryChange(fact="Likes green tea")
        theirs = MemoryChange(fact="Likes black tea")
        await one.memories.edit([entry.id], mine, actor=USER, seen_revision=1)

        with pytest.raises(Conflict, match=r"nothing was saved\. Look at it again"):
            await other.memories.edit([entry.id], theirs, actor=USER, seen_revision=1)

        assert (await other.memories.get(entry.id)).fact == "Likes green tea"
        assert (await one.history.events())[0].act is Act.EDIT


async def test_two_dashboards_that_undo_the_same_act_take_it_back_once(
    open_home: OpenHome,
) -> None:
    async with open_home() as one, open_home() as other:
        bot = await one.bots.add("Ana", actor=USER)
        await one.memories.add(bot.id, MemoryDraft(fact="Likes tea"), actor=USER)
        event = await one.history.last()

        results = await asyncio.gather(
            one.history.undo(actor=USER, event=event),
            other.history.undo(actor=USER, event=event),
            return_exceptions=True,
        )

        refused = [each for each in results if isinstance(each, Exception)]
        assert [str(each) for each in refused] == ["“added 1 memory” is undone already."]
        assert await one.memories.count(bot.id) == 0


async def test_a_bot_removed_elsewhere_is_gone_here_and_can_be_brought_back_here(
    open_home: OpenHome,
) -> None:
    async with open_home() as one, open_home() as other:
        bot = await one.bots.add("Ana", actor=USER)
        await one.memories.add(bot.id, MemoryDraft(fact="Likes tea"), actor=USER)
        await other.bots.remove("ana", actor=USER)

        with pytest.raises(NotFound, match="has been removed"):
            await one.memories.add(bot.id, MemoryDraft(fact="Likes coffee"), actor=USER)
        with pytest.raises(UndoBlocked):
            await one.history.undo(actor=USER, event=2)
        await one.history.undo(actor=USER)

        assert await other.memories.count(bot.id) == 1


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1]), sys.argv[2], UUID(sys.argv[3])))
