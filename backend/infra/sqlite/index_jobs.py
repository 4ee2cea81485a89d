"""The outbox of the index: which memories must be embedded again or forgotten by it.

A job says "make the index agree with this row as it is now", so doing it twice is harmless. It is
deleted by the sequence number that was seen: a change in the meantime leaves a newer job behind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

ENQUEUE_UNLESS_WAITING = """
INSERT OR IGNORE INTO index_jobs (memory_id, bot_id) VALUES (:memory_id, :bot_id)
"""
_JOB = """
SELECT j.seq, j.memory_id, j.bot_id, j.attempts, m.fact, m.fact_hash,
    v.memory_id IS NOT NULL AND v.fact_hash = m.fact_hash AND v.model = :model
FROM index_jobs j
LEFT JOIN memories m ON m.id = j.memory_id AND m.bot_id = j.bot_id AND m.status = 'live'
LEFT JOIN vectors v ON v.memory_id = j.memory_id
"""
DUE = f"{_JOB} WHERE j.not_before <= :now ORDER BY j.seq LIMIT :limit"
DUE_OF_BOT = f"""
{_JOB} WHERE j.bot_id = :bot_id AND j.not_before <= :now ORDER BY j.seq LIMIT :limit
"""
DUE_COUNT = "SELECT COUNT(*) FROM index_jobs WHERE bot_id = :bot_id AND not_before <= :now"
PENDING = "SELECT COUNT(*) FROM index_jobs"
PENDING_OF_BOT = "SELECT COUNT(*) FROM index_jobs WHERE bot_id = :bot_id"
LIVE = "SELECT COUNT(*) FROM memories WHERE status = 'live'"
LIVE_WITH_JOB = """
SELECT COUNT(*) FROM index_jobs j JOIN memories m ON m.id = j.memory_id AND m.status = 'live'
"""
FINISH = "DELETE FROM index_jobs WHERE seq = :seq"
FAIL = """
UPDATE index_jobs SET attempts = attempts + 1, error = :error, not_before = :not_before
WHERE seq = :seq
"""
PUT_VECTOR = """
INSERT INTO vectors (memory_id, bot_id, model, fact_hash)
VALUES (:memory_id, :bot_id, :model, :fact_hash)
ON CONFLICT (memory_id) DO UPDATE SET
    bot_id = excluded.bot_id, model = excluded.model, fact_hash = excluded.fact_hash
"""
REMOVE_VECTOR = "DELETE FROM vectors WHERE memory_id = :memory_id"
VECTORS_OF_BOT = "SELECT memory_id FROM vectors WHERE bot_id = :bot_id AND model = :model"
BOTS_WITH_VECTORS = "SELECT DISTINCT bot_id FROM vectors WHERE model = :model"
BOT_IDS = "SELECT id FROM bots"
LAST_JOB_OF_BOT = "SELECT MAX(seq) FROM index_jobs WHERE bot_id = :bot_id"
BOT_EXISTS = "SELECT 1 FROM bots WHERE id = :bot_id"
REMOVE_BOT_VECTORS = "DELETE FROM vectors WHERE bot_id = :bot_id"
REMOVE_BOT_JOBS = "DELETE FROM index_jobs WHERE bot_id = :bot_id AND seq <= :last"
LIVE_WITHOUT_VECTOR = """
SELECT m.id, m.bot_id FROM memories m
LEFT JOIN vectors v ON v.memory_id = m.id AND v.fact_hash = m.fact_hash AND v.model = :model
WHERE m.status = 'live' AND v.memory_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM index_jobs j WHERE j.memory_id = m.id)
"""
VECTOR_WITHOUT_LIVE = """
SELECT v.memory_id, v.bot_id FROM vectors v
LEFT JOIN memories m ON m.id = v.memory_id AND m.bot_id = v.bot_id AND m.status = 'live'
WHERE m.id IS NULL AND NOT EXISTS (SELECT 1 FROM index_jobs j WHERE j.memory_id = v.memory_id)
"""
WAITING_OF_BOT = "SELECT memory_id FROM index_jobs WHERE bot_id = :bot_id"


@dataclass(frozen=True, slots=True)
class Job:
    """One memory that the index must look at again; `fact` is None when it is not live."""

    seq: int
    memory_id: UUID
    bot_id: UUID
    attempts: int
    fact: str | None
    fact_hash: bytes | None
    indexed: bool
    """Its present text already has a vector of the model that was asked about."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Jobs to do, live memories with their vector, live memories."""

    pending: int
    done: int
    total: int


def enqueue_unless_waiting(
    connection: sqlite3.Connection, memories: Iterable[tuple[UUID, UUID]]
) -> None:
    """Ask for each (memory, bot) that has no job yet."""
    connection.executemany(ENQUEUE_UNLESS_WAITING, _named(memories))


def pending(connection: sqlite3.Connection, bot_id: UUID | None = None) -> int:
    """Return how many jobs are not done yet, of one bot or of all, the failing ones included."""
    if bot_id is None:
        return _number(connection.execute(PENDING))
    return _number(connection.execute(PENDING_OF_BOT, {"bot_id": str(bot_id)}))


def due_count(connection: sqlite3.Connection, bot_id: UUID, *, now: int) -> int:
    """Return how many jobs of a bot may be tried at `now` (microseconds since 1970)."""
    return _number(connection.execute(DUE_COUNT, {"bot_id": str(bot_id), "now": now}))


