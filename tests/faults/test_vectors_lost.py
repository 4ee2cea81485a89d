"""Meaning comes and goes, words and truth stay: recall through the door while the index dies.

A real index process with a fake model on loopback. `test_index_process.py` holds the process
itself to its promises; here a person asks, and loses no more than meaning-based hits for a moment.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from backend import Backend, open_backend
from backend.types import Actor, IndexState, MemoryChange, MemoryDraft, MemorySort, RecallAnswer
from tests.doubles.clock import FixedClock
from tests.doubles.embeddings_server import EmbeddingsServer
from tests.doubles.index_home import IndexHome

USER = Actor.user()
FACTS = [
    f"Knows subject{number} from place{number % 7} since year{number % 5}" for number in range(80)
]
QUESTIONS = ["what about place3", "subject17", "year2 and place5", "subject4 subject40"]
WAIT = 30.0


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    with EmbeddingsServer() as server:
        yield {
            "BOTERNITY_EMBEDDER_ENGINE": "openai",
            "BOTERNITY_EMBEDDER_URL": server.url,
            "BOTERNITY_EMBEDDER_MODEL": "fake-words",
        }


@pytest.fixture
async def backend(home: Path, environment: dict[str, str]) -> AsyncIterator[Backend]:
    async with await opened(home, environment) as backend:
        yield backend
    IndexHome(home).end()


async def opened(home: Path, environment: dict[str, str]) -> Backend:
    def open_it() -> Backend:
        return open_backend(home, environ=environment, clock=FixedClock(), wait_for_index=WAIT)

    return await asyncio.to_thread(open_it)


async def taught(backend: Backend) -> UUID:
    bot = await backend.bots.add("Ana", actor=USER)
    drafts = [MemoryDraft(fact=fact, session_id=f"s{at // 10}") for at, fact in enumerate(FACTS)]
    await backend.exchange.import_drafts(bot.id, drafts, actor=USER)
    return bot.id


async def until_indexed(backend: Backend) -> None:
    async with asyncio.timeout(WAIT):
        while True:
            status = await backend.index.status()
            if status.state is IndexState.READY and not status.pending:
                return


async def answers(backend: Backend, bot: UUID) -> list[list[tuple[str, float]]]:
    found = [await backend.recall.search(bot, question, wait=WAIT) for question in QUESTIONS]
    assert {each.vectors for each in found} == {"ready"}
    return [[(r.entry.fact, round(r.relevance_score, 6)) for r in a.results] for a in found]


def found(answer: RecallAnswer, fact: str) -> bool:
    return fact in [each.entry.fact for each in answer.results]


async def test_deleted_vectors_come_back_with_the_same_recall(
    backend: Backend, home: Path, environment: dict[str, str]
) -> None:
    bot = await taught(backend)
    await until_indexed(backend)
    before = await answers(backend, bot)
    await backend.close()
    await asyncio.to_thread(IndexHome(home).end)

    shutil.rmtree(home / "vectors")
    async with await opened(home, environment) as again:
        await until_indexed(again)
        after = await answers(again, bot)
        report = await again.health.check()

    assert all(before)
    assert after == before
    assert report.ok


async def test_vectors_deleted_under_an_open_program_come_back_too(
    backend: Backend, home: Path
) -> None:
    bot = await taught(backend)
    await until_indexed(backend)
    before = await answers(backend, bot)

    shutil.rmtree(home / "vectors")
    words = await backend.recall.search(bot, FACTS[3], wait=0.0)
    async with asyncio.timeout(WAIT):
        while (home / "vectors" / "model.json").exists() is False:
            await backend.index.status()
    await until_indexed(backend)

    assert found(words, FACTS[3])
    assert await answers(backend, bot) == before


async def test_an_index_killed_at_random_under_load_loses_only_time(
    backend: Backend, home: Path
) -> None:
    dice = random.Random(5)
    bot = await taught(backend)
    index = IndexHome(home)
    expected = dict(enumerate(FACTS))
    rows = list(await backend.memories.keys(bot, sort=MemorySort.OLDEST))
    entries = await backend.memories.entries(rows)
    for turn in range(6):
        at = dice.randrange(len(entries))
        expected[at] = f"Learned news{turn} about subject{at}"
        change = MemoryChange(fact=expected[at])
        await backend.memories.edit([entries[at].id], change, actor=USER)
        asked = asyncio.create_task(backend.recall.search(bot, expected[at], wait=0.2))
        for _ in range(dice.randrange(4)):
            await backend.index.status()
        await asyncio.to_thread(kill, index)

        answer = await asked

        assert found(answer, expected[at]), f"turn {turn}: the words were lost with the index"
        assert answer.vectors in {"ready", "starting", "failed"}
    await until_indexed(backend)
    for at in dice.sample(sorted(expected), 10):
        answer = await backend.recall.search(bot, expected[at], wait=WAIT)
        assert answer.results[0].entry.fact == expected[at]
        assert answer.results[0].parts.meaning > 0.999
    report = await backend.health.check()
    assert report.ok, report


def kill(index: IndexHome) -> None:
    """Kill the process if there is one just now; it may be between two lives."""
    try:
        os.kill(index.welcome().pid, signal.SIGKILL)
    except (AssertionError, OSError, ValueError):
        return
