"""Numbered migrations: each commits together with its record; a backup comes first."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from backend.infra.sqlite.backups import copy_database
from backend.types.errors import HomeUnusable

FOLDER = Path(__file__).parent / "migrations"
_NAME = re.compile(r"(\d{4})_\w+\.sql")


def migrate(
    connection: sqlite3.Connection, backups: Path, *, now: datetime, folder: Path = FOLDER
) -> None:
    """Bring the schema up to date; a home made by a newer program is refused.

    A migration that fails leaves no trace and stays pending.
    """
    pending = [step for step in _steps(folder) if step[0] > _version(connection)]
    newest = max((number for number, _ in _steps(folder)), default=0)
    if _version(connection) > newest:
        raise HomeUnusable(
            "This home was made by a newer Boternity: update the program, or choose another "
            "home with --home DIR."
        )
    if pending and _version(connection) > 0:
        copy_database(connection, backups / f"before-{pending[-1][0]:04}-{now:%Y%m%dT%H%M%S}.db")
    for number, path in pending:
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) < number:  # another program may have been first
                for statement in _statements(path.read_text(encoding="utf-8")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a full disk rolls back by itself
                connection.execute("ROLLBACK")
            raise


def _steps(folder: Path) -> list[tuple[int, Path]]:
    found = ((_NAME.fullmatch(path.name), path) for path in folder.iterdir())
    return sorted((int(match.group(1)), path) for match, path in found if match)


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one: `executescript` would commit by itself."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
