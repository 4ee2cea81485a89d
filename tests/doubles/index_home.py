"""A home with nothing but a database, for tests of the index: rows are written by hand."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import uuid
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from backend.core.memory.facts import fact_hash
from backend.infra.index.client import SocketVectorIndex
from backend.infra.index.protocol import (
    Hello,
    Leave,
    Request,
    Welcome,
    line_of,
    read_reply,
    socket_path,
)
from backend.infra.sqlite.connection import connect
from backend.infra.sqlite.migrate import migrate
from backend.types.config import EmbedderEngine, EmbedderSettings, Settings

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_ADD = """
INSERT INTO memories (id, bot_id, fact, fact_hash, category, importance, status, source_kind,
    created_at, updated_at, revision, written_on)
VALUES (?, ?, ?, ?, 'fact', 3, 'live', 'user', 0, 0, 1, '')
"""
_JOB = "INSERT INTO index_jobs (memory_id, bot_id) VALUES (?, ?)"


def endpoint(url: str, *, model: str = "fake-words") -> Settings:
    """Return settings that embed at a FAKE endpoint."""
    return Settings(embedder=EmbedderSettings(engine=EmbedderEngine.OPENAI, url=url, model=model))


class IndexHome:
    """A migrated home at `path` and what a program would write into it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "boternity.db"
        path.mkdir(exist_ok=True)
        with closing(connect(self.database)) as connection:
            migrate(connection, path / "backups", now=NOW)

    def bot(self, slug: str = "") -> uuid.UUID:
        bot_id = uuid.uuid4()
        self._write(
            "INSERT INTO bots (id, slug, name, status, created_at, updated_at, revision)"
            " VALUES (?, ?, ?, 'active', 0, 0, 1)",
            [(str(bot_id), slug or str(bot_id), slug or "Bot")],
        )
        return bot_id

    def remember(self, bot_id: uuid.UUID, *facts: str) -> list[uuid.UUID]:
        """Add live memories with their jobs."""
        ids = [uuid.uuid4() for _ in facts]
        rows = [(str(i), str(bot_id), f, fact_hash(f)) for i, f in zip(ids, facts, strict=True)]
        self._write(_ADD, rows, jobs=[(row[0], row[1]) for row in rows])
        return ids

    def reword(self, bot_id: uuid.UUID, memory_id: uuid.UUID, fact: str) -> None:
        values = (fact, fact_hash(fact), str(memory_id))
        self._write(
            "UPDATE memories SET fact = ?, fact_hash = ? WHERE id = ?",
            [values],
            jobs=[(str(memory_id), str(bot_id))],
        )

    def set_status(self, bot_id: uuid.UUID, memory_id: uuid.UUID, status: str) -> None:
        self._write(
            "UPDATE memories SET status = ? WHERE id = ?",
            [(status, str(memory_id))],
            jobs=[(str(memory_id), str(bot_id))],
        )

    def remove_bot(self, bot_id: uuid.UUID) -> None:
        """Remove a bot as the service does: rows gone, one job for each memory."""
        with closing(connect(self.database)) as connection:
            rows = connection.execute(
                "SELECT id, bot_id FROM memories WHERE bot_id = ?", (str(bot_id),)
            ).fetchall()
        self._write("DELETE FROM memories WHERE id = ?", [(row[0],) for row in rows], jobs=rows)
        self._write("DELETE FROM bots WHERE id = ?", [(str(bot_id),)])

    def number(self, sql: str) -> int:
        """Return the one number that a query selects."""
        with closing(connect(self.database)) as connection:
            value: int = connection.execute(sql).fetchone()[0]
            return value

    @property
    def jobs(self) -> int:
        return self.number("SELECT COUNT(*) FROM index_jobs")

    def index(
        self, settings: Settings, *, wait_for_start: float = 30.0, idle_seconds: float = 300.0
    ) -> SocketVectorIndex:
        """Return a client of this home's process, patient enough for a slow machine."""
        return SocketVectorIndex(
            self.path, settings, wait_for_start=wait_for_start, idle_seconds=idle_seconds
        )

    def call(self) -> socket.socket | None:
        """Return a connection to the process, or None when nobody listens."""
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(20)
        try:
            line.connect(str(socket_path(self.path)))
        except OSError:
            line.close()
            return None
        return line

    def welcome(self) -> Welcome:
        """Return who listens."""
        line = self.call()
        assert line is not None, "nobody listens"
        with line, line.makefile("rb") as lines:
            line.sendall(line_of(Request(id=1, ask=Hello())))
            return Welcome.model_validate(read_reply(lines.readline()).answer)

    def kill(self) -> None:
        """Kill the process as `kill -9` does and return when it is gone."""
        line = self.call()
        assert line is not None, "nobody listens"
        with line:
            os.kill(self.welcome().pid, signal.SIGKILL)
            _read_to_end(line)

    def end(self) -> None:
        """Ask the process to leave, if there is one, and return when it has."""
        line = self.call()
        if line is not None:
            with line:
                line.sendall(line_of(Request(id=1, ask=Leave())))
                _read_to_end(line)
            self.wait_until_ended()

    def wait_until_ended(self) -> None:
        """Return when no process holds the home."""
        lock = os.open(self.path / "vectors" / ".lock", os.O_RDWR)
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.close(lock)

    def _write(
        self,
        sql: str,
        rows: Sequence[tuple[object, ...]],
        *,
        jobs: Sequence[tuple[str, str]] = (),
    ) -> None:
        with closing(connect(self.database)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(sql, rows)
            connection.executemany(_JOB, jobs)
            connection.execute("COMMIT")


def _read_to_end(line: socket.socket) -> None:
    try:
        while line.recv(65536):
            pass
    except ConnectionResetError:
        return
