"""One table of everything that writes, and the same promises for each line of it.

An act fails at any statement and nothing has changed; it succeeds and is exactly one event; undone,
the things are as they were before; cancelled, it is whole or absent. A public method of a service
that writes and is not in `WRITES` fails the suite.
"""

from __future__ import annotations

import ast
import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import backend.services as services
from backend import Backend
from backend.types import (
    Act,
    Actor,
    Bot,
    BotStatus,
    HomeUnusable,
    MemoryChange,
    MemoryDraft,
    MemoryEntry,
)
from tests.doubles.database import Statements, everything, things

USER = Actor.user()
JSONL = b'{"fact": "Imported one", "session": 1}\n{"fact": "prefers DARK mode."}\n'
_DEADLINE = 20.0


@dataclass
class Stage:
    """A home that is ready for any act: two bots, memories in all states, filters, an undo."""

    backend: Backend
    ana: Bot
    ben: Bot
    live: list[MemoryEntry] = field(default_factory=list)
    trashed: list[MemoryEntry] = field(default_factory=list)


Write = Callable[[Stage], Awaitable[object]]


@dataclass(frozen=True)
class Line:
    """One way to write. `event` is what the journal calls it; without one, `why` there is none."""

    write: Write
    event: Act | None = None
    why: str = ""
    events: int = 1
    undo: bool = True


WRITES: dict[str, Line] = {
    "bots.add": Line(lambda s: s.backend.bots.add("Chi", actor=USER), Act.BOT_ADD),
    "bots.rename": Line(lambda s: s.backend.bots.rename("ana", "Anna", actor=USER), Act.BOT_EDIT),
    "bots.set_status": Line(
        lambda s: s.backend.bots.set_status("ana", BotStatus.ARCHIVED, actor=USER), Act.BOT_EDIT
    ),
    "bots.remove": Line(lambda s: s.backend.bots.remove("ana", actor=USER), Act.BOT_REMOVE),
    "bots.set_current": Line(
        lambda s: s.backend.bots.set_current("ben"), why="where a person looks is not an act"
    ),
    "memories.add": Line(
        lambda s: s.backend.memories.add(
            s.ana.id, MemoryDraft(fact="Likes tea", session_id="s"), actor=USER
        ),
        Act.ADD,
    ),
    "memories.add again": Line(
        lambda s: s.backend.memories.add(
            s.ana.id, MemoryDraft(fact="prefers dark MODE"), actor=USER
        ),
        Act.REPEAT,
    ),
    "memories.edit": Line(
        lambda s: s.backend.memories.edit(
            [s.live[0].id], MemoryChange(fact="Prefers light mode", pinned=True), actor=USER
        ),
        Act.EDIT,
    ),
    "memories.edit in bulk": Line(
        lambda s: s.backend.memories.edit(
            [entry.id for entry in s.live], MemoryChange(importance=5, add_tags=("x",)), actor=USER
        ),
        Act.EDIT,
    ),
    "memories.delete": Line(
        lambda s: s.backend.memories.delete([entry.id for entry in s.live], actor=USER), Act.DELETE
    ),
    "memories.restore": Line(
        lambda s: s.backend.memories.restore([entry.id for entry in s.trashed], actor=USER),
        Act.RESTORE,
    ),
    "exchange.import_text": Line(
        lambda s: s.backend.exchange.import_text(
            s.ana.id, JSONL, name="facts.jsonl", actor=USER, accept=True
        ),
        Act.IMPORT,
    ),
    "exchange.import_drafts": Line(
        lambda s: s.backend.exchange.import_drafts(
            s.ana.id,
            [MemoryDraft(fact=f"Fact {number}", session_id="s") for number in range(3)],
            actor=USER,
        ),
        Act.IMPORT,
    ),
    "history.undo": Line(lambda s: s.backend.history.undo(actor=USER, event=4), Act.UNDO),
    "history.undo with what blocks it": Line(
        lambda s: s.backend.history.undo(actor=USER, event=3, together=True), Act.UNDO, events=2,
        undo=False, why="two events; each is taken back as `history.undo` is",
    ),
    "history.redo": Line(lambda s: s.backend.history.redo(actor=USER), Act.REDO, undo=False),
    "workspace.save_filter": Line(
        lambda s: s.backend.workspace.save_filter("Old", "age>1y", actor=USER), Act.FILTER_SAVE
    ),
    "workspace.save_filter again": Line(
        lambda s: s.backend.workspace.save_filter("Mine", "imp>=5", actor=USER), Act.FILTER_SAVE
    ),
    "workspace.remove_filter": Line(
        lambda s: s.backend.workspace.remove_filter("Mine", actor=USER), Act.FILTER_REMOVE
    ),
    "workspace.keep_state": Line(
        lambda s: s.backend.workspace.keep_state("cursor", 3),
        why="where a person was is not an act",
    ),
    "health.check": Line(
        lambda s: s.backend.health.check(repair=True),
        why="repairs what is derived, not what is kept",
    ),
    "recall.recall": Line(
        lambda s: s.backend.recall.recall(s.ana, "dark mode", count_access=True),
        why="being used is counted, not journalled",
    ),
}  # fmt: skip
ACTS = {name: line for name, line in WRITES.items() if line.event is not None}
TRANSACTIONS = sorted(WRITES.keys() - {"health.check"})
"""The doctor is not one: each of its checks and repairs is a transaction of its own."""
UNDOABLE = {name: line for name, line in ACTS.items() if line.undo}


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Statements:
    watched = Statements()
    watched.install(monkeypatch)
    return watched


