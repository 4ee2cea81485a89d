"""The port to the one truth: transactions over tables of values.

A transaction is one function, run whole off the event loop; returning commits, raising rolls
everything back. Tables speak in values of `backend.types`; nothing here knows SQL.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID

from backend.core.journal import Change, EventRecord, Link
from backend.core.memory.filter_terms import MemoryFilter
from backend.types.bots import Bot, BotSummary
from backend.types.journal import (
    ChainReport,
    EntityKind,
    JournalChange,
    JournalEvent,
    SavedFilter,
)
from backend.types.memory import MemoryEntry, MemoryLine, MemorySort, MemoryStats, VectorMemoryEntry

if TYPE_CHECKING:  # a first frame recalls nothing
    from backend.core.memory.fusion import TermMatches
    from backend.core.memory.ranking import RecallCandidate

T = TypeVar("T")


class BotTable(Protocol):
    """The bots; slugs are unique."""

    def get(self, bot_id: UUID) -> Bot | None: ...
    def by_slug(self, slug: str) -> Bot | None: ...
    def all(self) -> list[Bot]:
        """Return all bots by name."""
        ...

    def summaries(self) -> list[BotSummary]:
        """Return all bots by name, with their counts of live and deleted memories."""
        ...

    def put(self, bot: Bot) -> None:
        """Insert or replace by id."""
        ...

    def remove(self, bot_id: UUID) -> None:
        """Remove a bot that has no memories left."""
        ...


class MemoryTable(Protocol):
    """The memories of all bots, whatever their status."""

    def get(self, memory_id: UUID) -> MemoryEntry | None: ...
    def get_many(self, ids: Sequence[UUID]) -> dict[UUID, MemoryEntry]:
        """Return those that exist."""
        ...

    def starting_with(self, prefix: str, *, limit: int) -> list[UUID]:
        """Return ids whose text starts with `prefix`."""
        ...

    def with_hash(self, bot_id: UUID, fact_hashes: Sequence[bytes]) -> dict[bytes, MemoryEntry]:
        """Return the live memories of a bot that say one of these sentences."""
        ...

    def of_bot(self, bot_id: UUID) -> list[MemoryEntry]:
        """Return every memory of a bot in order of writing."""
        ...

    def put(self, entries: Sequence[VectorMemoryEntry]) -> None:
        """Insert or replace by id; access statistics of a stored row are kept."""
        ...

    def remove(self, ids: Sequence[UUID]) -> None: ...
    def next_position(self, bot_id: UUID, session_id: str) -> int:
        """Return the position after the last one of a session; 0 for a new one."""
        ...


class MemoryViews(Protocol):
    """What screens, search and statistics read of the memories."""

    def keys(
        self,
        bot_id: UUID | None,
        condition: MemoryFilter,
        sort: MemorySort,
        *,
        now: datetime,
        typing: bool = False,
    ) -> array[int]:
        """Return the rows that match, in order; None reads all bots."""
        ...

    def lines(self, rows: Sequence[int]) -> list[MemoryLine]:
        """Return what a list shows of these rows, in their order; missing rows are left out."""
        ...

    def count(self, bot_id: UUID | None) -> int:
        """Return the number of live memories."""
        ...

    def stats(self, bot_id: UUID | None) -> MemoryStats: ...


class RecallReads(Protocol):
    """What recall reads: candidates by words, rows by authority, neighbours by session."""

    def keyword_terms(self, bot_id: UUID, text: str) -> list[TermMatches]:
        """Return what each word of `text`, and each identifier, quoted string or CJK piece, finds
        among the bot's live memories; words that find nothing too."""
        ...

    def candidates(
        self, bot_id: UUID, rows: Iterable[int], ids: Iterable[UUID]
    ) -> list[RecallCandidate]:
        """Return the live memories among these that this bot may read, as ranking needs them."""
        ...

    def beside(self, bot_id: UUID, rows: Iterable[int]) -> dict[int, list[int]]:
        """Return row → the bot's live rows at most `BESIDE` places away in the same session.

        Rows without a session, or alone in theirs, are left out.
        """
        ...

    def readable(self, bot_id: UUID, rows: Iterable[int], ids: Iterable[UUID]) -> list[MemoryEntry]:
        """Return the live memories among these that this bot may read."""
        ...

    def ids_of(self, rows: Sequence[int]) -> dict[int, UUID]: ...
    def count_access(self, ids: Sequence[UUID], *, at: datetime) -> None:
        """Count an agent's recall of these memories."""
        ...


