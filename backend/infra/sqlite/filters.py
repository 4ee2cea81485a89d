"""Saved filters and what programs remember for their next start."""

from __future__ import annotations

import sqlite3
from typing import Any
from uuid import UUID

from backend.infra.sqlite.values import micros, moment
from backend.types.journal import SavedFilter

ALL = "SELECT id, name, text, created_at, revision FROM saved_filters ORDER BY name COLLATE NOCASE"
BY_NAME = "SELECT id, name, text, created_at, revision FROM saved_filters WHERE name = :name"
PUT = """
INSERT INTO saved_filters (id, name, text, created_at, revision)
VALUES (:id, :name, :text, :created_at, :revision)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name, text = excluded.text, revision = excluded.revision
"""
REMOVE = "DELETE FROM saved_filters WHERE id = :id"
GET_STATE = "SELECT value FROM program_state WHERE key = :key"
SET_STATE = """
INSERT INTO program_state (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


class SqliteFilters:
    """`SavedFilters` over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> list[SavedFilter]:
        return [_from_row(row) for row in self._connection.execute(ALL)]

    def by_name(self, name: str) -> SavedFilter | None:
        row = self._connection.execute(BY_NAME, {"name": name}).fetchone()
        return _from_row(row) if row else None

    def put(self, saved: SavedFilter) -> None:
        names = {
            "id": str(saved.id),
            "name": saved.name,
            "text": saved.text,
            "created_at": micros(saved.created_at),
            "revision": saved.revision,
        }
        self._connection.execute(PUT, names)

    def remove(self, filter_id: UUID) -> None:
        self._connection.execute(REMOVE, {"id": str(filter_id)})


class SqliteState:
    """`ProgramState` over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        row = self._connection.execute(GET_STATE, {"key": key}).fetchone()
        return row[0] if row else None

    def set(self, key: str, value: str) -> None:
        self._connection.execute(SET_STATE, {"key": key, "value": value})


def _from_row(row: tuple[Any, ...]) -> SavedFilter:
    return SavedFilter(
        id=UUID(row[0]), name=row[1], text=row[2], created_at=moment(row[3]), revision=row[4]
    )
