"""The table of bots."""

from __future__ import annotations

import json
import sqlite3
from typing import Any
from uuid import UUID

from backend.infra.sqlite.values import micros, moment
from backend.types.bots import Bot, BotStatus, BotSummary

_COLUMNS = (
    "id, slug, name, description, status, created_at, updated_at, trusted_bots, fallback_chain,"
    " revision"
)
GET = f"SELECT {_COLUMNS} FROM bots WHERE id = :id"
BY_SLUG = f"SELECT {_COLUMNS} FROM bots WHERE slug = :slug"
ALL = f"SELECT {_COLUMNS} FROM bots ORDER BY name COLLATE NOCASE, slug"
COUNTS = "SELECT bot_id, status, COUNT(*) FROM memories GROUP BY bot_id, status"
PUT = """
INSERT INTO bots (id, slug, name, description, status, created_at, updated_at, trusted_bots,
                  fallback_chain, revision)
VALUES (:id, :slug, :name, :description, :status, :created_at, :updated_at, :trusted_bots,
        :fallback_chain, :revision)
ON CONFLICT (id) DO UPDATE SET
    slug = excluded.slug, name = excluded.name, description = excluded.description,
    status = excluded.status, created_at = excluded.created_at, updated_at = excluded.updated_at,
    trusted_bots = excluded.trusted_bots, fallback_chain = excluded.fallback_chain,
    revision = excluded.revision
"""
REMOVE = "DELETE FROM bots WHERE id = :id"


class SqliteBots:
    """`BotTable` over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, bot_id: UUID) -> Bot | None:
        row = self._connection.execute(GET, {"id": str(bot_id)}).fetchone()
        return _from_row(row) if row else None

    def by_slug(self, slug: str) -> Bot | None:
        row = self._connection.execute(BY_SLUG, {"slug": slug}).fetchone()
        return _from_row(row) if row else None

    def all(self) -> list[Bot]:
        return [_from_row(row) for row in self._connection.execute(ALL)]

    def summaries(self) -> list[BotSummary]:
        counts: dict[tuple[str, str], int] = {
            (bot_id, status): count for bot_id, status, count in self._connection.execute(COUNTS)
        }
        return [
            BotSummary(
                bot=bot,
                live=counts.get((str(bot.id), "live"), 0),
                deleted=counts.get((str(bot.id), "deleted"), 0),
            )
            for bot in self.all()
        ]

    def put(self, bot: Bot) -> None:
        self._connection.execute(PUT, _to_row(bot))

    def remove(self, bot_id: UUID) -> None:
        self._connection.execute(REMOVE, {"id": str(bot_id)})


def _to_row(bot: Bot) -> dict[str, Any]:
    return {
        "id": str(bot.id),
        "slug": bot.slug,
        "name": bot.name,
        "description": bot.description,
        "status": bot.status.value,
        "created_at": micros(bot.created_at),
        "updated_at": micros(bot.updated_at),
        "trusted_bots": json.dumps([str(other) for other in bot.trusted_bots]),
        "fallback_chain": None if bot.fallback_chain is None else json.dumps(bot.fallback_chain),
        "revision": bot.revision,
    }


def _from_row(row: tuple[Any, ...]) -> Bot:
    return Bot(
        id=UUID(row[0]),
        slug=row[1],
        name=row[2],
        description=row[3],
        status=BotStatus(row[4]),
        created_at=moment(row[5]),
        updated_at=moment(row[6]),
        trusted_bots=tuple(UUID(other) for other in json.loads(row[7])),
        fallback_chain=None if row[8] is None else tuple(json.loads(row[8])),
        revision=row[9],
    )