class JournalTable(Protocol):
    """The append-only list of acts."""

    def record(self, record: EventRecord) -> int:
        """Append an act and return its sequence."""
        ...

    def get(self, sequence: int) -> JournalEvent | None: ...
    def last_sequence(self) -> int:
        """Return the newest event's sequence; 0 in an empty journal."""
        ...

    def changes(self, sequence: int) -> list[JournalChange]:
        """Return what an act changed, in its order."""
        ...

    def changes_of(self, sequence: int, entity_id: str) -> tuple[JournalChange, ...]:
        """Return what an act changed of one entity."""
        ...

    def newest(self, *, limit: int, before: int | None, actor: str | None) -> list[JournalEvent]:
        """Return events, newest first."""
        ...

    def of_entity(self, entity_id: str, *, limit: int) -> list[JournalEvent]:
        """Return the events that touched an entity, newest first."""
        ...

    def later_on_same(self, sequence: int) -> list[Link]:
        """Return the events after `sequence` that touched any of its entities."""
        ...

    def acts_of(self, actor: str) -> Iterable[JournalEvent]:
        """Yield an actor's events, newest first, reading as far as the caller goes."""
        ...

    def verify(self) -> ChainReport: ...


class EntityImages(Protocol):
    """Writes any journalled entity by its JSON image: what undo is made of."""

    def put_back(
        self, kind: EntityKind, images: Mapping[str, Mapping[str, Any] | None]
    ) -> list[Change]:
        """Make the entities of one kind (by id) what their images say, each at a new revision.

        None removes one. Returns what that changed, in the order of `images`.
        """
        ...


class IndexJobs(Protocol):
    """What the index has still to be told."""

    def enqueue(self, memories: Sequence[tuple[UUID, UUID]]) -> None:
        """Ask for the index to agree with the rows of these memories, as (id, bot's id)."""
        ...

    def pending(self, bot_id: UUID | None) -> int: ...


class SavedFilters(Protocol):
    """Filter lines under a name."""

    def all(self) -> list[SavedFilter]: ...
    def by_name(self, name: str) -> SavedFilter | None: ...
    def put(self, saved: SavedFilter) -> None: ...
    def remove(self, filter_id: UUID) -> None: ...


class ProgramState(Protocol):
    """What programs remember for the next start; JSON text by key, not journalled."""

    def get(self, key: str) -> str | None: ...
    def set(self, key: str, value: str) -> None: ...


class HealthReads(Protocol):
    """What the doctor asks of the tables, and what it can mend."""

    def database_problems(self) -> list[str]:
        """Return what is wrong with the file and its references; empty when it is sound."""
        ...

    def broken_word_indexes(self) -> list[str]:
        """Return the keyword indexes that differ from the memories (in a write transaction)."""
        ...

    def rebuild_words(self) -> None:
        """Write all keyword indexes anew from the memories."""
        ...

    def rows_unlike_journal(self) -> list[str]:
        """Return the ids (their beginnings) of memories that differ from their last image."""
        ...

    def failing_jobs(self) -> int:
        """Return how many index jobs failed at least once."""
        ...

    def retry_jobs(self) -> None:
        """Let failing jobs be tried again at once."""
        ...


class Transaction(Protocol):
    """All tables, as of one moment. In a read they refuse to write."""

    @property
    def bots(self) -> BotTable: ...
    @property
    def memories(self) -> MemoryTable: ...
    @property
    def views(self) -> MemoryViews: ...
    @property
    def recall(self) -> RecallReads: ...
    @property
    def journal(self) -> JournalTable: ...
    @property
    def images(self) -> EntityImages: ...
    @property
    def index_jobs(self) -> IndexJobs: ...
    @property
    def filters(self) -> SavedFilters: ...
    @property
    def state(self) -> ProgramState: ...
    @property
    def health(self) -> HealthReads: ...


class Store(Protocol):
    """Runs transactions. Cancelling a write that has begun does not split it: it is finished."""

    async def write(self, act: Callable[[Transaction], T]) -> T:
        """Run `act` in a write transaction and return its result once it is durable."""
        ...

    async def read(self, query: Callable[[Transaction], T]) -> T:
        """Run `query` on a consistent snapshot; cancelling interrupts it."""
        ...

    async def change_counter(self) -> int:
        """Return a number that differs whenever any program has committed since."""
        ...

    async def close(self) -> None: ...
