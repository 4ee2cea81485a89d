"""A home for crash tests: the same clock and the same dice in every run, and its whole state."""

from __future__ import annotations

import hashlib
import json
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backend import Backend, open_backend
from backend.infra.index.off import OffVectorIndex
from backend.infra.sqlite.connection import connect
from backend.types import Actor, MemoryDraft

USER = Actor.user()
_START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_STATE = (
    "SELECT * FROM bots ORDER BY id",
    "SELECT id, bot_id, fact, tags, status, pinned, revision FROM memories ORDER BY id",
    "SELECT sequence, act, summary FROM events ORDER BY sequence",
    "SELECT event, entity_id, before, after FROM event_payloads ORDER BY event, position",
    "SELECT memory_id FROM index_jobs ORDER BY memory_id",
    "SELECT name, text FROM saved_filters ORDER BY name",
)
_LIVE = "SELECT bot_id, row, fact FROM memories WHERE status = 'live' ORDER BY id"
_SEARCHED = 4


class SteadyClock:
    """Tells a second more at each look."""

    def __init__(self, start: datetime = _START) -> None:
        self._at = start

    def now(self) -> datetime:
        self._at += timedelta(seconds=1)
        return self._at


class SeededEntropy:
    """Gives the same ids and tokens in every process that begins with the same seed."""

    def __init__(self, seed: str) -> None:
        self._seed, self._drawn = seed, 0

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(bytes=self.token(16), version=4)

    def token(self, size: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_256(f"{self._seed} {self._drawn}".encode()).digest(size)


def open_home(home: Path, seed: str) -> Backend:
    """Open a home that searches by keywords alone."""
    return open_backend(
        home,
        environ={},
        clock=SteadyClock(),
        entropy=SeededEntropy(seed),
        index=OffVectorIndex(),
    )


def state_of(home: Path) -> str:
    """Return a digest of everything that acts change."""
    with closing(connect(home / "boternity.db")) as connection:
        rows = [connection.execute(query).fetchall() for query in _STATE]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


async def looked_at(home: Path) -> tuple[str, list[str]]:
    """Open a home as a person does after a crash; return its state and all that is wrong in it."""
    async with open_home(home, "checks") as backend:
        state = state_of(home)
        chain = await backend.history.verify()
        report = await backend.health.check()
        problems = list(chain.problems)
        problems += [f"{check.name}: {check.found}" for check in report.checks if not check.ok]
        with closing(connect(home / "boternity.db")) as connection:
            live = connection.execute(_LIVE).fetchall()
        for bot_id, row, fact in live[:_SEARCHED]:
            if row not in await backend.memories.keys(uuid.UUID(bot_id), f'"{fact}"'):
                problems.append(f"a search does not find “{fact}”")
        bot = await backend.bots.add("Written after the crash", actor=USER)
        draft = MemoryDraft(fact="Work goes on after a crash")
        added = await backend.memories.add(bot.id, draft, actor=USER)
        await backend.history.undo(actor=USER)
        if list(await backend.memories.keys(bot.id)) or added.repeated:
            problems.append("the next act and its undo do not work")
    return state, problems
