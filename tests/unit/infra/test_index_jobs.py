"""The outbox's SQL: level-triggered jobs, deleted only by the number that was seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from backend.infra.sqlite import index_jobs
from backend.infra.sqlite.connection import connect
from tests.doubles.index_home import IndexHome

MODEL = "fake-words"
NOW = 1_000_000
STATEMENTS = sorted(
    name
    for name, value in vars(index_jobs).items()
    if name.isupper() and isinstance(value, str) and not name.startswith("_")
)
NAMES = "memory_id bot_id model fact_hash error not_before seq now limit last"
EVERY_NAME = dict.fromkeys(NAMES.split(), 0)


@pytest.fixture
def made(tmp_path: Path) -> IndexHome:
    return IndexHome(tmp_path / "home")


@pytest.fixture
def tx(made: IndexHome) -> Iterator[sqlite3.Connection]:
    with closing(connect(made.database)) as connection:
        yield connection


def due(tx: sqlite3.Connection, bot_id: UUID | None = None) -> list[index_jobs.Job]:
    return index_jobs.due(tx, model=MODEL, now=NOW, limit=8, bot_id=bot_id)


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_fits_the_schema(tx: sqlite3.Connection, name: str) -> None:
    tx.execute(f"EXPLAIN {getattr(index_jobs, name)}", EVERY_NAME)


@pytest.mark.parametrize("name", ["DUE", "DUE_OF_BOT"])
def test_finding_the_next_jobs_sorts_nothing(tx: sqlite3.Connection, name: str) -> None:
    plan = tx.execute(f"EXPLAIN QUERY PLAN {getattr(index_jobs, name)}", EVERY_NAME).fetchall()

    assert not [step for *_, step in plan if "TEMP B-TREE" in step]


def test_a_change_while_a_job_runs_leaves_a_newer_job(
    made: IndexHome, tx: sqlite3.Connection
) -> None:
    bot = made.bot()
    (memory,) = made.remember(bot, "Prefers dark mode")
    seen = due(tx)
    made.reword(bot, memory, "Prefers light mode")

    index_jobs.finish(tx, seen, model=MODEL)

    (left,) = due(tx)
    assert (left.fact, left.indexed) == ("Prefers light mode", False)


def test_a_finished_job_of_a_deleted_memory_forgets_its_vector(
    made: IndexHome, tx: sqlite3.Connection
) -> None:
    bot = made.bot()
    (memory,) = made.remember(bot, "Prefers dark mode")
    index_jobs.finish(tx, due(tx), model=MODEL)
    made.set_status(bot, memory, "deleted")

    index_jobs.finish(tx, due(tx), model=MODEL)

    assert index_jobs.vectors_of(tx, bot, model=MODEL) == set()
    assert index_jobs.pending(tx) == 0


def test_a_job_that_failed_waits_but_is_still_pending(
    made: IndexHome, tx: sqlite3.Connection
) -> None:
    bot = made.bot()
    made.remember(bot, "Prefers dark mode")
    (job,) = due(tx)

    index_jobs.fail(tx, job, error="no answer", not_before=NOW + 1)

    assert due(tx) == []
    assert index_jobs.pending(tx, bot) == 1
    assert index_jobs.due_count(tx, bot, now=NOW + 1) == 1


def test_another_model_asks_for_every_live_memory_once(
    made: IndexHome, tx: sqlite3.Connection
) -> None:
    bot = made.bot()
    _, gone = made.remember(bot, "Prefers dark mode", "Lives in Berlin")
    index_jobs.finish(tx, due(tx), model="another")
    made.set_status(bot, gone, "deleted")
    index_jobs.finish(tx, due(tx), model="another")

    first = index_jobs.repair_differences(tx, model=MODEL)
    second = index_jobs.repair_differences(tx, model=MODEL)

    assert (first, second) == (1, 0)
    assert [job.fact for job in due(tx)] == ["Prefers dark mode"]


def test_progress_counts_live_memories_without_a_job(
    made: IndexHome, tx: sqlite3.Connection
) -> None:
    bot = made.bot()
    (old,) = made.remember(bot, "Prefers dark mode")
    index_jobs.finish(tx, due(tx), model=MODEL)
    made.remember(bot, "Lives in Berlin")
    made.set_status(bot, old, "deleted")

    counts = index_jobs.counts(tx)

    assert counts == index_jobs.Counts(pending=2, done=0, total=1)


def test_a_bot_that_came_back_keeps_its_newer_jobs(made: IndexHome, tx: sqlite3.Connection) -> None:
    bot = made.bot()
    made.remember(bot, "Prefers dark mode")
    made.remove_bot(bot)
    last = index_jobs.last_job_of_gone_bot(tx, bot)
    assert last is not None
    tx.execute("INSERT INTO index_jobs (memory_id, bot_id) VALUES ('restored', ?)", (str(bot),))

    index_jobs.forget_bot(tx, bot, last=last)

    assert index_jobs.pending(tx, bot) == 1
