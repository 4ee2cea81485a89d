"""The port to a bot's JSON state."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from pydantic import JsonValue

from backend.types.bots import Actor
from backend.types.storage import KvEntry


class KvStore(Protocol):
    """JSON values of a bot, by key.

    Each writing method is one act with one event in the journal; `actor` is who does it. All
    raise RepositoryError and nothing else.
    """

    async def get(self, bot_id: UUID, key: str) -> JsonValue:
        """Return the value; None where there is none (`get_entry` tells it from a JSON null)."""
        ...

    async def set(self, bot_id: UUID, key: str, value: JsonValue, *, actor: Actor) -> KvEntry:
        """Store a value over whatever was there; its revision grows by one, from 1.

        Raises Invalid for what JSON cannot say.
        """
        ...

    async def delete(self, bot_id: UUID, key: str, *, actor: Actor) -> bool:
        """Remove a key; return whether it was there."""
        ...

    async def list_keys(self, bot_id: UUID) -> list[str]:
        """Return the bot's keys in alphabetical order."""
        ...

    async def get_entry(self, bot_id: UUID, key: str) -> KvEntry | None:
        """Return the value with its revision and times, None where there is none."""
        ...

    async def compare_and_set(
        self, bot_id: UUID, key: str, value: JsonValue, *, revision: int, actor: Actor
    ) -> KvEntry:
        """Store a value only if the key is still at `revision`; 0 means it must not exist.

        Raises Conflict with nothing changed if somebody wrote first.
        """
        ...
