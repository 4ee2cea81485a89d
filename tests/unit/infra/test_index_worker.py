"""The worker with a real outbox and real collections; only the model is a double."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from backend.infra.index.collections import Collections
from backend.infra.index.engine import Engine
from backend.infra.index.threads import OneThread, Outbox, came
from backend.infra.index.worker import Worker
from backend.infra.sqlite import index_jobs
from backend.infra.sqlite.index_jobs import Job
from backend.types.errors import EmbedderUnavailable
from tests.doubles.deterministic import DeterministicEmbedder
from tests.doubles.index_home import NOW, IndexHome

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POISON = "a fact that no model takes"


class PickyEmbedder(DeterministicEmbedder):
    """Refuses whole batches that hold `POISON`."""

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if POISON in texts:
            raise EmbedderUnavailable("The endpoint refuses this text: shorten it.")
        return await super().embed(texts)


@dataclass
class Bench:
    """All parts of an index process but the socket."""

    home: IndexHome
    embedder: PickyEmbedder
    engine: Engine
    outbox: Outbox
    worker: Worker
    now: datetime = NOW

    async def work_until(self, jobs_left: int) -> None:
        self.worker.resting = False
        running = asyncio.create_task(self.worker.run())
        never = asyncio.Event()
        async with asyncio.timeout(10):
            while self.home.jobs > jobs_left or not self.worker.resting:
                await came(never, 0.01)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    async def found(self, bot_id: UUID, text: str) -> float:
        """Return the similarity of the best hit, 0 when there is none."""
        hits = (await self.engine.search(bot_id, text, 1)).hits
        return hits[0].similarity if hits else 0.0


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    home, embedder = IndexHome(tmp_path / "home"), PickyEmbedder()
    root = home.path / "vectors"
    root.mkdir()
    collections = Collections(root, model=embedder.model_name, dimension=embedder.dimension)
    outbox, thread = Outbox(home.database), OneThread("qdrant")
    engine = Engine(embedder, collections, thread, outbox)
    worker = Worker(engine, outbox, now=lambda: made.now)
    made = Bench(home, embedder, engine, outbox, worker)
    yield made
    await engine.close()
    await outbox.close()
    thread.close()


async def test_one_bad_fact_does_not_keep_the_others_from_the_index(bench: Bench) -> None:
    bot = bench.home.bot()
    bench.home.remember(bot, "Prefers dark mode", POISON, *(f"Fact {n}" for n in range(20)))

    await bench.work_until(jobs_left=8)
    bench.now += timedelta(seconds=2)
    await bench.work_until(jobs_left=1)

    assert await bench.found(bot, "Prefers dark mode") > 0.9999
    assert bench.home.number("SELECT attempts FROM index_jobs") == 2
    assert await bench.found(bot, "Fact 19") > 0.9999


async def test_a_failing_job_is_tried_later_each_time(bench: Bench) -> None:
    bot = bench.home.bot()
    bench.home.remember(bot, POISON)
    delays = []

    for _ in range(4):
        await bench.work_until(jobs_left=1)
        at = bench.home.number("SELECT not_before FROM index_jobs")
        delays.append(round(at / 1e6 - bench.now.timestamp()))
        bench.now += timedelta(seconds=delays[-1])

    assert delays == [1, 2, 4, 8]


async def test_a_kill_between_vector_and_record_repeats_the_job_and_loses_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = bench.home.bot()
    bench.home.remember(bot, "Prefers dark mode", "Lives in Berlin")
    jobs = await bench.outbox.run(index_jobs.due, model=bench.engine.model, now=2**62, limit=8)
    async with bench.engine.writing:
        await bench.engine.apply(jobs)  # and the process ends before `finish`

    before = bench.home.jobs
    await bench.work_until(jobs_left=0)

    assert before == 2
    assert await bench.found(bot, "Lives in Berlin") > 0.9999
    report = await bench.engine.reconcile(repair=False)
    assert (report.checked, report.lost, report.stray) == (2, 0, 0)


async def test_reconciling_finds_and_repairs_both_ways(bench: Bench) -> None:
    bot = bench.home.bot()
    dark, berlin = bench.home.remember(bot, "Prefers dark mode", "Lives in Berlin")
    await bench.work_until(jobs_left=0)
    gone = [Job(0, dark, bot, 0, None, None, False)]
    async with bench.engine.writing:
        await bench.engine.apply(gone)  # the point goes, its row stays
    await bench.outbox.run(
        lambda tx: tx.execute("DELETE FROM vectors WHERE memory_id = ?", (str(berlin),))
    )

    seen = await bench.engine.reconcile(repair=False)
    repaired = await bench.engine.reconcile(repair=True)
    await bench.work_until(jobs_left=0)
    after = await bench.engine.reconcile(repair=False)

    assert (seen.without_vector, seen.lost, seen.stray, seen.repaired) == (1, 1, 1, False)
    assert repaired.repaired
    assert (after.without_vector, after.lost, after.stray, after.checked) == (0, 0, 0, 2)


async def test_the_bot_that_is_asked_about_is_indexed_first(bench: Bench) -> None:
    many, asked = bench.home.bot(), bench.home.bot()
    bench.home.remember(many, *(f"Fact {n}" for n in range(100)))
    bench.home.remember(asked, "Prefers dark mode")
    running = asyncio.create_task(bench.worker.run())

    await bench.worker.settle(asked, 10.0)
    similarity = await bench.found(asked, "Prefers dark mode")
    left = bench.home.jobs

    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert similarity > 0.9999
    assert left > 50
