"""Entities by their JSON image: the one way undo reads and writes any of them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from backend.core.images import image
from backend.core.store import BotTable, MemoryTable, SavedFilters
from backend.types.bots import Bot
from backend.types.journal import EntityKind, SavedFilter
from backend.types.memory import VectorMemoryEntry


class SqliteImages:
    """`EntityImages` over the entity tables of one connection."""

    def __init__(self, bots: BotTable, memories: MemoryTable, filters: SavedFilters) -> None:
        self._bots = bots
        self._memories = memories
        self._filters = filters

    def read(self, kind: EntityKind, entity_id: str) -> str | None:
        key = UUID(entity_id)
        match kind:
            case EntityKind.BOT:
                bot = self._bots.get(key)
                return image(bot) if bot else None
            case EntityKind.MEMORY:
                memory = self._memories.get(key)
                return image(memory) if memory else None
            case EntityKind.SAVED_FILTER:
                saved = next((f for f in self._filters.all() if f.id == key), None)
                return image(saved) if saved else None

    def write(self, kind: EntityKind, entity_id: str, wanted: str | None) -> str | None:
        if wanted is None:
            self._remover(kind)(UUID(entity_id))
            return None
        current = self.read(kind, entity_id)
        match kind:
            case EntityKind.BOT:
                bot = Bot.model_validate_json(wanted)
                newest = Bot.model_validate_json(current) if current else bot
                self._bots.put(bot.model_copy(update={"revision": newest.revision + 1}))
            case EntityKind.MEMORY:
                memory = VectorMemoryEntry.model_validate_json(wanted)
                stored = VectorMemoryEntry.model_validate_json(current) if current else memory
                self._memories.put([memory.model_copy(update={"revision": stored.revision + 1})])
            case EntityKind.SAVED_FILTER:
                saved = SavedFilter.model_validate_json(wanted)
                last = SavedFilter.model_validate_json(current) if current else saved
                self._filters.put(saved.model_copy(update={"revision": last.revision + 1}))
        return self.read(kind, entity_id)

    def _remover(self, kind: EntityKind) -> Callable[[UUID], None]:
        match kind:
            case EntityKind.BOT:
                return self._bots.remove
            case EntityKind.MEMORY:
                return lambda memory_id: self._memories.remove([memory_id])
            case EntityKind.SAVED_FILTER:
                return self._filters.remove
