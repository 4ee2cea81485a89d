"""What the doctor reads of the database, and what it can mend."""

from __future__ import annotations

import json
import sqlite3
from uuid import UUID

from backend.core.images import image
from backend.core.store import MemoryTable

WORD_INDEXES = ("memories_stem", "memories_plain", "memories_trigram")
FAILING = "SELECT COUNT(*) FROM index_jobs WHERE attempts > 0"
RETRY = "UPDATE index_jobs SET attempts = 0, not_before = 0, error = NULL WHERE attempts > 0"
LAST_IMAGES = """
SELECT p.entity_id, p.after, p.salt, m.bot_id
FROM event_payloads p LEFT JOIN memories m ON m.id = p.entity_id
WHERE p.kind = 'memory'
    AND p.event = (SELECT MAX(q.event) FROM event_payloads q WHERE q.entity_id = p.entity_id)
"""
UNKNOWN_ROWS = """
SELECT id FROM memories m
WHERE NOT EXISTS (SELECT 1 FROM event_payloads p WHERE p.entity_id = m.id)
"""
_NOT_AN_ACT = ("access_count", "last_accessed_at")


class SqliteHealth:
    """`HealthReads` over one connection."""

    def __init__(self, connection: sqlite3.Connection, memories: MemoryTable) -> None:
        self._connection = connection
        self._memories = memories

    def database_problems(self) -> list[str]:
        rows = self._connection.execute("PRAGMA integrity_check(5)").fetchall()
        problems = [text for (text,) in rows if text != "ok"]
        keys = self._connection.execute("PRAGMA foreign_key_check").fetchall()
        return problems + [f"{table} row {row} refers to nothing" for table, row, *_ in keys[:5]]

    def broken_word_indexes(self) -> list[str]:
        """Needs a write transaction: FTS5 spells its check as an insert."""
        broken = []
        for name in WORD_INDEXES:
            try:
                self._connection.execute(
                    f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)"
                )
            except sqlite3.DatabaseError as error:
                if not error.sqlite_errorname.startswith("SQLITE_CORRUPT"):
                    raise
                broken.append(name)
        return broken

    def rebuild_words(self) -> None:
        for name in WORD_INDEXES:
            self._connection.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")

    def rows_unlike_journal(self) -> list[str]:
        unlike = [row[0][:8] for row in self._connection.execute(UNKNOWN_ROWS)]
        for entity_id, after, salt, bot_id in self._connection.execute(LAST_IMAGES):
            if salt is None:
                continue  # forgotten for good: there is nothing to compare
            if (after is None) != (bot_id is None) or (
                after is not None and not self._same(entity_id, after)
            ):
                unlike.append(entity_id[:8])
        return unlike

    def failing_jobs(self) -> int:
        count: int = self._connection.execute(FAILING).fetchone()[0]
        return count

    def retry_jobs(self) -> None:
        self._connection.execute(RETRY)

    def _same(self, entity_id: str, after: str) -> bool:
        stored = self._memories.get(UUID(entity_id))
        if stored is None:
            return False
        now, then = json.loads(image(stored)), json.loads(after)
        for name in _NOT_AN_ACT:
            now.pop(name, None)
            then.pop(name, None)
        return bool(now == then)
