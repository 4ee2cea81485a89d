"""The journal as a person reads it: who did what, before and after."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from backend.types.base import UtcDatetime, Value, Word


class Act(Word):
    """What kind of act an event records."""

    ADD = "add"
    REPEAT = "repeat"
    EDIT = "edit"
    DELETE = "delete"
    RESTORE = "restore"
    IMPORT = "import"
    BOT_ADD = "bot add"
    BOT_EDIT = "bot edit"
    BOT_REMOVE = "bot remove"
    FILTER_SAVE = "filter save"
    FILTER_REMOVE = "filter remove"
    UNDO = "undo"
    REDO = "redo"
    RE_ANCHOR = "re-anchor"


class EntityKind(Word):
    """What kinds of things the journal keeps images of."""

    BOT = "bot"
    MEMORY = "memory"
    SAVED_FILTER = "saved filter"


class JournalEvent(Value):
    """One act. `undo_of` is the event that an undo or redo took back; `undone` says whether this
    one is taken back now; `size` is the number of entities it touched."""

    sequence: int
    at: UtcDatetime
    actor: str
    act: Act
    bot_id: UUID | None = None
    summary: str
    undoable: bool
    undo_of: int | None = None
    undone: bool = False
    size: int


class JournalChange(Value):
    """One entity's images around an event; both None with `forgotten` when the text was erased."""

    kind: EntityKind
    entity_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    forgotten: bool = False


class EventDetail(Value):
    """An event with everything it changed."""

    event: JournalEvent
    changes: tuple[JournalChange, ...]


class ChainReport(Value):
    """Result of verifying the journal; our key can vouch for the events from `verified_from` on."""

    ok: bool
    events: int
    verified_from: int
    problems: tuple[str, ...] = ()


class SavedFilter(Value):
    """A filter line under a name."""

    id: UUID
    name: str
    text: str
    created_at: UtcDatetime
    revision: int = 1
