"""Entities by their JSON image: the one way undo writes any of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never
from uuid import UUID

from backend.core.images import change
from backend.core.journal import Change
from backend.core.store import BotTable, MemoryTable, SavedFilters
from backend.types.bots import Bot
from backend.types.journal import EntityKind, SavedFilter
from backend.types.memory import VectorMemoryEntry

_NOT_AN_ACT = ("access_count", "last_accessed_at")
"""What recall counts stays as it is when an act is taken back."""


class SqliteImages:
    """`EntityImages` over the entity tables of one connection."""

    def __init__(self, bots: BotTable, memories: MemoryTable, filters: SavedFilters) -> None:
        self._bots = bots
        self._memories = memories
        self._filters = filters

    def put_back(
        self, kind: EntityKind, images: Mapping[str, Mapping[str, Any] | None]
    ) -> list[Change]:
        match kind:
            case EntityKind.BOT:
                return [self._put_bot(UUID(key), images[key]) for key in images]
            case EntityKind.MEMORY:
                return self._put_memories({UUID(key): images[key] for key in images})
            case EntityKind.SAVED_FILTER:
                return [self._put_filter(UUID(key), images[key]) for key in images]
            case _:
                assert_never(kind)

    def _put_bot(self, bot_id: UUID, wanted: Mapping[str, Any] | None) -> Change:
        before = self._bots.get(bot_id)
        if wanted is None:
            self._bots.remove(bot_id)
            return change(before, None)
        bot = Bot.model_validate(wanted)
        after = bot.model_copy(update={"revision": (before or bot).revision + 1})
        self._bots.put(after)
        return change(before, after)

    def _put_memories(self, wanted: Mapping[UUID, Mapping[str, Any] | None]) -> list[Change]:
        """All at once: one by one, thousands take seconds (`SqliteMemories.put`)."""
        stored = self._memories.get_many(list(wanted))
        after: dict[UUID, VectorMemoryEntry] = {}
        for memory_id, image in wanted.items():
            if image is not None:
                memory = VectorMemoryEntry.model_validate(image)
                now = stored.get(memory_id, memory)
                kept = {name: getattr(now, name) for name in _NOT_AN_ACT}
                after[memory_id] = memory.model_copy(update={**kept, "revision": now.revision + 1})
        self._memories.remove([memory_id for memory_id in wanted if memory_id not in after])
        self._memories.put(list(after.values()))
        return [change(stored.get(key), after.get(key)) for key in wanted]

    def _put_filter(self, filter_id: UUID, wanted: Mapping[str, Any] | None) -> Change:
        before = next((each for each in self._filters.all() if each.id == filter_id), None)
        if wanted is None:
            self._filters.remove(filter_id)
            return change(before, None)
        saved = SavedFilter.model_validate(wanted)
        after = saved.model_copy(update={"revision": (before or saved).revision + 1})
        self._filters.put(after)
        return change(before, after)
