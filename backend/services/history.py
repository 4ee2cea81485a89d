"""History: what was done, and taking it back.

Undo appends the inverse of an act. It is possible if and only if no standing later act touched
the same things; otherwise the later ones are named, and can be taken back with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from backend.core.clock import Clock
from backend.core.journal import Change, EventRecord, blocking
from backend.core.memory.vector_index import VectorIndex
from backend.core.store import Store, Transaction
from backend.types.bots import Actor
from backend.types.errors import Conflict, NotFound, UndoBlocked
from backend.types.journal import (
    Act,
    ChainReport,
    EntityKind,
    EventDetail,
    JournalChange,
    JournalEvent,
)
from backend.types.memory import ActOutcome

_REVERSALS = (Act.UNDO, Act.REDO)
_NAMED_BLOCKERS = 3


class HistoryService:
    """Reads the journal; undoes and redoes."""

    def __init__(self, store: Store, index: VectorIndex, clock: Clock) -> None:
        self._store = store
        self._index = index
        self._clock = clock

    async def events(
        self, *, limit: int = 100, before: int | None = None, actor: str | None = None
    ) -> list[JournalEvent]:
        """Return acts, newest first, those before the sequence `before` if given."""
        return await self._store.read(
            lambda tx: tx.journal.newest(limit=limit, before=before, actor=actor)
        )

    async def last(self) -> int:
        """Return the sequence of the newest act of anybody; 0 in an empty journal."""
        return await self._store.read(lambda tx: tx.journal.last_sequence())

    async def show(self, sequence: int) -> EventDetail:
        """Return an act with before and after of everything it changed; raises NotFound."""

        def query(tx: Transaction) -> EventDetail:
            event = _event(tx, sequence)
            return EventDetail(event=event, changes=tuple(tx.journal.changes(sequence)))

        return await self._store.read(query)

    async def of_memory(self, memory_id: UUID, *, limit: int = 50) -> list[EventDetail]:
        """Return the acts that touched a memory, newest first, with its own images only."""

        def query(tx: Transaction) -> list[EventDetail]:
            return [
                EventDetail(
                    event=event,
                    changes=tx.journal.changes_of(event.sequence, str(memory_id)),
                )
                for event in tx.journal.of_entity(str(memory_id), limit=limit)
            ]

        return await self._store.read(query)

    async def undo(
        self, *, actor: Actor, event: int | None = None, together: bool = False
    ) -> ActOutcome:
        """Take back an act, by default the actor's last one; with `together` also what blocks it.

        Raises NotFound (nothing to undo), UndoBlocked, and Conflict (cannot be undone).
        """
        now = self._clock.now()

        def write(tx: Transaction) -> ActOutcome:
            target = _event(tx, event) if event is not None else _last_act(tx, actor)
            if target.undone:
                raise Conflict(f"“{target.summary}” is undone already.")
            if not target.undoable:
                raise Conflict(f"“{target.summary}” cannot be undone.")
            if target.act in _REVERSALS:
                raise Conflict("An undo is taken back by redo, a redo by undoing its act.")
            blockers = [_event(tx, sequence) for sequence in _in_the_way(tx, target.sequence)]
            if blockers and not together:
                raise _blocked(target, blockers)
            for blocker in blockers:
                _take_back(tx, blocker, Act.UNDO, actor, now)
            return _take_back(tx, target, Act.UNDO, actor, now)

        return await self._reversed(await self._store.write(write))

    async def redo(self, *, actor: Actor) -> ActOutcome:
        """Do again what the actor undid last, unless a newer act changed the same things.

        Raises NotFound when there is nothing to redo.
        """
        now = self._clock.now()

        def write(tx: Transaction) -> ActOutcome:
            for event in tx.journal.acts_of(str(actor)):
                standing_undo = event.act is Act.UNDO and not event.undone
                if standing_undo and not _in_the_way(tx, event.sequence):
                    return _take_back(tx, event, Act.REDO, actor, now)
            raise NotFound("There is nothing to redo.", kind="event")

        return await self._reversed(await self._store.write(write))

    async def verify(self) -> ChainReport:
        """Check every seal of the journal."""
        return await self._store.read(lambda tx: tx.journal.verify())

    async def _reversed(self, outcome: ActOutcome) -> ActOutcome:
        self._index.poke()
        return outcome


def _blocked(event: JournalEvent, blockers: Sequence[JournalEvent]) -> UndoBlocked:
    named = "; ".join(f"{b.sequence}: {b.summary}" for b in blockers[:_NAMED_BLOCKERS])
    more = len(blockers) - _NAMED_BLOCKERS
    rest = f"; and {more} more" if more > 0 else ""
    return UndoBlocked(
        f"“{event.summary}” cannot be undone alone: later acts changed the same things "
        f"({named}{rest}). Undo those first, or all of them together.",
        event=event.sequence,
        blockers=tuple(blocker.sequence for blocker in blockers),
    )


def _event(tx: Transaction, sequence: int) -> JournalEvent:
    event = tx.journal.get(sequence)
    if event is None:
        raise NotFound(
            f"There is no act {sequence}: “boternity history list” shows them.",
            kind="event",
            key=str(sequence),
        )
    return event


def _last_act(tx: Transaction, actor: Actor) -> JournalEvent:
    for event in tx.journal.acts_of(str(actor)):
        if event.undoable and not event.undone and event.act not in _REVERSALS:
            return event
    raise NotFound("There is nothing to undo.", kind="event")


def _in_the_way(tx: Transaction, sequence: int) -> list[int]:
    """Return every standing act that must go first, newest first, those behind others included."""
    found: set[int] = set()
    open_ends = [sequence]
    while open_ends:
        current = open_ends.pop()
        fresh = set(blocking(current, tx.journal.later_on_same(current))) - found
        found |= fresh
        open_ends.extend(fresh)
    return sorted(found, reverse=True)


def _take_back(
    tx: Transaction, event: JournalEvent, act: Act, actor: Actor, now: datetime
) -> ActOutcome:
    """Write the before-images of an event, last first, as an event of its own."""
    past = tx.journal.changes(event.sequence)[::-1]
    if any(each.forgotten for each in past):
        raise Conflict(f"“{event.summary}” cannot be undone: its text was forgotten for good.")
    changes: list[Change] = []
    for kind, run in groupby(past, key=lambda each: each.kind):
        wanted = list(run)
        if kind is EntityKind.BOT:
            _refuse_orphans(tx, wanted)
        changes += tx.images.put_back(kind, {each.entity_id: each.before for each in wanted})
    jobs = [
        (UUID(each.entity_id), UUID(known["bot_id"]))
        for each in past
        if each.kind is EntityKind.MEMORY and (known := each.before or each.after) is not None
    ]
    tx.index_jobs.enqueue(jobs)
    undone = event if event.undo_of is None else _event(tx, event.undo_of)
    summary = f"{'undid' if act is Act.UNDO else 'redid'}: {undone.summary}"
    sequence = tx.journal.record(
        EventRecord(
            at=now,
            actor=str(actor),
            act=act,
            summary=summary,
            changes=changes,
            bot_id=None if event.bot_id is None else str(event.bot_id),
            undo_of=event.sequence,
        )
    )
    return ActOutcome(event=sequence, count=len(changes), summary=summary)


def _refuse_orphans(tx: Transaction, bots: Sequence[JournalChange]) -> None:
    """A bot is taken away only when nothing of it is left behind."""
    for past in bots:
        left = 0 if past.before is not None else len(tx.memories.of_bot(UUID(past.entity_id)))
        if left:
            raise Conflict(
                f"This bot has memories by now ({left:,}): undo adding those first, or remove the "
                "bot, which can be undone as well."
            )
