"""What lists and statistics read of the memories."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from backend.core.memory.filter_terms import MemoryFilter
from backend.infra.sqlite.filter_sql import compile_filter
from backend.types.memory import MemoryLine, MemorySort, MemoryStats

LINE_LENGTH = 400
"""Characters of a fact that a list gets: more than the widest terminal shows in one line."""

_ORDERS = {
    MemorySort.NEWEST: "m.created_at DESC, m.row DESC",
    MemorySort.OLDEST: "m.created_at, m.row",
    MemorySort.IMPORTANCE: "m.importance DESC, m.created_at DESC, m.row DESC",
    MemorySort.UPDATED: "m.updated_at DESC, m.row DESC",
    MemorySort.USED: "m.access_count DESC, m.created_at DESC, m.row DESC",
    MemorySort.FACT: "m.fact COLLATE NOCASE, m.row",
}
KEYS = "SELECT m.row FROM memories m WHERE {bot} AND {where} ORDER BY {order}"
# SQLite's substr() ends at a NUL, so a text that has one comes whole.
LINES = f"""
SELECT row, revision, id, bot_id,
       CASE instr(fact, char(0)) WHEN 0 THEN substr(fact, 1, {LINE_LENGTH}) ELSE fact END,
       category, importance, pinned, status, created_at
FROM memories WHERE row IN (SELECT value FROM json_each(:rows))
"""
COUNT = "SELECT COUNT(*) FROM memories WHERE status = 'live' AND (:bot IS NULL OR bot_id = :bot)"
_LIVE = "FROM memories WHERE status = 'live' AND (:bot IS NULL OR bot_id = :bot)"
BY_STATUS = """
SELECT status, COUNT(*) FROM memories WHERE (:bot IS NULL OR bot_id = :bot) GROUP BY status
"""
TOTALS = f"SELECT COALESCE(SUM(pinned), 0), COALESCE(SUM(access_count = 0), 0) {_LIVE}"
BY_CATEGORY = f"SELECT category, COUNT(*) {_LIVE} GROUP BY category ORDER BY category"
BY_IMPORTANCE = f"SELECT importance, COUNT(*) {_LIVE} GROUP BY importance ORDER BY importance"
BY_MONTH = f"""
SELECT strftime('%Y-%m', created_at / 1000000, 'unixepoch') AS month, COUNT(*)
{_LIVE} GROUP BY month ORDER BY month
"""
INDEXED = "SELECT COUNT(*) FROM vectors WHERE (:bot IS NULL OR bot_id = :bot)"
PENDING = "SELECT COUNT(*) FROM index_jobs WHERE (:bot IS NULL OR bot_id = :bot)"


class SqliteViews:
    """`MemoryViews` over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keys(
        self,
        bot_id: UUID | None,
        condition: MemoryFilter,
        sort: MemorySort,
        *,
        now: datetime,
        typing: bool = False,
    ) -> array[int]:
        compiled = compile_filter(condition, now=now, typing=typing)
        bot = "1" if bot_id is None else "m.bot_id = :bot"
        sql = KEYS.format(bot=bot, where=compiled.where, order=_ORDERS[sort])
        names = dict(compiled.parameters)
        if bot_id is not None:
            names["bot"] = str(bot_id)
        return array("q", chain.from_iterable(self._connection.execute(sql, names)))

    def lines(self, rows: Sequence[int]) -> list[MemoryLine]:
        wanted = json.dumps(list(rows))
        found = {
            # Shortened here, not by substr(): for that a text ends at its first NUL.
            line[0]: MemoryLine._make((*line[:4], line[4][:LINE_LENGTH], *line[5:]))
            for line in self._connection.execute(LINES, {"rows": wanted})
        }
        return [found[row] for row in rows if row in found]

    def count(self, bot_id: UUID | None) -> int:
        return self._one(COUNT, bot_id)

    def stats(self, bot_id: UUID | None) -> MemoryStats:
        names = {"bot": None if bot_id is None else str(bot_id)}
        by_status = dict(self._connection.execute(BY_STATUS, names).fetchall())
        pinned, never_recalled = self._connection.execute(TOTALS, names).fetchone()
        return MemoryStats(
            live=by_status.get("live", 0),
            deleted=by_status.get("deleted", 0),
            superseded=by_status.get("superseded", 0),
            merged=by_status.get("merged", 0),
            pinned=pinned,
            never_recalled=never_recalled,
            by_category=dict(self._connection.execute(BY_CATEGORY, names).fetchall()),
            by_importance=dict(self._connection.execute(BY_IMPORTANCE, names).fetchall()),
            by_month=dict(self._connection.execute(BY_MONTH, names).fetchall()),
            indexed=self._one(INDEXED, bot_id),
            pending=self._one(PENDING, bot_id),
        )

    def _one(self, sql: str, bot_id: UUID | None) -> int:
        names = {"bot": None if bot_id is None else str(bot_id)}
        value: int = self._connection.execute(sql, names).fetchone()[0]
        return value
