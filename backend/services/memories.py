"""Memories: add, read, edit, delete, restore; each act one transaction and one event."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from backend.core.clock import Clock, Entropy
from backend.core.memory.editing import changed, deleted, restored
from backend.core.memory.facts import check_fact, fact_hash
from backend.core.memory.query import parse_filter, suggestions, word_start
from backend.core.memory.vector_index import VectorIndex
from backend.core.store import Store, Transaction
from backend.services.acts import counted, record_act
from backend.services.additions import Addition, Additions
from backend.services.bots import bot_in_use
from backend.types.bots import Actor
from backend.types.errors import Conflict, Invalid, NotFound
from backend.types.journal import Act
from backend.types.memory import (
    ActOutcome,
    Added,
    MemoryChange,
    MemoryDraft,
    MemoryEntry,
    MemoryLine,
    MemorySort,
    MemoryStats,
    MemoryStatus,
    VectorMemoryEntry,
)

MIN_PREFIX = 6
_HISTORY_LIMIT = 200


class MemoryService:
    """What a person or a bot does with single memories and with marked ones."""

    def __init__(self, store: Store, index: VectorIndex, clock: Clock, entropy: Entropy) -> None:
        self._store = store
        self._index = index
        self._clock = clock
        self._entropy = entropy

    async def add(self, bot_id: UUID, draft: MemoryDraft, *, actor: Actor) -> Added:
        """Add a fact; the same sentence again is only counted and confirmed.

        Raises Invalid (no text, too long), NotFound (no such bot) and Conflict (archived bot).
        """
        now = self._clock.now()

        def write(tx: Transaction) -> Added:
            bot_in_use(tx, bot_id)
            additions = Additions(tx, bot_id, now, self._entropy)
            additions.plan([Addition(draft)])
            changes = additions.write()
            ((memory_id, repeated),) = additions.ids()
            act, words = (Act.REPEAT, "saw") if repeated else (Act.ADD, "added")
            summary = f"{words} 1 memory{' again' if repeated else ''}"
            record_act(tx, act, changes, actor=actor, at=now, summary=summary, bot_id=bot_id)
            return Added(entry=_get(tx, memory_id), repeated=repeated)

        added = await self._store.write(write)
        self._index.poke()
        return added

    async def get(self, memory_id: UUID) -> MemoryEntry:
        """Return a memory, in the trash or not; raises NotFound."""
        return await self._store.read(lambda tx: _get(tx, memory_id))

    async def resolve(self, texts: Sequence[str]) -> list[UUID]:
        """Return the ids that these ids or unique prefixes name, in their order.

        Raises NotFound, and Invalid for a prefix that is too short or names several.
        """
        return await self._store.read(lambda tx: [_resolve(tx, text) for text in texts])

    async def edit(
        self,
        ids: Sequence[UUID],
        change: MemoryChange,
        *,
        actor: Actor,
        seen_revision: int | None = None,
    ) -> ActOutcome:
        """Change live memories as one act; those that the change leaves as they are do not count.

        `seen_revision` refuses to overwrite a change that the caller has not seen. Raises
        NotFound, Invalid, and Conflict (also when the bot has another memory with that text).
        """
        now = self._clock.now()

        def write(tx: Transaction) -> ActOutcome:
            entries = [_get(tx, memory_id) for memory_id in dict.fromkeys(ids)]
            for entry in entries:
                if seen_revision is not None and entry.revision != seen_revision:
                    raise Conflict(
                        "Somebody else changed this memory after you opened it: nothing was "
                        "saved. Look at it again, then repeat your change."
                    )
            pairs = [(entry, changed(entry, change, now=now)) for entry in entries]
            pairs = [(before, after) for before, after in pairs if after != before]
            _refuse_twins(tx, [(b, a) for b, a in pairs if a.fact != b.fact])
            return _commit(
                tx, Act.EDIT, pairs, actor, now, f"{_verb(change)} {counted(len(pairs))}"
            )

        return await self._done(await self._store.write(write))

    async def delete(self, ids: Sequence[UUID], *, actor: Actor) -> ActOutcome:
        """Put memories into the trash as one act; those that are there already do not count."""
        now = self._clock.now()

        def write(tx: Transaction) -> ActOutcome:
            entries = [_get(tx, memory_id) for memory_id in dict.fromkeys(ids)]
            pairs: list[tuple[MemoryEntry, VectorMemoryEntry]] = [
                (entry, deleted(entry, now=now))
                for entry in entries
                if entry.status is not MemoryStatus.DELETED
            ]
            return _commit(tx, Act.DELETE, pairs, actor, now, f"deleted {counted(len(pairs))}")

        return await self._done(await self._store.write(write))

    async def restore(self, ids: Sequence[UUID], *, actor: Actor) -> ActOutcome:
        """Take memories out of the trash as one act; live ones do not count.

        Raises Conflict when the bot has learned the same sentence again in the meantime.
        """
        now = self._clock.now()

        def write(tx: Transaction) -> ActOutcome:
            entries = [_get(tx, memory_id) for memory_id in dict.fromkeys(ids)]
            pairs: list[tuple[MemoryEntry, VectorMemoryEntry]] = [
                (entry, restored(entry, now=now))
                for entry in entries
                if entry.status is not MemoryStatus.LIVE
            ]
            _refuse_twins(tx, pairs)
            return _commit(tx, Act.RESTORE, pairs, actor, now, f"restored {counted(len(pairs))}")

        return await self._done(await self._store.write(write))

    async def keys(
        self,
        bot_id: UUID | None,
        filter_text: str = "",
        *,
        sort: MemorySort = MemorySort.NEWEST,
        typing: bool = False,
    ) -> array[int]:
        """Return the row numbers of the memories that match, in order; None reads all bots.

        `typing` matches the beginnings of words. Raises InvalidFilter.
        """
        condition = parse_filter(filter_text)
        now = self._clock.now()
        return await self._store.read(
            lambda tx: tx.views.keys(bot_id, condition, sort, now=now, typing=typing)
        )

    async def lines(self, rows: Sequence[int]) -> list[MemoryLine]:
        """Return what a list shows of these rows, in their order; missing ones are left out."""
        return await self._store.read(lambda tx: tx.views.lines(rows))

    async def entries(self, rows: Sequence[int]) -> list[MemoryEntry]:
        """Return whole memories by row number, in their order; missing ones are left out."""

        def query(tx: Transaction) -> list[MemoryEntry]:
            ids = tx.recall.ids_of(rows)
            found = tx.memories.get_many(list(ids.values()))
            return [found[ids[row]] for row in rows if row in ids]

        return await self._store.read(query)

    async def near(self, memory_id: UUID, *, limit: int) -> list[tuple[MemoryEntry, float]]:
        """Return the bot's memories nearest in meaning to one, with their cosine; [] without an
        index."""
        entry = await self.get(memory_id)
        hits = (await self._index.nearest(entry.bot_id, memory_id, limit=limit)).hits
        ids = [hit.memory_id for hit in hits]

        def query(tx: Transaction) -> dict[UUID, MemoryEntry]:
            return {near.id: near for near in tx.recall.readable(entry.bot_id, (), ids)}

        found = await self._store.read(query)
        return [(found[h.memory_id], h.similarity) for h in hits if h.memory_id in found]

    def suggestions(self, line: str) -> list[str]:
        """Return the filter line with its last word completed, the likeliest first."""
        start = word_start(line, len(line))
        return [line[:start] + word for word in suggestions(line, len(line))]

    def fact_problem(self, fact: str) -> str | None:
        """Return why a text cannot be a memory; None when it can."""
        try:
            check_fact(fact)
        except Invalid as error:
            return str(error)
        return None

    async def count(self, bot_id: UUID | None) -> int:
        """Return the number of live memories of a bot, or of all."""
        return await self._store.read(lambda tx: tx.views.count(bot_id))

    async def stats(self, bot_id: UUID | None) -> MemoryStats:
        """Return the counts of a bot's memories, or of all."""
        return await self._store.read(lambda tx: tx.views.stats(bot_id))

    async def _done(self, outcome: ActOutcome) -> ActOutcome:
        if outcome.event is not None:
            self._index.poke()
        return outcome


