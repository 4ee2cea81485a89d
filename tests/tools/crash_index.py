"""The index process's own work, killed: its jobs done over real collections with a fake model."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: a process with threads is not forked

from backend.infra.index.collections import Collections
from backend.infra.index.engine import Engine
from backend.infra.index.threads import OneThread, Outbox
from backend.infra.sqlite import index_jobs
from backend.infra.sqlite.connection import connect
from backend.infra.sqlite.values import micros
from backend.types import MemoryChange, MemoryDraft
from tests.doubles.deterministic import DeterministicEmbedder
from tests.tools.crash_home import BEFORE, USER, looked_at, open_home
from tests.tools.crash_points import CrashPoints

_LATER = micros(datetime(2027, 1, 1, tzinfo=UTC))
_BATCH = 3
_MEMORIES = "SELECT id, bot_id, fact, status FROM memories ORDER BY id"


class IndexJobs:
    """Draining the outbox after adds, an edit and deletions in a home that is indexed."""

    async def prepare(self, home: Path) -> None:
        async with open_home(home, BEFORE) as backend:
            bot = await backend.bots.add("Ana", actor=USER)
            added = [
                await backend.memories.add(
                    bot.id, MemoryDraft(fact=f"Knows word{number}"), actor=USER
                )
                for number in range(5)
            ]
            await _drain(home, CrashPoints())
            ids = [each.entry.id for each in added]
            await backend.memories.delete(ids[:2], actor=USER)
            await backend.memories.edit(ids[2:3], MemoryChange(fact="Knows better"), actor=USER)
            for number in range(2):
                draft = MemoryDraft(fact=f"Knows news{number}")
                await backend.memories.add(bot.id, draft, actor=USER)

    async def act_out(self, home: Path, pipe: int | None, points: CrashPoints) -> None:
        """Do all jobs; nobody is told when, so there is nothing to acknowledge."""
        await _drain(home, points)
        points.reach("drained")

    async def looked_at(self, home: Path) -> tuple[str, list[str]]:
        """Let a new process do what is left; a search must then agree with the rows."""
        problems = await _drain(home, CrashPoints(), check=True)
        state, others = await looked_at(home)
        return state, problems + others


async def _drain(home: Path, points: CrashPoints, *, check: bool = False) -> list[str]:
    (home / "vectors").mkdir(exist_ok=True)
    thread, outbox = OneThread("qdrant"), Outbox(home / "boternity.db")
    embedder = DeterministicEmbedder()
    collections = Collections(home / "vectors", model="fake", dimension=embedder.dimension)
    for name in ("upsert", "delete"):
        setattr(collections, name, points.around(name, getattr(collections, name)))
    engine = Engine(embedder, collections, thread, outbox)
    try:
        await engine.start()
        while jobs := await outbox.run(
            index_jobs.due, model=engine.model, now=_LATER, limit=_BATCH
        ):
            if await engine.apply(jobs):
                await outbox.run(index_jobs.finish, jobs, model=engine.model)
        return await _differences(engine, home) if check else []
    finally:
        await engine.close()
        await outbox.close()
        thread.close()


async def _differences(engine: Engine, home: Path) -> list[str]:
    report = await engine.reconcile(repair=False)
    problems = []
    if report.without_vector or report.lost or report.stray:
        problems.append(f"rows and vectors differ: {report}")
    with closing(connect(home / "boternity.db")) as connection:
        rows = connection.execute(_MEMORIES).fetchall()
    for memory, bot, fact, status in rows:
        hits = (await engine.search(UUID(bot), fact, 1)).hits
        found = bool(hits) and hits[0].memory_id == UUID(memory) and hits[0].similarity > 0.999
        if found is not (status == "live"):
            problems.append(f"a search by meaning is wrong about “{fact}”, which is {status}")
    return problems
