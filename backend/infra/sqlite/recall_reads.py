"""What recall reads: candidates by words, rows by authority, neighbours by session.

Who may read a row is decided here, in SQL, for every row of every recall: today a bot reads what
it wrote.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from backend.core.store import SessionNeighbours
from backend.infra.sqlite.filter_sql import fts_recall_query, trigram_query
from backend.infra.sqlite.memories import COLUMNS, entry_from_row
from backend.infra.sqlite.values import micros
from backend.types.memory import MemoryEntry

KEYWORD_SCORES = """
SELECT m.row, -bm25(memories_stem, 1.0, 0.5, 1.0)
FROM memories_stem JOIN memories m ON m.row = memories_stem.rowid
WHERE memories_stem MATCH :query AND m.bot_id = :bot_id AND m.status = 'live'
"""
IDENTIFIER_ROWS = """
SELECT m.row FROM memories_trigram JOIN memories m ON m.row = memories_trigram.rowid
WHERE memories_trigram MATCH :query AND m.bot_id = :bot_id AND m.status = 'live'
ORDER BY memories_trigram.rank LIMIT :limit
"""
READABLE = f"""
SELECT {COLUMNS} FROM memories m
WHERE m.bot_id = :bot_id AND m.status = 'live'
    AND (m.row IN (SELECT value FROM json_each(:rows))
         OR m.id IN (SELECT value FROM json_each(:ids)))
"""
NEIGHBOURS = """
SELECT m.row,
    (SELECT p.row FROM memories p
     WHERE p.bot_id = m.bot_id AND p.session_id = m.session_id AND p.status = 'live'
         AND p.session_position < m.session_position
     ORDER BY p.session_position DESC LIMIT 1),
    (SELECT f.row FROM memories f
     WHERE f.bot_id = m.bot_id AND f.session_id = m.session_id AND f.status = 'live'
         AND f.session_position > m.session_position
     ORDER BY f.session_position LIMIT 1)
FROM memories m
WHERE m.row IN (SELECT value FROM json_each(:rows)) AND m.session_id IS NOT NULL
"""
IDS_OF = "SELECT row, id FROM memories WHERE row IN (SELECT value FROM json_each(:rows))"
COUNT_ACCESS = """
UPDATE memories SET access_count = access_count + 1, last_accessed_at = :at WHERE id = :id
"""


class SqliteRecallReads:
    """`RecallReads` over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keyword_scores(self, bot_id: UUID, text: str) -> dict[int, float]:
        query = fts_recall_query(text)
        if query is None:
            return {}
        names = {"query": query, "bot_id": str(bot_id)}
        return dict(self._connection.execute(KEYWORD_SCORES, names).fetchall())

    def identifier_rows(self, bot_id: UUID, text: str, *, limit: int) -> list[int]:
        query = trigram_query(text)
        if query is None:
            return []
        names = {"query": query, "bot_id": str(bot_id), "limit": limit}
        return [row for (row,) in self._connection.execute(IDENTIFIER_ROWS, names)]

    def readable(self, bot_id: UUID, rows: Iterable[int], ids: Iterable[UUID]) -> list[MemoryEntry]:
        names = {
            "bot_id": str(bot_id),
            "rows": json.dumps(list(rows)),
            "ids": json.dumps([str(memory_id) for memory_id in ids]),
        }
        return [entry_from_row(row) for row in self._connection.execute(READABLE, names)]

    def neighbours(self, rows: Sequence[int]) -> list[SessionNeighbours]:
        names = {"rows": json.dumps(list(rows))}
        return [SessionNeighbours(*row) for row in self._connection.execute(NEIGHBOURS, names)]

    def ids_of(self, rows: Sequence[int]) -> dict[int, UUID]:
        names = {"rows": json.dumps(list(rows))}
        return {row: UUID(text) for row, text in self._connection.execute(IDS_OF, names)}

    def count_access(self, ids: Sequence[UUID], *, at: datetime) -> None:
        stamp = micros(at)
        self._connection.executemany(
            COUNT_ACCESS, ({"id": str(memory_id), "at": stamp} for memory_id in ids)
        )
