"""Memories: what a bot knows, where it came from, and what became of it."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import Field

from backend.types.base import UtcDatetime, Value, Word

MAX_FACT_BYTES = 1024 * 1024
"""The longest fact, as UTF-8. Our own limit: a memory is a fact, longer texts are files."""
MAX_TAGS = 32
MAX_TAG_LENGTH = 64

Importance = Annotated[int, Field(ge=1, le=5)]


class MemoryCategory(Word):
    """What kind of knowledge a memory is; its half-life depends on it."""

    PREFERENCE = "preference"
    FACT = "fact"
    DECISION = "decision"
    CONTEXT = "context"
    CORRECTION = "correction"


class MemoryStatus(Word):
    """What became of a memory; only live ones are recalled."""

    LIVE = "live"
    SUPERSEDED = "superseded"
    MERGED = "merged"
    DELETED = "deleted"


class TrustLevel(Word):
    """Who may read a memory beside its author."""

    PUBLIC = "public"
    TRUSTED = "trusted"
    PRIVATE = "private"


class SourceKind(Word):
    """What kind of hand wrote a memory."""

    USER = "user"
    BOT = "bot"
    IMPORT = "import"


class MemorySource(Value):
    """Who wrote a memory: the person, a bot (`name`), or an importer (`name`) from `where`."""

    kind: SourceKind = SourceKind.USER
    name: str = ""
    where: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.kind.value, self.name, self.where) if part)


class VectorMemoryEntry(Value):
    """One fact of one bot. `revision` grows by one at each change."""

    id: UUID
    bot_id: UUID
    fact: str
    category: MemoryCategory = MemoryCategory.FACT
    importance: Importance = 3
    tags: tuple[str, ...] = ()
    pinned: bool = False
    status: MemoryStatus = MemoryStatus.LIVE
    source: MemorySource = MemorySource()
    session_id: str | None = None
    session_position: int | None = None
    """Order within the session, from 0; None outside a session."""
    source_memory_id: UUID | None = None
    created_at: UtcDatetime
    updated_at: UtcDatetime
    confirmed_at: UtcDatetime | None = None
    last_accessed_at: UtcDatetime | None = None
    access_count: Annotated[int, Field(ge=0)] = 0
    seen_count: Annotated[int, Field(ge=1)] = 1
    superseded_by: UUID | None = None
    merged_into: UUID | None = None
    embedding_model: str | None = None
    """The model whose vector of this text is in the index; None while there is none."""
    revision: Annotated[int, Field(ge=1)] = 1


class MemoryEntry(VectorMemoryEntry):
    """The stored row: `row` is its number in the table, in order of writing."""

    row: int


class MemoryDraft(Value):
    """A fact that is to be added; what is left out gets the defaults of a new memory."""

    fact: str
    category: MemoryCategory = MemoryCategory.FACT
    importance: Importance = 3
    tags: tuple[str, ...] = ()
    pinned: bool = False
    session_id: str | None = None
    source: MemorySource = MemorySource()
    source_memory_id: UUID | None = None
    created_at: UtcDatetime | None = None


class MemoryChange(Value):
    """What an edit changes; None leaves a field as it is."""

    fact: str | None = None
    category: MemoryCategory | None = None
    importance: Importance | None = None
    pinned: bool | None = None
    tags: tuple[str, ...] | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()


class MemorySort(Word):
    """Orders of a list of memories."""

    NEWEST = "newest"
    OLDEST = "oldest"
    IMPORTANCE = "importance"
    UPDATED = "updated"
    USED = "used"
    FACT = "fact"


class MemoryLine(NamedTuple):
    """What a list shows of a memory, built by the thousand; `fact` is its beginning."""

    row: int
    revision: int
    id: str
    bot_id: str
    fact: str
    category: str
    importance: int
    pinned: int
    """0 or 1."""
    status: str
    created_at: int
    """Microseconds since 1970, UTC."""


class MemoryStats(Value):
    """Counts of a bot's memories, or of all bots'."""

    live: int
    deleted: int
    superseded: int
    merged: int
    pinned: int
    never_recalled: int
    by_category: dict[str, int]
    by_importance: dict[int, int]
    by_month: dict[str, int]
    """Live memories by month of writing, "2026-11", oldest first."""
    indexed: int
    pending: int


class ScoreParts(Value):
    """Why a memory ranks where it does: each part in [0, 1], as a person sees it.

    `meaning` is the absolute cosine similarity, `words` the share of the question's words (the
    rare ones count more), `beside` what the session's neighbours add, `fit` whether the fact is
    about whom the question names and tells a time where one is asked; the rest is what importance,
    use and age add or leave.
    """

    meaning: float = 0.0
    words: float = 0.0
    beside: float = 0.0
    fit: float = 0.0
    importance: float = 0.0
    reinforcement: float = 0.0
    time: float = 0.0


class RankedMemory(Value):
    """A memory as recalled; `distance` is the raw cosine distance, None without a vector."""

    entry: VectorMemoryEntry
    relevance_score: float
    distance: float | None
    parts: ScoreParts
    provenance: str | None = None
    """"Written by BotX" where the memory is not the reader's own."""


class Added(Value):
    """A memory as added; `repeated` when the bot knew the sentence and it was only counted."""

    entry: MemoryEntry
    repeated: bool


class ActOutcome(Value):
    """What an act did: how many things it changed (0: nothing to do, no `event`), in words."""

    event: int | None
    count: int
    summary: str


class AuditAction(Word):
    """What an act did to a memory."""

    ADD = "add"
    DELETE = "delete"
    SHARE = "share"
    REVOKE = "revoke"
    MERGE = "merge"
    EDIT = "edit"
    RESTORE = "restore"
    SUPERSEDE = "supersede"
    REEMBED = "reembed"
    IMPORT = "import"
    UNDO = "undo"


class MemoryAuditEntry(Value):
    """One line of a memory's history; `actor` is "system", "user" or a bot's slug."""

    id: int
    bot_id: UUID
    memory_id: UUID
    action: AuditAction
    actor: str
    details: dict[str, Any] | None = None
    created_at: UtcDatetime


class Grant(Value):
    """Who may read a memory beside its author, sealed at a revision."""

    memory_id: UUID
    revision: int
    level: TrustLevel
    granted_at: UtcDatetime


class SharedMemoryEntry(Value):
    """The sealed view, at a revision, of a memory that carries a grant."""

    id: UUID
    fact: str
    category: MemoryCategory
    importance: Importance
    author_bot_id: UUID
    author_bot_name: str
    trust_level: TrustLevel = TrustLevel.PRIVATE
    embedding_model: str | None = None
    write_hash: str
    """SHA-256, hexadecimal, over the canonical JSON of content and author."""
    created_at: UtcDatetime


class Candidate(Value):
    """A fact that waits in the import queue for a person's decision."""

    id: UUID
    bot_id: UUID
    draft: MemoryDraft
    received_at: UtcDatetime


class PairLabel(Word):
    """What two near memories are to each other."""

    DUPLICATE = "duplicate"
    CONTRADICTION = "update or contradiction"
    RELATED = "related"


class PairVerdict(Value):
    """Two memories that were paired, and what speaks for and against their being one."""

    left: UUID
    right: UUID
    left_revision: int
    right_revision: int
    label: PairLabel
    meaning: float
    words: float
    guards: tuple[str, ...] = ()


class MemoryEvent(Value):
    """Something happened to memories; a program that listens shows it."""

    sequence: int
    action: AuditAction
    bot_id: UUID
    memory_ids: tuple[UUID, ...]
