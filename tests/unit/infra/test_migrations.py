"""A migration and its record commit together; a released one never changes."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from backend.infra.sqlite.connection import connect
from backend.infra.sqlite.migrate import FOLDER, migrate
from backend.types.errors import HomeUnusable
from tests.doubles.clock import START

RELEASED = {
    "0001_initial.sql": "fe08b7bf53458b0b81e95421349acebca58291f4dd9106ecd3ca512d777d7cc4",
}
"""SHA-256 of each released migration: homes exist that were made by it."""

FIRST = "CREATE TABLE things (name TEXT NOT NULL) STRICT;\nINSERT INTO things VALUES ('kept');\n"
SECOND = "ALTER TABLE things ADD COLUMN size INTEGER;\n"
BROKEN = "ALTER TABLE things ADD COLUMN size INTEGER;\nINSERT INTO nowhere VALUES (1);\n"


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    return folder


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "some.db")) as connection:
        yield connection


def version(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def test_a_released_migration_is_never_edited() -> None:
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.sql")
    }

    assert digests == RELEASED


def test_migrations_are_numbered_from_one_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in FOLDER.glob("*.sql"))

    assert numbers == list(range(1, len(numbers) + 1))


def test_every_table_is_strict(connection: sqlite3.Connection) -> None:
    rows = connection.execute(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict"
        " AND name NOT LIKE 'sqlite%'"
    ).fetchall()

    assert rows == []


def test_a_new_home_gets_all_migrations_and_no_backup(
    database: sqlite3.Connection, steps: Path, backups: Path
) -> None:
    (steps / "0001_first.sql").write_text(FIRST)
    (steps / "0002_second.sql").write_text(SECOND)

    migrate(database, backups, now=START, folder=steps)

    assert version(database) == 2
    assert database.execute("SELECT * FROM things").fetchall() == [("kept", None)]
    assert list(backups.iterdir()) == []


def test_migrating_again_changes_nothing(
    database: sqlite3.Connection, steps: Path, backups: Path
) -> None:
    (steps / "0001_first.sql").write_text(FIRST)
    migrate(database, backups, now=START, folder=steps)

    migrate(database, backups, now=START, folder=steps)

    assert database.execute("SELECT COUNT(*) FROM things").fetchone() == (1,)


def test_an_old_home_is_backed_up_before_it_is_migrated(
    database: sqlite3.Connection, steps: Path, backups: Path
) -> None:
    (steps / "0001_first.sql").write_text(FIRST)
    migrate(database, backups, now=START, folder=steps)
    (steps / "0002_second.sql").write_text(SECOND)

    migrate(database, backups, now=START, folder=steps)

    (backup,) = backups.iterdir()
    assert backup.name == "before-0002-20261122T090000.db"
    assert backup.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(backup)) as copy:
        assert version(copy) == 1
        assert copy.execute("SELECT * FROM things").fetchall() == [("kept",)]


def test_a_migration_that_fails_leaves_no_trace_and_stays_pending(
    database: sqlite3.Connection, steps: Path, backups: Path
) -> None:
    (steps / "0001_first.sql").write_text(FIRST)
    migrate(database, backups, now=START, folder=steps)
    (steps / "0002_second.sql").write_text(BROKEN)

    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(database, backups, now=START, folder=steps)

    assert version(database) == 1
    assert database.execute("SELECT * FROM things").fetchall() == [("kept",)]
    assert not database.in_transaction
    (steps / "0002_second.sql").write_text(SECOND)
    migrate(database, backups, now=START, folder=steps)
    assert version(database) == 2


def test_a_migration_and_its_record_are_both_there_or_neither(
    tmp_path: Path, steps: Path, backups: Path
) -> None:
    (steps / "0001_first.sql").write_text(FIRST)
    seen: list[str] = []

    class Failing(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            seen.append(sql)
            if len(seen) == number and sql != "ROLLBACK":
                raise sqlite3.OperationalError("disk I/O error")
            return super().execute(sql, *values)

    for number in range(1, 30):
        seen.clear()
        path = tmp_path / f"{number}.db"
        with closing(sqlite3.connect(path, factory=Failing, isolation_level=None)) as connection:
            with suppress(sqlite3.OperationalError):
                migrate(connection, backups, now=START, folder=steps)
            finished = len(seen) < number
        with closing(sqlite3.connect(path)) as after:
            tables = after.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()[0]
            assert (version(after), tables) == ((1, 1) if finished else (0, 0))
        if finished:
            break

    assert seen[-1] == "COMMIT"


def test_the_first_error_is_told_when_the_transaction_is_already_gone(
    database: sqlite3.Connection, steps: Path, backups: Path
) -> None:
    (steps / "0001_first.sql").write_text("ROLLBACK;\nINSERT INTO nowhere VALUES (1);\n")

    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(database, backups, now=START, folder=steps)


def test_a_home_of_a_newer_program_is_refused_with_the_next_step(
    database: sqlite3.Connection, steps: Path, backups: Path
) -> None:
    (steps / "0001_first.sql").write_text(FIRST)
    database.execute("PRAGMA user_version = 7")

    with pytest.raises(HomeUnusable, match="newer Boternity: update the program"):
        migrate(database, backups, now=START, folder=steps)

    assert version(database) == 7


def test_two_programs_that_migrate_at_once_do_it_once(
    tmp_path: Path, steps: Path, backups: Path
) -> None:
    (steps / "0001_first.sql").write_text(FIRST)
    with (
        closing(connect(tmp_path / "one.db")) as first,
        closing(connect(tmp_path / "one.db")) as second,
    ):
        migrate(first, backups, now=START, folder=steps)

        migrate(second, backups, now=START, folder=steps)

        assert second.execute("SELECT COUNT(*) FROM things").fetchone() == (1,)
