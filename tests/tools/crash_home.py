"""A home for crash tests: the same clock and the same dice in every run, and its whole state."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import uuid
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from backend import Backend, open_backend
from backend.infra.index.off import OffVectorIndex
from backend.infra.sqlite.connection import connect
from backend.types import Actor, MemoryDraft
from tests.doubles.clock import START, FixedClock
from tests.doubles.entropy import SeededEntropy

USER = Actor.user()
BEFORE, ACT, CHECKS = 0, 1, 2
"""Days: of what was done before, of the act that is killed, of looking at what is left."""
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


def open_home(home: Path, day: int) -> Backend:
    """Open a home that searches by keywords alone; each day brings ids and a backup of its own."""
    return open_backend(
        home,
        environ={},
        clock=FixedClock(START + timedelta(days=day)),
        entropy=SeededEntropy(day),
        index=OffVectorIndex(),
    )


def state_of(home: Path) -> str:
    """Return a digest of everything that acts change."""
    with closing(connect(home / "boternity.db")) as connection:
        rows = [connection.execute(query).fetchall() for query in _STATE]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


async def looked_at(home: Path) -> tuple[str, list[str]]:
    """Open a home as a person does after a crash; return its state and all that is wrong in it."""
    async with open_home(home, CHECKS) as backend:
        state = state_of(home)
        chain = await backend.history.verify()
        report = await backend.health.check()
        problems = list(chain.problems)
        problems += _unsound_backups(home / "backups")
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


def _unsound_backups(folder: Path) -> list[str]:
    problems = []
    for path in folder.glob("*.db"):
        with closing(sqlite3.connect(path)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                problems.append(f"the backup {path.name} is not sound")
    return problems
