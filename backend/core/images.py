"""Entities as the journal keeps them: canonical JSON of what an act can change."""

from __future__ import annotations

from backend.core.journal import Change
from backend.types.bots import Bot
from backend.types.journal import EntityKind, SavedFilter
from backend.types.memory import VectorMemoryEntry

Entity = Bot | VectorMemoryEntry | SavedFilter

_NOT_JOURNALLED = {"row", "embedding_model"}
"""Set by the table and by the index: no act changes them."""


def image(entity: Entity) -> str:
    """Return an entity's canonical JSON."""
    return entity.model_dump_json(exclude=_NOT_JOURNALLED)


def kind_of(entity: Entity) -> EntityKind:
    """Return what the journal calls this kind of thing."""
    match entity:
        case Bot():
            return EntityKind.BOT
        case VectorMemoryEntry():
            return EntityKind.MEMORY
        case SavedFilter():
            return EntityKind.SAVED_FILTER


def change(before: Entity | None, after: Entity | None) -> Change:
    """Return the change from one state of an entity to the next; None where it does not exist."""
    known = after if after is not None else before
    if known is None:
        raise ValueError("a change needs an entity before or after it")
    return Change(
        kind_of(known),
        str(known.id),
        None if before is None else image(before),
        None if after is None else image(after),
    )
