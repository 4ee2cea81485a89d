"""The table of memories: values in, values out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from backend.core.memory.facts import fact_hash, written_on
from backend.infra.sqlite.values import micros, micros_or_none, moment, moment_or_none
from backend.types.errors import Conflict
from backend.types.memory import (
    MemoryCategory,
    MemoryEntry,
    MemorySource,
    MemoryStatus,
    SourceKind,
    VectorMemoryEntry,
)

T = TypeVar("T")
_CHUNK = 500
"""Values in one IN list; well below SQLite's limit of bound variables."""
_ROWS_AT_ONCE = 250
"""Rows in one statement. FTS5 writes out what it gathered before each statement that has
triggers: 10,000 rows one by one cost 1.5 s, so many at once 0.4 s."""

COLUMNS = """
    m.row, m.id, m.bot_id, m.fact, m.category, m.importance, m.tags, m.pinned, m.status,
    m.source_kind, m.source_name, m.source_where, m.session_id, m.session_position,
    m.source_memory_id, m.created_at, m.updated_at, m.confirmed_at, m.last_accessed_at,
    m.access_count, m.seen_count, m.superseded_by, m.merged_into, m.revision,
    (SELECT v.model FROM vectors v WHERE v.memory_id = m.id AND v.fact_hash = m.fact_hash)
"""
GET = f"SELECT {COLUMNS} FROM memories m WHERE m.id = :id"
MANY = f"SELECT {COLUMNS} FROM memories m WHERE m.id IN (SELECT value FROM json_each(:ids))"
STARTING_WITH = """
SELECT id FROM memories WHERE id >= :prefix AND id < :prefix || 'g' ORDER BY id LIMIT :limit
"""
WITH_HASH = f"""
SELECT m.fact_hash, {COLUMNS} FROM memories m
WHERE m.bot_id = ? AND m.status = 'live' AND m.fact_hash IN
"""
OF_BOT = f"SELECT {COLUMNS} FROM memories m WHERE m.bot_id = :bot_id ORDER BY m.row"
_WRITTEN = (
    "id", "bot_id", "fact", "fact_hash", "category", "importance", "tags", "pinned", "status",
    "source_kind", "source_name", "source_where", "session_id", "session_position",
    "source_memory_id", "created_at", "updated_at", "confirmed_at", "last_accessed_at",
    "access_count", "seen_count", "superseded_by", "merged_into", "revision", "written_on",
)  # fmt: skip
_MARKS = f"({', '.join('?' * len(_WRITTEN))})"
_REPLACED = ", ".join(
    f"{name} = excluded.{name}"
    for name in _WRITTEN
    if name not in ("id", "last_accessed_at", "access_count")
)
PUT = f"""
INSERT INTO memories ({", ".join(_WRITTEN)}) VALUES {_MARKS}
ON CONFLICT (id) DO UPDATE SET {_REPLACED}
"""
REMOVE = "DELETE FROM memories WHERE id IN (SELECT value FROM json_each(:ids))"
NEXT_POSITION = """
SELECT COALESCE(MAX(session_position) + 1, 0) FROM memories
WHERE bot_id = :bot_id AND session_id = :session_id
"""


