"""The doctor finds what is wrong, and repairs what is derived."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from backend import Backend
from backend.types import Actor, Bot, Check, HealthReport, MemoryDraft

USER = Actor.user()
NAMES = ["database", "words", "journal", "rows", "vectors", "jobs"]


@pytest.fixture
async def ana(backend: Backend) -> Bot:
    bot = await backend.bots.add("Ana", actor=USER)
    for fact in ("Likes tea", "Likes rain"):
        await backend.memories.add(bot.id, MemoryDraft(fact=fact), actor=USER)
    return bot


def damage(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / "boternity.db", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def found(report: HealthReport, name: str) -> Check:
    (check,) = [check for check in report.checks if check.name == name]
    return check


async def test_a_sound_home_is_sound_in_every_respect(backend: Backend, ana: Bot) -> None:
    report = await backend.health.check()

    assert report.ok
    assert [(check.name, check.ok, check.repaired) for check in report.checks] == [
        (name, True, "") for name in NAMES
    ]
    assert found(report, "journal").found == "3 events verified"
    assert found(report, "jobs").found == "2 waiting"
    assert "set embedder.engine" in found(report, "vectors").found


async def test_an_empty_home_is_sound(backend: Backend) -> None:
    assert (await backend.health.check()).ok


async def test_words_that_differ_from_the_memories_are_found_and_written_anew(
    backend: Backend, ana: Bot, home: Path
) -> None:
    damage(home, "INSERT INTO memories_plain (memories_plain) VALUES ('delete-all')")
    assert len(await backend.memories.keys(ana.id, '"likes tea"')) == 0

    before = await backend.health.check()
    repaired = await backend.health.check(repair=True)

    assert not before.ok
    assert found(before, "words") == Check(
        name="words", ok=False, found="differ from the memories: memories_plain"
    )
    assert found(repaired, "words").repaired == "written anew from the memories"
    assert (await backend.health.check()).ok
    assert len(await backend.memories.keys(ana.id, '"likes tea"')) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE memories SET fact = 'Likes snow' WHERE row = 1",
        "UPDATE memories SET pinned = 1 WHERE row = 1",
        "UPDATE memories SET importance = 5 WHERE row = 1",
        "UPDATE memories SET created_at = created_at + 1 WHERE row = 1",
        "DELETE FROM memories WHERE row = 1",
        "INSERT INTO memories (id, bot_id, fact, fact_hash, category, importance, status,"
        " source_kind, created_at, updated_at, revision, written_on) SELECT"
        " '00000000-0000-4000-8000-000000000000', bot_id, 'x', x'00', category, 3, 'live', 'user',"
        " 0, 0, 1, '' FROM memories WHERE row = 1",
    ],
)
async def test_a_row_that_was_changed_past_the_journal_is_found(
    backend: Backend, ana: Bot, home: Path, statement: str
) -> None:
    damage(home, statement)

    rows = found(await backend.health.check(repair=True), "rows")

    assert not rows.ok
    assert rows.found.startswith("1 rows differ from what the journal says last: ")


async def test_being_used_and_indexed_is_no_difference(
    backend: Backend, ana: Bot, home: Path
) -> None:
    damage(
        home,
        "UPDATE memories SET access_count = 7, last_accessed_at = 1",
        "INSERT INTO vectors SELECT id, bot_id, 'some-model', fact_hash FROM memories",
    )

    assert found(await backend.health.check(), "rows").ok


async def test_a_journal_that_was_tampered_with_is_told(
    backend: Backend, ana: Bot, home: Path
) -> None:
    damage(
        home, "DROP TRIGGER events_never_change", "UPDATE events SET actor = 'x' WHERE sequence = 2"
    )

    report = await backend.health.check(repair=True)

    assert not report.ok
    assert found(report, "journal").found == "event 2: its seal does not fit"


async def test_a_journal_that_is_gone_is_noticed_by_what_it_should_explain(
    backend: Backend, ana: Bot, home: Path
) -> None:
    """An empty journal verifies, for a new home has one; its rows say that it was not empty."""
    damage(
        home,
        "PRAGMA foreign_keys = OFF",
        "DROP TRIGGER events_never_go",
        "DROP TRIGGER event_payloads_never_go",
        "DELETE FROM event_payloads",
        "DELETE FROM events",
        "DELETE FROM journal_head",
    )

    assert found(await backend.health.check(), "rows").found.startswith("2 rows differ")


async def test_a_memory_of_no_bot_is_told(backend: Backend, ana: Bot, home: Path) -> None:
    damage(home, "PRAGMA foreign_keys = OFF", "DELETE FROM bots")

    database = found(await backend.health.check(), "database")

    assert not database.ok
    assert "memories row 1 refers to nothing" in database.found
    assert "backups" in database.found


async def test_failing_jobs_are_told_and_tried_again(
    backend: Backend, ana: Bot, home: Path
) -> None:
    damage(home, "UPDATE index_jobs SET attempts = 3, not_before = 1 << 50, error = 'no answer'")

    before = await backend.health.check()
    repaired = await backend.health.check(repair=True)

    assert found(before, "jobs") == Check(name="jobs", ok=False, found="2 failing")
    assert (found(repaired, "jobs").ok, found(repaired, "jobs").repaired) == (
        True,
        "will be tried again now",
    )
    assert (await backend.health.check()).ok


async def test_looking_repairs_nothing(backend: Backend, ana: Bot, home: Path) -> None:
    damage(home, "UPDATE index_jobs SET attempts = 3")

    await backend.health.check()

    assert not (await backend.health.check()).ok
