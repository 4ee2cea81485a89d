"""What becomes of a memory in each act: values in, values out."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from backend.core.memory.facts import check_fact, check_tags
from backend.types.errors import Conflict
from backend.types.memory import (
    MemoryChange,
    MemoryDraft,
    MemoryStatus,
    VectorMemoryEntry,
)

E = TypeVar("E", bound=VectorMemoryEntry)


def created(
    draft: MemoryDraft, *, memory_id: UUID, bot_id: UUID, position: int | None, now: datetime
) -> VectorMemoryEntry:
    """Return the memory that a draft becomes; raises Invalid."""
    return VectorMemoryEntry(
        id=memory_id,
        bot_id=bot_id,
        fact=check_fact(draft.fact),
        category=draft.category,
        importance=draft.importance,
        tags=check_tags(draft.tags),
        pinned=draft.pinned,
        source=draft.source,
        session_id=draft.session_id,
        session_position=position,
        source_memory_id=draft.source_memory_id,
        created_at=draft.created_at or now,
        updated_at=now,
    )


def seen_again(entry: E, *, now: datetime) -> E:
    """Return a memory whose sentence was said again: counted and confirmed, not doubled."""
    return entry.model_copy(
        update={
            "seen_count": entry.seen_count + 1,
            "confirmed_at": now,
            "revision": entry.revision + 1,
        }
    )


def changed(entry: E, change: MemoryChange, *, now: datetime) -> E:
    """Return a live memory after an edit; an edit that changes nothing returns it as it is.

    Raises Invalid, and Conflict for a memory that is not live.
    """
    if entry.status is not MemoryStatus.LIVE:
        raise Conflict(f"This memory is {entry.status.value}: restore it first, then edit it.")
    wanted: dict[str, object] = {
        "fact": None if change.fact is None else check_fact(change.fact),
        "category": change.category,
        "importance": change.importance,
        "pinned": change.pinned,
        "tags": _tags(entry.tags, change),
    }
    update = {
        name: value
        for name, value in wanted.items()
        if value is not None and value != getattr(entry, name)
    }
    return _next(entry, now, update) if update else entry


def deleted(entry: E, *, now: datetime) -> E:
    """Return a memory in the trash."""
    return _next(entry, now, {"status": MemoryStatus.DELETED})


def restored(entry: E, *, now: datetime) -> E:
    """Return a memory in use again, whatever had taken it out."""
    return _next(
        entry, now, {"status": MemoryStatus.LIVE, "superseded_by": None, "merged_into": None}
    )


def _next(entry: E, now: datetime, update: dict[str, object]) -> E:
    return entry.model_copy(update={**update, "updated_at": now, "revision": entry.revision + 1})


def _tags(tags: tuple[str, ...], change: MemoryChange) -> tuple[str, ...]:
    kept = tags if change.tags is None else change.tags
    gone = {tag.strip() for tag in change.remove_tags}
    return check_tags(tag for tag in (*kept, *change.add_tags) if tag.strip() not in gone)