def due(
    connection: sqlite3.Connection,
    *,
    model: str,
    now: int,
    limit: int,
    bot_id: UUID | None = None,
) -> list[Job]:
    """Return the oldest jobs that may be tried at `now`, of one bot or of all."""
    values = {"model": model, "now": now, "limit": limit, "bot_id": str(bot_id)}
    rows = connection.execute(DUE if bot_id is None else DUE_OF_BOT, values)
    return [
        Job(seq, UUID(memory), UUID(bot), attempts, fact, fact_hash, bool(indexed))
        for seq, memory, bot, attempts, fact, fact_hash, indexed in rows
    ]


def counts(connection: sqlite3.Connection) -> Counts:
    """Return the progress over all bots: whatever has no job is done, by the outbox's promise."""
    total = _number(connection.execute(LIVE))
    return Counts(
        pending=pending(connection),
        done=total - _number(connection.execute(LIVE_WITH_JOB)),
        total=total,
    )


def finish(connection: sqlite3.Connection, jobs: Sequence[Job], *, model: str) -> None:
    """Record in one transaction that the index agrees with the rows that these jobs saw."""
    with _transaction(connection):
        for job in jobs:
            if job.fact is None:
                connection.execute(REMOVE_VECTOR, {"memory_id": str(job.memory_id)})
            elif not job.indexed:
                connection.execute(
                    PUT_VECTOR,
                    {
                        "memory_id": str(job.memory_id),
                        "bot_id": str(job.bot_id),
                        "model": model,
                        "fact_hash": job.fact_hash,
                    },
                )
            connection.execute(FINISH, {"seq": job.seq})


def fail(connection: sqlite3.Connection, job: Job, *, error: str, not_before: int) -> None:
    """Record a failed attempt; the job may be tried again at `not_before` (microseconds)."""
    connection.execute(FAIL, {"seq": job.seq, "error": error, "not_before": not_before})


def vectors_of(connection: sqlite3.Connection, bot_id: UUID, *, model: str) -> set[UUID]:
    """Return the bot's memories that should have a vector in the model's collection."""
    rows = connection.execute(VECTORS_OF_BOT, {"bot_id": str(bot_id), "model": model})
    return {UUID(memory_id) for (memory_id,) in rows}


def waiting_of(connection: sqlite3.Connection, bot_id: UUID) -> set[UUID]:
    """Return the bot's memories that have a job."""
    rows = connection.execute(WAITING_OF_BOT, {"bot_id": str(bot_id)})
    return {UUID(memory_id) for (memory_id,) in rows}


def bots_with_vectors(connection: sqlite3.Connection, *, model: str) -> set[UUID]:
    """Return the bots of which some memory should have a vector."""
    return {UUID(bot_id) for (bot_id,) in connection.execute(BOTS_WITH_VECTORS, {"model": model})}


def bot_ids(connection: sqlite3.Connection) -> set[UUID]:
    """Return all bots that exist."""
    return {UUID(bot_id) for (bot_id,) in connection.execute(BOT_IDS)}


def last_job_of_gone_bot(connection: sqlite3.Connection, bot_id: UUID) -> int | None:
    """Return the newest job's number if this bot does not exist (0: no job), else None."""
    if connection.execute(BOT_EXISTS, {"bot_id": str(bot_id)}).fetchone():
        return None
    return _number(connection.execute(LAST_JOB_OF_BOT, {"bot_id": str(bot_id)}))


def forget_bot(connection: sqlite3.Connection, bot_id: UUID, *, last: int) -> None:
    """Record that a bot's collection is gone; jobs after number `last` stay."""
    with _transaction(connection):
        connection.execute(REMOVE_BOT_VECTORS, {"bot_id": str(bot_id)})
        connection.execute(REMOVE_BOT_JOBS, {"bot_id": str(bot_id), "last": last})


def lose_vectors(connection: sqlite3.Connection, bot_id: UUID, lost: Iterable[UUID]) -> None:
    """Record that the index does not have these vectors, and ask for them again."""
    lost = list(lost)
    with _transaction(connection):
        connection.executemany(REMOVE_VECTOR, [{"memory_id": str(each)} for each in lost])
        enqueue_unless_waiting(connection, [(each, bot_id) for each in lost])


def differences(
    connection: sqlite3.Connection, *, model: str
) -> tuple[list[tuple[UUID, UUID]], list[tuple[UUID, UUID]]]:
    """Return the (memory, bot) that lack a vector, and those with one they should not have.

    Only tables are compared: what the index really holds is `vectors_of` against its ids.
    """
    lacking = connection.execute(LIVE_WITHOUT_VECTOR, {"model": model}).fetchall()
    stray = connection.execute(VECTOR_WITHOUT_LIVE).fetchall()
    return (
        [(UUID(memory), UUID(bot)) for memory, bot in lacking],
        [(UUID(memory), UUID(bot)) for memory, bot in stray],
    )


def repair_differences(connection: sqlite3.Connection, *, model: str) -> int:
    """Make a job for each difference of the tables and return how many there were.

    They are looked for outside the transaction, so writers wait only for the jobs themselves; a
    job that a change made needless in between does no harm.
    """
    lacking, stray = differences(connection, model=model)
    if lacking or stray:
        with _transaction(connection):
            enqueue_unless_waiting(connection, [*lacking, *stray])
    return len(lacking) + len(stray)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _named(memories: Iterable[tuple[UUID, UUID]]) -> list[dict[str, str]]:
    return [{"memory_id": str(memory), "bot_id": str(bot)} for memory, bot in memories]


def _number(cursor: sqlite3.Cursor) -> int:
    value: int | None = cursor.fetchone()[0]
    return value or 0