@pytest.fixture
def database(home: Path) -> Path:
    return home / "boternity.db"


@pytest.fixture
async def stage(statements: Statements, backend: Backend) -> Stage:
    """Nine events: two bots, three memories, a deletion (4), a filter, two edits undone."""
    ana = await backend.bots.add("Ana", actor=USER)
    ben = await backend.bots.add("Ben", actor=USER)
    ready = Stage(backend, ana, ben)
    drafts = [
        MemoryDraft(fact="Prefers dark mode", tags=("ui",), session_id="s"),
        MemoryDraft(fact="Lives in Kyoto", importance=4),
        MemoryDraft(fact="Was here once"),
    ]
    report = await backend.exchange.import_drafts(ana.id, drafts, actor=USER)
    assert report.event == 3
    rows = await backend.memories.keys(ana.id)
    entries = {entry.fact: entry for entry in await backend.memories.entries(rows)}
    await backend.memories.delete([entries["Was here once"].id], actor=USER)
    await backend.workspace.save_filter("Mine", "imp>=4", actor=USER)
    await backend.memories.edit(
        [entries["Lives in Kyoto"].id], MemoryChange(pinned=True), actor=Actor.bot("ben")
    )
    await backend.history.undo(actor=Actor.bot("ben"))
    ids = [entry.id for entry in entries.values()]
    await backend.memories.edit(
        [entries["Prefers dark mode"].id], MemoryChange(importance=1), actor=USER
    )
    await backend.history.undo(actor=USER)
    found = {entry.id: entry for entry in [await backend.memories.get(each) for each in ids]}
    ready.live = [entry for entry in found.values() if entry.status.value == "live"]
    ready.trashed = [entry for entry in found.values() if entry.status.value == "deleted"]
    return ready


def methods_that_write() -> set[str]:
    """Return "service.method" of each public method from which `_store.write` can be reached."""
    found = set()
    for path in Path(services.__path__[0]).glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Service"):
                found |= {f"{path.stem}.{name}" for name in _writing(node)}
    return found


