"""The one way SQLite is opened: durable, strict about references; what is deleted is gone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from backend.infra.sqlite.connection import connect


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),  # readers and writers do not wait for each other
        ("synchronous", 2),  # an acknowledged commit survives a power cut
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("busy_timeout", 10_000),
        ("query_only", 0),
    ],
)
def test_a_connection_is_set_up_as_the_store_needs_it(
    pragma: str, value: object, tmp_path: Path
) -> None:
    with closing(connect(tmp_path / "some.db")) as connection:
        assert connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_a_connection_for_reading_refuses_to_write(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "some.db")) as connection:
        connection.execute("CREATE TABLE things (name TEXT)")

    with (
        closing(connect(tmp_path / "some.db", read_only=True)) as reader,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        reader.execute("INSERT INTO things VALUES ('x')")


def test_what_is_deleted_is_no_longer_in_the_file(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "some.db")) as connection:
        connection.execute("CREATE TABLE things (name TEXT)")
        connection.executemany("INSERT INTO things VALUES (?)", [("a secret word",), ("kept",)])
        connection.execute("DELETE FROM things WHERE name != 'kept'")
        connection.execute("PRAGMA wal_checkpoint (TRUNCATE)")

    left = (tmp_path / "some.db").read_bytes()
    assert b"kept" in left
    assert b"a secret word" not in left


def test_a_transaction_begins_only_when_it_is_begun(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "some.db")) as connection:
        connection.execute("CREATE TABLE things (name TEXT)")
        connection.execute("INSERT INTO things VALUES ('x')")

        assert not connection.in_transaction


def test_a_file_that_is_no_database_leaves_no_connection_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "some.db").write_bytes(b"no database" * 1000)
    real, opened = sqlite3.connect, list[sqlite3.Connection]()

    def watched(path: Path, **options: Any) -> sqlite3.Connection:
        opened.append(real(path, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", watched)

    with pytest.raises(sqlite3.DatabaseError):
        connect(tmp_path / "some.db")

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")
