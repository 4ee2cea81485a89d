"""What a test does to a home's database from outside: read all of it, or make it fail on cue."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

BOOKKEEPING = {"events", "event_payloads", "journal_head", "index_jobs", "program_state"}
"""Tables that only grow, or that no act may be judged by."""
COUNTERS = {"row", "revision"}
"""Columns that an undo does not turn back: a revision grows, a row that comes back is a new one."""
_connect = sqlite3.connect  # as it was before any test watched it
Rows = dict[str, list[tuple[Any, ...]]]


def everything(database: Path) -> Rows:
    """Return every row of every table, those of the word indexes too."""
    with closing(_connect(database)) as connection:
        return {name: _rows(connection, name, set()) for name in _tables(connection)}


def things(database: Path) -> Rows:
    """Return the entities alone, in the order of their tables and without their counters."""
    with closing(_connect(database)) as connection:
        return {
            name: _rows(connection, name, COUNTERS)
            for name in _tables(connection)
            if name not in BOOKKEEPING and not name.startswith(("memories_", "sqlite_"))
        }


def _tables(connection: sqlite3.Connection) -> list[str]:
    listed = connection.execute("SELECT name FROM pragma_table_list WHERE type != 'virtual'")
    return sorted(name for (name,) in listed if name not in ("sqlite_schema", "sqlite_temp_schema"))


def _rows(connection: sqlite3.Connection, table: str, without: set[str]) -> list[tuple[Any, ...]]:
    listed = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    columns = ", ".join(f'"{name}"' for (name,) in listed if name not in without)
    order = "row" if table == "memories" else "1"
    return connection.execute(f"SELECT {columns} FROM {table} ORDER BY {order}").fetchall()


class Statements:
    """Sees each statement of the store before it runs; `before` may raise or wait."""

    def __init__(self) -> None:
        self.before: Callable[[str], None] = lambda sql: None

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Watch all connections that are opened from now on."""
        seen = self

        class Watched(sqlite3.Connection):
            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                seen.before(sql)
                return super().execute(sql, *values)

            def executemany(self, sql: str, rows: Iterable[Any]) -> sqlite3.Cursor:
                cursor = super().cursor()
                for row in rows:
                    seen.before(sql)
                    cursor.execute(sql, row)
                return cursor

        def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = _connect(*arguments, factory=Watched, **options)
            return connection

        monkeypatch.setattr("backend.infra.sqlite.connection.sqlite3.connect", connect)

    def fail_at(self, number: int) -> list[str]:
        """Let statement `number`, from 1, fail as a disk does; return the list of those seen."""
        seen: list[str] = []

        def before(sql: str) -> None:
            if sql.startswith(("ROLLBACK", "PRAGMA")):
                return  # what is left of the machine can do the one; the other begins no act
            seen.append(sql)
            if len(seen) == number:
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorname = "SQLITE_IOERR"
                raise error

        self.before = before
        return seen