class SqliteMemories:
    """`MemoryTable` over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, memory_id: UUID) -> MemoryEntry | None:
        row = self._connection.execute(GET, {"id": str(memory_id)}).fetchone()
        return entry_from_row(row) if row else None

    def get_many(self, ids: Sequence[UUID]) -> dict[UUID, MemoryEntry]:
        wanted = json.dumps([str(memory_id) for memory_id in ids])
        entries = map(entry_from_row, self._connection.execute(MANY, {"ids": wanted}))
        return {entry.id: entry for entry in entries}

    def starting_with(self, prefix: str, *, limit: int) -> list[UUID]:
        rows = self._connection.execute(STARTING_WITH, {"prefix": prefix, "limit": limit})
        return [UUID(memory_id) for (memory_id,) in rows]

    def with_hash(self, bot_id: UUID, fact_hashes: Sequence[bytes]) -> dict[bytes, MemoryEntry]:
        found: dict[bytes, MemoryEntry] = {}
        for chunk in chunks(fact_hashes, _CHUNK):
            marks = ", ".join("?" * len(chunk))
            rows = self._connection.execute(f"{WITH_HASH} ({marks})", (str(bot_id), *chunk))
            found.update((row[0], entry_from_row(row[1:])) for row in rows)
        return found

    def of_bot(self, bot_id: UUID) -> list[MemoryEntry]:
        rows = self._connection.execute(OF_BOT, {"bot_id": str(bot_id)})
        return [entry_from_row(row) for row in rows]

    def put(self, entries: Sequence[VectorMemoryEntry]) -> None:
        try:
            for chunk in chunks(entries, _ROWS_AT_ONCE):
                rows = PUT.replace(_MARKS, ", ".join([_MARKS] * len(chunk)))
                self._connection.execute(rows, [value for each in chunk for value in _to_row(each)])
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorname != "SQLITE_CONSTRAINT_UNIQUE":
                raise
            raise Conflict(
                "The bot would hold one sentence twice: nothing was changed. Delete or reword the "
                "other memory first."
            ) from error

    def remove(self, ids: Sequence[UUID]) -> None:
        self._connection.execute(REMOVE, {"ids": json.dumps([str(each) for each in ids])})

    def next_position(self, bot_id: UUID, session_id: str) -> int:
        names = {"bot_id": str(bot_id), "session_id": session_id}
        position: int = self._connection.execute(NEXT_POSITION, names).fetchone()[0]
        return position


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield `values` in lists of at most `size`."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def _to_row(entry: VectorMemoryEntry) -> tuple[Any, ...]:
    """Return the values of `_WRITTEN`."""
    return (
        str(entry.id),
        str(entry.bot_id),
        entry.fact,
        fact_hash(entry.fact),
        entry.category.value,
        entry.importance,
        json.dumps(entry.tags, ensure_ascii=False),
        int(entry.pinned),
        entry.status.value,
        entry.source.kind.value,
        entry.source.name,
        entry.source.where,
        entry.session_id,
        entry.session_position,
        _text_or_none(entry.source_memory_id),
        micros(entry.created_at),
        micros(entry.updated_at),
        micros_or_none(entry.confirmed_at),
        micros_or_none(entry.last_accessed_at),
        entry.access_count,
        entry.seen_count,
        _text_or_none(entry.superseded_by),
        _text_or_none(entry.merged_into),
        entry.revision,
        written_on(entry.created_at),
    )


def entry_from_row(row: tuple[Any, ...]) -> MemoryEntry:
    """Return the memory of a row selected by `COLUMNS`."""
    return MemoryEntry(
        row=row[0],
        id=UUID(row[1]),
        bot_id=UUID(row[2]),
        fact=row[3],
        category=MemoryCategory(row[4]),
        importance=row[5],
        tags=tuple(json.loads(row[6])),
        pinned=bool(row[7]),
        status=MemoryStatus(row[8]),
        source=MemorySource(kind=SourceKind(row[9]), name=row[10], where=row[11]),
        session_id=row[12],
        session_position=row[13],
        source_memory_id=_id_or_none(row[14]),
        created_at=moment(row[15]),
        updated_at=moment(row[16]),
        confirmed_at=moment_or_none(row[17]),
        last_accessed_at=moment_or_none(row[18]),
        access_count=row[19],
        seen_count=row[20],
        superseded_by=_id_or_none(row[21]),
        merged_into=_id_or_none(row[22]),
        revision=row[23],
        embedding_model=row[24],
    )


def _text_or_none(memory_id: UUID | None) -> str | None:
    return None if memory_id is None else str(memory_id)


def _id_or_none(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