def _commit(
    tx: Transaction,
    act: Act,
    pairs: Sequence[tuple[MemoryEntry, VectorMemoryEntry]],
    actor: Actor,
    at: datetime,
    summary: str,
) -> ActOutcome:
    if not pairs:
        return ActOutcome(event=None, count=0, summary="nothing to change")
    tx.memories.put([after for _, after in pairs])
    tx.index_jobs.enqueue(
        [
            (after.id, after.bot_id)
            for before, after in pairs
            if (before.fact, before.status) != (after.fact, after.status)
        ]
    )
    bots = {before.bot_id for before, _ in pairs}
    event = record_act(
        tx,
        act,
        pairs,
        actor=actor,
        at=at,
        summary=summary,
        bot_id=bots.pop() if len(bots) == 1 else None,
    )
    return ActOutcome(event=event, count=len(pairs), summary=summary)


def _verb(change: MemoryChange) -> str:
    """Return what an edit did, as history and toasts call it."""
    if change.pinned is not None and change == MemoryChange(pinned=change.pinned):
        return "pinned" if change.pinned else "unpinned"
    of_tags = MemoryChange(
        tags=change.tags, add_tags=change.add_tags, remove_tags=change.remove_tags
    )
    return "tagged" if change == of_tags and change != MemoryChange() else "edited"


def _get(tx: Transaction, memory_id: UUID) -> MemoryEntry:
    entry = tx.memories.get(memory_id)
    if entry is None:
        raise NotFound(
            "This memory does not exist any more: look for it in the history.",
            kind="memory",
            key=str(memory_id),
        )
    return entry


def _resolve(tx: Transaction, text: str) -> UUID:
    prefix = text.strip().lower()
    if len(prefix) < MIN_PREFIX:
        raise Invalid(f"“{text}” is too short for an id: give at least {MIN_PREFIX} characters.")
    if len(prefix) == 32 and "-" not in prefix:
        prefix = "-".join((prefix[:8], prefix[8:12], prefix[12:16], prefix[16:20], prefix[20:]))
    found = tx.memories.starting_with(prefix, limit=2)
    if not found:
        raise NotFound(
            f"There is no memory “{text}”: “boternity memory list” shows the ids.",
            kind="memory",
            key=text,
        )
    if len(found) > 1:
        raise Invalid(f"“{text}” is the beginning of more than one id: give more characters.")
    return found[0]


def _refuse_twins(tx: Transaction, pairs: Sequence[tuple[MemoryEntry, VectorMemoryEntry]]) -> None:
    """Refuse a change after which one bot would hold one sentence twice."""
    by_bot: dict[UUID, list[VectorMemoryEntry]] = {}
    for _, after in pairs:
        by_bot.setdefault(after.bot_id, []).append(after)
    for bot_id, entries in by_bot.items():
        hashes = [fact_hash(entry.fact) for entry in entries]
        known = tx.memories.with_hash(bot_id, hashes)
        moving = {entry.id for entry in entries}
        taken = [twin for twin in known.values() if twin.id not in moving]
        if taken or len(set(hashes)) < len(hashes):
            where = f" ({str(taken[0].id)[:8]})" if taken else ""
            raise Conflict(
                f"The bot has this sentence already, in another memory{where}: nothing was "
                "changed. Delete one of the two, or word them differently."
            )
