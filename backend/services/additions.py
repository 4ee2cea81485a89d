"""Sorts what is to be added into new memories and sentences that the bot knows already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from backend.core.clock import Entropy
from backend.core.memory.editing import created, seen_again
from backend.core.memory.facts import fact_hash
from backend.core.store import Transaction
from backend.types.memory import MemoryDraft, MemoryEntry, MemoryStatus, VectorMemoryEntry


@dataclass(frozen=True, slots=True)
class Addition:
    """A draft, and the whole memory where an export brought one back."""

    draft: MemoryDraft
    entry: VectorMemoryEntry | None = None


class Additions:
    """A plan over one transaction: `plan` reads, `write` writes."""

    def __init__(self, tx: Transaction, bot_id: UUID, now: datetime, entropy: Entropy) -> None:
        self._tx = tx
        self._bot_id = bot_id
        self._now = now
        self._entropy = entropy
        self._positions: dict[str, int] = {}
        self._before: dict[UUID, MemoryEntry] = {}
        self._after: dict[UUID, VectorMemoryEntry] = {}
        self._by_hash: dict[bytes, UUID] = {}
        self._order: list[tuple[UUID, bool]] = []

    def plan(self, additions: Sequence[Addition]) -> None:
        """Decide for each addition, in order, what becomes of it; raises Invalid."""
        hashes = [fact_hash(addition.draft.fact) for addition in additions]
        known = self._tx.memories.with_hash(self._bot_id, list(dict.fromkeys(hashes)))
        self._before = {entry.id: entry for entry in known.values()}
        self._by_hash = {key: entry.id for key, entry in known.items()}
        entries = self._own([addition.entry for addition in additions])
        kept = self._tx.memories.get_many([entry.id for entry in entries if entry is not None])
        for addition, entry, key in zip(additions, entries, hashes, strict=True):
            if entry is not None:
                self._bring_back(entry, key, stored=kept.get(entry.id))
            else:
                self._add(addition.draft, key)

    @property
    def new(self) -> list[VectorMemoryEntry]:
        """Memories that were not there before."""
        return [entry for key, entry in self._after.items() if key not in self._before]

    @property
    def repeats(self) -> int:
        """How many additions the bot knew already."""
        return sum(repeated for _, repeated in self._order)

    def write(self) -> list[tuple[MemoryEntry | None, VectorMemoryEntry]]:
        """Write the plan; return before and after of everything it changed."""
        self._tx.memories.put(list(self._after.values()))
        self._tx.index_jobs.enqueue([(entry.id, self._bot_id) for entry in self.new])
        return [(self._before.get(key), after) for key, after in self._after.items()]

    def ids(self) -> list[tuple[UUID, bool]]:
        """Return, for each addition, its memory and whether it was a repeat."""
        return self._order

    def _add(self, draft: MemoryDraft, key: bytes) -> None:
        twin = self._by_hash.get(key)
        if twin is not None:
            known = self._after.get(twin) or self._before[twin]
            self._after[twin] = seen_again(known, now=self._now)
            self._order.append((twin, True))
            return
        entry = created(
            draft,
            memory_id=self._entropy.uuid(),
            bot_id=self._bot_id,
            position=self._position(draft.session_id),
            now=self._now,
        )
        self._take(entry, key)

    def _own(self, entries: Sequence[VectorMemoryEntry | None]) -> list[VectorMemoryEntry | None]:
        """Return the memories as this bot's: what another bot of this home has is copied.

        A copy's id follows from the bot and the original, so importing again finds it.
        """
        stored = self._tx.memories.get_many([entry.id for entry in entries if entry is not None])
        taken = {key for key, entry in stored.items() if entry.bot_id != self._bot_id}

        def own_id(key: UUID | None) -> UUID | None:
            return uuid5(self._bot_id, str(key)) if key in taken else key

        return [
            entry
            if entry is None or entry.id not in taken
            else entry.model_copy(
                update={
                    "id": own_id(entry.id),
                    "source_memory_id": entry.id,
                    "superseded_by": own_id(entry.superseded_by),
                    "merged_into": own_id(entry.merged_into),
                }
            )
            for entry in entries
        ]

    def _bring_back(
        self, entry: VectorMemoryEntry, key: bytes, *, stored: MemoryEntry | None
    ) -> None:
        """An exported memory keeps its id and its whole state; one that is here stays as it is."""
        twin = self._by_hash.get(key) if entry.status is MemoryStatus.LIVE else None
        if stored is not None or entry.id in self._after:
            self._order.append((entry.id, True))
        elif twin is not None:
            self._order.append((twin, True))
        else:
            self._take(entry.model_copy(update={"bot_id": self._bot_id}), key)

    def _take(self, entry: VectorMemoryEntry, key: bytes) -> None:
        self._after[entry.id] = entry
        if entry.status is MemoryStatus.LIVE:
            self._by_hash[key] = entry.id
        self._order.append((entry.id, False))

    def _position(self, session_id: str | None) -> int | None:
        if session_id is None:
            return None
        if session_id not in self._positions:
            self._positions[session_id] = self._tx.memories.next_position(self._bot_id, session_id)
        position = self._positions[session_id]
        self._positions[session_id] = position + 1
        return position
