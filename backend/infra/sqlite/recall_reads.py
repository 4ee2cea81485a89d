"""What recall reads: candidates by words, rows by authority, neighbours by session.

Who may read a row is decided here, in SQL, for every row of every recall: today a bot reads what
it wrote.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from backend.core.memory.cues import query_words
from backend.core.memory.fusion import BESIDE, TermMatches
from backend.core.memory.keywords import exact_pieces
from backend.core.memory.ranking import OPENING, RecallCandidate
from backend.core.memory.scoring import Standing
from backend.infra.sqlite.filter_sql import fts_string
from backend.infra.sqlite.memories import COLUMNS, entry_from_row
from backend.infra.sqlite.values import micros, moment
from backend.types.memory import MemoryCategory, MemoryEntry

MAX_QUERY_WORDS = 64
"""Words of one question that are looked up; a longer text is a document, not a question."""

LIVE = "SELECT COUNT(*) FROM memories WHERE bot_id = :bot_id AND status = 'live'"
ALL = "SELECT COUNT(*) FROM memories"
# CROSS JOIN and the plus signs make SQLite ask the words first: 0.6 ms instead of 100 at 10,000.
WORD_SCORES = """
SELECT m.row, -bm25(memories_stem, 1.0, 0.5, 1.0), +m.bot_id = :bot_id AND +m.status = 'live'
FROM memories_stem CROSS JOIN memories m ON m.row = memories_stem.rowid
WHERE memories_stem MATCH :query
"""
PIECE_ROWS = """
SELECT m.row FROM memories_trigram CROSS JOIN memories m ON m.row = memories_trigram.rowid
WHERE memories_trigram MATCH :query AND +m.bot_id = :bot_id AND +m.status = 'live'
"""
_WANTED = """
m.row IN (SELECT value FROM json_each(:rows)
          UNION SELECT w.row FROM memories w WHERE w.id IN (SELECT value FROM json_each(:ids)))
    AND +m.bot_id = :bot_id AND +m.status = 'live'
"""
# The plus signs keep SQLite from walking through all memories of the bot: 24 ms at 50,000.
CANDIDATES = f"""
SELECT m.row, m.id,
    CASE instr(m.fact, char(0)) WHEN 0 THEN substr(m.fact, 1, {OPENING}) ELSE m.fact END,
    length(CAST(m.fact AS BLOB)), m.category, m.importance, m.pinned, m.access_count,
    max(m.created_at, coalesce(m.confirmed_at, 0), coalesce(m.last_accessed_at, 0))
FROM memories m
WHERE {_WANTED}
"""
READABLE = f"""
SELECT {COLUMNS} FROM memories m
WHERE {_WANTED}
"""
BESIDE_ROWS = f"""
SELECT m.row, n.row
FROM memories m JOIN memories n
    ON n.bot_id = m.bot_id AND n.session_id = m.session_id
    AND n.session_position BETWEEN m.session_position - {BESIDE} AND m.session_position + {BESIDE}
WHERE m.row IN (SELECT value FROM json_each(:rows)) AND +m.bot_id = :bot_id
    AND m.session_id IS NOT NULL AND n.row <> m.row AND n.status = 'live'
"""
IDS_OF = "SELECT row, id FROM memories WHERE row IN (SELECT value FROM json_each(:rows))"
COUNT_ACCESS = """
UPDATE memories SET access_count = access_count + 1, last_accessed_at = :at WHERE id = :id
"""

_IDF_FLOOR = 1e-6
"""What FTS5 takes for words that most rows have."""
_BM25_TOP = 2.2
"""k1 + 1 of FTS5's BM25: the limit of its term saturation."""


class SqliteRecallReads:
    """`RecallReads` over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keyword_terms(self, bot_id: UUID, text: str) -> list[TermMatches]:
        words = query_words(text)[:MAX_QUERY_WORDS]
        pieces = [piece for piece in exact_pieces(text) if len(piece) >= 3][:MAX_QUERY_WORDS]
        if not words and not pieces:
            return []
        bot = str(bot_id)
        live: int = self._connection.execute(LIVE, {"bot_id": bot}).fetchone()[0]
        total: int = self._connection.execute(ALL).fetchone()[0]
        found = [self._word(bot, word, live, total) for word in words]
        return found + [self._piece(bot, piece, live) for piece in pieces]

    def _word(self, bot_id: str, word: str, live: int, total: int) -> TermMatches:
        """Take FTS5's score apart: the row's part by its square root, the rarity anew in the bot.

        FTS5 knows the rarity in the home only, which says nothing about this bot.
        """
        names = {"query": fts_string(word), "bot_id": bot_id}
        scores = self._connection.execute(WORD_SCORES, names).fetchall()
        rarity = math.log((total - len(scores) + 0.5) / (len(scores) + 0.5))
        scale = 1 / (max(rarity, _IDF_FLOOR) * _BM25_TOP)
        strengths = {row: math.sqrt(score * scale) for row, score, mine in scores if mine}
        return TermMatches(_rarity(len(strengths), live), strengths)

    def _piece(self, bot_id: str, piece: str, live: int) -> TermMatches:
        names = {"query": fts_string(piece), "bot_id": bot_id}
        strengths = {row: 1.0 for (row,) in self._connection.execute(PIECE_ROWS, names)}
        return TermMatches(_rarity(len(strengths), live), strengths)

    def candidates(
        self, bot_id: UUID, rows: Iterable[int], ids: Iterable[UUID]
    ) -> list[RecallCandidate]:
        found = self._connection.execute(CANDIDATES, _wanted(bot_id, rows, ids))
        return [
            RecallCandidate(
                row=row[0],
                id=UUID(row[1]),
                fact=row[2],
                fact_bytes=row[3],
                standing=Standing(
                    category=MemoryCategory(row[4]),
                    importance=row[5],
                    pinned=bool(row[6]),
                    uses=row[7],
                    fresh_at=moment(row[8]),
                ),
            )
            for row in found
        ]

    def beside(self, bot_id: UUID, rows: Iterable[int]) -> dict[int, list[int]]:
        near: dict[int, list[int]] = {}
        for row, other in self._connection.execute(BESIDE_ROWS, _wanted(bot_id, rows)):
            near.setdefault(row, []).append(other)
        return near

    def readable(self, bot_id: UUID, rows: Iterable[int], ids: Iterable[UUID]) -> list[MemoryEntry]:
        found = self._connection.execute(READABLE, _wanted(bot_id, rows, ids))
        return [entry_from_row(row) for row in found]

    def ids_of(self, rows: Sequence[int]) -> dict[int, UUID]:
        names = {"rows": json.dumps(list(rows))}
        return {row: UUID(text) for row, text in self._connection.execute(IDS_OF, names)}

    def count_access(self, ids: Sequence[UUID], *, at: datetime) -> None:
        stamp = micros(at)
        self._connection.executemany(
            COUNT_ACCESS, ({"id": str(memory_id), "at": stamp} for memory_id in ids)
        )


def _wanted(bot_id: UUID, rows: Iterable[int], ids: Iterable[UUID] = ()) -> dict[str, str]:
    return {
        "bot_id": str(bot_id),
        "rows": json.dumps(list(rows)),
        "ids": json.dumps([str(memory_id) for memory_id in ids]),
    }


def _rarity(found: int, total: int) -> float:
    """Return the inverse document frequency, above 0 also for a word that every row has."""
    return math.log(1 + (total - found + 0.5) / (found + 0.5))