def _writing(service: ast.ClassDef) -> set[str]:
    bodies = {
        node.name: ast.unparse(node)
        for node in service.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    writing = {name for name, body in bodies.items() if "_store.write(" in body}
    while more := {
        name
        for name, body in bodies.items()
        if name not in writing and any(f"self.{each}(" in body for each in writing)
    }:
        writing |= more
    return {name for name in writing if not name.startswith("_")}


def test_every_method_that_writes_is_in_the_table() -> None:
    assert {name.split(" ")[0] for name in WRITES} == methods_that_write()


def test_what_is_not_an_act_says_why() -> None:
    assert [name for name, line in WRITES.items() if line.event is None and not line.why] == []


@pytest.mark.parametrize("name", TRANSACTIONS)
async def test_failing_at_any_statement_changes_nothing(
    name: str, stage: Stage, statements: Statements, database: Path
) -> None:
    before = everything(database)
    number = 0
    while True:
        number += 1
        seen = statements.fail_at(number)
        with suppress(HomeUnusable):
            await WRITES[name].write(stage)
        if len(seen) < number:
            break
        assert everything(database) == before, seen[-1]

    assert seen[-1] == "COMMIT"
    assert everything(database) != before


@pytest.mark.parametrize("name", ACTS)
async def test_an_act_is_exactly_one_event(name: str, stage: Stage) -> None:
    last = await stage.backend.history.last()

    await ACTS[name].write(stage)

    events = await stage.backend.history.events(limit=9)
    new = [event for event in events if event.sequence > last]
    assert len(new) == ACTS[name].events
    assert {(event.act, event.actor) for event in new} == {(ACTS[name].event, "user")}
    assert all(event.summary for event in new)
    assert (await stage.backend.history.verify()).ok


@pytest.mark.parametrize("name", sorted(WRITES.keys() - ACTS.keys()))
async def test_what_is_not_an_act_leaves_no_event(name: str, stage: Stage) -> None:
    last = await stage.backend.history.last()

    await WRITES[name].write(stage)

    assert await stage.backend.history.last() == last


@pytest.mark.parametrize("name", UNDOABLE)
async def test_an_act_undone_leaves_the_things_as_they_were(
    name: str, stage: Stage, database: Path
) -> None:
    before = things(database)
    await UNDOABLE[name].write(stage)
    assert things(database) != before
    if UNDOABLE[name].event is Act.UNDO:
        await stage.backend.history.redo(actor=USER)
    else:
        await stage.backend.history.undo(actor=USER)

    assert things(database) == before
    await healthy(stage.backend)


@pytest.mark.parametrize("name", UNDOABLE)
async def test_an_act_redone_leaves_the_things_as_the_act_had(
    name: str, stage: Stage, database: Path
) -> None:
    await UNDOABLE[name].write(stage)
    after = things(database)
    if UNDOABLE[name].event is Act.UNDO:
        await stage.backend.history.redo(actor=USER)
        await stage.backend.history.undo(actor=USER, event=4)
    else:
        await stage.backend.history.undo(actor=USER)
        await stage.backend.history.redo(actor=USER)

    assert things(database) == after
    await healthy(stage.backend)


async def healthy(backend: Backend) -> None:
    """The word indexes agree with the rows, and the rows with the journal."""
    report = await backend.health.check()
    assert report.ok, report


@pytest.mark.parametrize("name", ACTS)
async def test_an_act_cancelled_before_its_turn_is_absent(
    name: str, stage: Stage, statements: Statements, database: Path
) -> None:
    before = things(database)
    last = await stage.backend.history.last()
    gate = Gate(statements, at="BEGIN IMMEDIATE")
    other = asyncio.ensure_future(stage.backend.workspace.keep_state("busy", 1))
    await gate.reached()

    act = asyncio.ensure_future(ACTS[name].write(stage))
    await one_turn()
    act.cancel()
    cancelled = await ended(act)
    gate.open()
    await other

    assert cancelled
    assert things(database) == before
    assert await stage.backend.history.last() == last


@pytest.mark.parametrize("moment", ["BEGIN IMMEDIATE", "COMMIT"])
@pytest.mark.parametrize("name", ACTS)
async def test_an_act_cancelled_while_it_runs_is_whole(
    name: str, moment: str, stage: Stage, statements: Statements, database: Path
) -> None:
    before = things(database)
    last = await stage.backend.history.last()
    gate = Gate(statements, at=moment)

    act = asyncio.ensure_future(ACTS[name].write(stage))
    await gate.reached()
    act.cancel()
    gate.open()

    assert await ended(act)
    await stage.backend.workspace.keep_state("after", 1)  # the writer is done with the act
    assert things(database) != before
    assert await stage.backend.history.last() == last + ACTS[name].events


class Gate:
    """Stops the writer's thread before a statement until it is opened."""

    def __init__(self, statements: Statements, *, at: str) -> None:
        self._go = threading.Event()
        self._there = asyncio.Event()
        loop = asyncio.get_running_loop()

        def before(sql: str) -> None:
            if sql == at and threading.current_thread().name.startswith("store-writer"):
                loop.call_soon_threadsafe(self._there.set)
                assert self._go.wait(_DEADLINE)

        statements.before = before

    async def reached(self) -> None:
        await asyncio.wait_for(self._there.wait(), _DEADLINE)

    def open(self) -> None:
        self._go.set()


async def one_turn() -> None:
    """Let every task that is ready run until it waits."""
    turned = asyncio.Event()
    asyncio.get_running_loop().call_soon(turned.set)
    await turned.wait()


async def ended(act: asyncio.Future[object]) -> bool:
    """Return whether a cancelled act ended as cancelled."""
    done, _ = await asyncio.wait([act], timeout=_DEADLINE)
    return bool(done) and act.cancelled()
