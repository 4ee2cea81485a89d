"""The store: one writer thread, a few readers, a transaction a function.

`tests/faults/test_crashes.py` kills it at every statement; what was acknowledged is there, and
nothing is half done.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from backend.core.clock import Entropy
from backend.core.store import Transaction
from backend.infra.integrity_keys import IntegrityKey
from backend.infra.sqlite.backups import DailyBackups
from backend.infra.sqlite.bots import SqliteBots
from backend.infra.sqlite.connection import connect
from backend.infra.sqlite.errors import translated
from backend.infra.sqlite.filters import SqliteFilters, SqliteState
from backend.infra.sqlite.health import SqliteHealth
from backend.infra.sqlite.images import SqliteImages
from backend.infra.sqlite.journal import SqliteJournal
from backend.infra.sqlite.memories import SqliteMemories
from backend.infra.sqlite.views import SqliteViews
from backend.types.errors import HomeUnusable

if TYPE_CHECKING:
    from backend.infra.sqlite.recall_reads import SqliteRecallReads

T = TypeVar("T")
_READERS = 2

ENQUEUE = "INSERT INTO index_jobs (memory_id, bot_id) VALUES (:memory_id, :bot_id)"
PENDING_JOBS = "SELECT COUNT(*) FROM index_jobs WHERE (:bot IS NULL OR bot_id = :bot)"


class SqliteIndexJobs:
    """`IndexJobs` over one connection; `index_jobs.py` is the other end of the queue."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def enqueue(self, memories: Sequence[tuple[UUID, UUID]]) -> None:
        self._connection.executemany(
            ENQUEUE,
            (
                {"memory_id": str(memory_id), "bot_id": str(bot_id)}
                for memory_id, bot_id in memories
            ),
        )

    def pending(self, bot_id: UUID | None) -> int:
        names = {"bot": None if bot_id is None else str(bot_id)}
        count: int = self._connection.execute(PENDING_JOBS, names).fetchone()[0]
        return count


class SqliteTransaction:
    """`Transaction` over one connection."""

    def __init__(self, connection: sqlite3.Connection, key: IntegrityKey, entropy: Entropy) -> None:
        self._connection = connection
        self.bots = SqliteBots(connection)
        self.memories = SqliteMemories(connection)
        self.views = SqliteViews(connection)
        self.journal = SqliteJournal(connection, key, entropy)
        self.filters = SqliteFilters(connection)
        self.images = SqliteImages(self.bots, self.memories, self.filters)
        self.index_jobs = SqliteIndexJobs(connection)
        self.state = SqliteState(connection)
        self.health = SqliteHealth(connection, self.memories)

    @cached_property
    def recall(self) -> SqliteRecallReads:
        """What recall reads; its code is read with the first recall."""
        from backend.infra.sqlite.recall_reads import SqliteRecallReads

        return SqliteRecallReads(self._connection)


class SqliteStore:
    """`Store` over one database file that `migrate` has brought up to date."""

    def __init__(
        self,
        path: Path,
        key: IntegrityKey,
        entropy: Entropy,
        *,
        backups: Path,
        now: Callable[[], datetime],
    ) -> None:
        self._path = path
        self._identity = _identity(path)
        self._backups = backups
        self._copies = DailyBackups(path, backups, now)
        self._copying: Future[None] | None = None
        self._key = key
        self._entropy = entropy
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="store-reader")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._watch: sqlite3.Connection | None = None
        self._guard = threading.Lock()

    async def write(self, act: Callable[[Transaction], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(self._write, act))

    async def read(self, query: Callable[[Transaction], T]) -> T:
        running: list[sqlite3.Connection] = []
        future: Future[T] = self._readers.submit(self._read, query, running)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            with self._guard:
                for connection in running:
                    connection.interrupt()
            raise

    async def change_counter(self) -> int:
        return await asyncio.wrap_future(self._readers.submit(self._change_counter))

    async def close(self) -> None:
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        with self._guard:
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def _write(self, act: Callable[[Transaction], T]) -> T:
        with translated(self._backups):
            connection, tx = self._transaction(read_only=False)
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = act(tx)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        if (self._copying is None or self._copying.done()) and self._copies.due():
            self._copying = self._readers.submit(self._copies.make)
        return result

    def _read(self, query: Callable[[Transaction], T], running: list[sqlite3.Connection]) -> T:
        with translated(self._backups):
            connection, tx = self._transaction(read_only=True)
            with self._guard:
                running.append(connection)
            try:
                connection.execute("BEGIN")
                try:
                    return query(tx)
                finally:
                    if connection.in_transaction:
                        # There is nothing to keep, and unlike COMMIT this cannot be interrupted.
                        connection.execute("ROLLBACK")
            finally:
                with self._guard:
                    running.clear()

    def _change_counter(self) -> int:
        # The number is comparable on one connection only, and that connection must never write.
        with translated(self._backups), self._guard:
            self._refuse_replaced()
            if self._watch is None:
                self._watch = connect(self._path, read_only=True)
                self._connections.append(self._watch)
            version: int = self._watch.execute("PRAGMA data_version").fetchone()[0]
            return version

    def _transaction(self, *, read_only: bool) -> tuple[sqlite3.Connection, SqliteTransaction]:
        self._refuse_replaced()
        if not hasattr(self._local, "transaction"):
            connection = connect(self._path, read_only=read_only)
            with self._guard:
                self._connections.append(connection)
            self._local.transaction = (
                connection,
                SqliteTransaction(connection, self._key, self._entropy),
            )
        transaction: tuple[sqlite3.Connection, SqliteTransaction] = self._local.transaction
        return transaction

    def _refuse_replaced(self) -> None:
        """An open file goes on living when its name is gone: what is written there is lost."""
        if _identity(self._path) != self._identity:
            raise HomeUnusable(
                "The database of this home was moved or replaced while this program had it open: "
                "nothing was saved. Close the program and open the home again."
            )


def _identity(path: Path) -> tuple[int, int] | None:
    """Return which file a name means; None when there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
