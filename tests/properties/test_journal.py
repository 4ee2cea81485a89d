"""Undo and redo against a simple model: every thing carries the stack of acts that made it.

Two actors add, edit, delete, restore and pin on two bots, remove and rename them, and take back
what they like, over re-opened homes. An act may be taken back when it is the uppermost on each of
its things; done again, when its things stand where they stood when it was done. The journal
verifies at the end.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from backend import Backend, open_backend
from backend.core.memory.facts import fact_hash
from backend.infra.index.off import OffVectorIndex
from backend.services.bots import slug_of
from backend.types import (
    Actor,
    ActOutcome,
    Bot,
    BoternityError,
    BotStatus,
    Conflict,
    MemoryChange,
    MemoryDraft,
    MemoryEntry,
    MemoryStatus,
    NotFound,
    UndoBlocked,
)
from tests.doubles.clock import FixedClock
from tests.doubles.entropy import SeededEntropy

ACTORS = [Actor.user(), Actor.bot("helper")]
NAMES = ["Ana", "Ben", "Chi"]
FACTS = ["Likes tea", "likes TEA.", "Likes rain", "\x1b[31m\0", "👩‍👩‍👧"]
actors = st.sampled_from(ACTORS)
picks = st.lists(st.integers(0, 30), min_size=1, max_size=3)
_COUNTERS = {"revision", "row", "embedding_model"}
Fields = dict[str, Any]


@dataclass
class Done:
    """An act: what its things were before and after, and on which stacks it lies."""

    number: int
    actor: str
    before: dict[UUID, Fields | None]
    after: dict[UUID, Fields | None]
    below: dict[UUID, tuple[int, ...]]
    undone: bool = False


@dataclass
class Model:
    """All things that exist, the acts, and for each thing the acts that stand on it."""

    things: dict[UUID, Fields] = field(default_factory=dict)
    stacks: dict[UUID, tuple[int, ...]] = field(default_factory=dict)
    acts: list[Done] = field(default_factory=list)
    undos: list[tuple[str, Done]] = field(default_factory=list)
    """Who took which act back, in that order; what was done again is gone from it."""

    def stack(self, key: UUID) -> tuple[int, ...]:
        return self.stacks.get(key, ())

    def did(self, actor: Actor, after: dict[UUID, Fields | None]) -> None:
        """Take note of an act that left its things as `after` says; None is gone."""
        done = Done(
            len(self.acts),
            str(actor),
            {key: self.things.get(key) for key in after},
            after,
            {key: self.stack(key) for key in after},
        )
        self.acts.append(done)
        self._stand(done)

    def may_undo(self, done: Done) -> bool:
        return all(self.stack(key)[-1:] == (done.number,) for key in done.after)

    def may_redo(self, done: Done) -> bool:
        return all(self.stack(key) == done.below[key] for key in done.after)

    def fits(self, images: dict[UUID, Fields | None]) -> bool:
        """Whether the store can hold these things beside the others."""
        things = {**self.things, **{key: image for key, image in images.items() if image}}
        for key, image in images.items():
            if image is None:
                things.pop(key, None)
        bots = {key: thing for key, thing in things.items() if "slug" in thing}
        memories = [thing for thing in things.values() if "fact" in thing]
        live = [
            (thing["bot_id"], fact_hash(thing["fact"]))
            for thing in memories
            if thing["status"] == MemoryStatus.LIVE
        ]
        slugs = [thing["slug"] for thing in bots.values()]
        homes = all(thing["bot_id"] in bots for thing in memories)
        return homes and len(set(live)) == len(live) and len(set(slugs)) == len(slugs)

    def undo(self, actor: Actor, done: Done) -> None:
        self._put(done.before)
        self.stacks |= {key: self.stack(key)[:-1] for key in done.after}
        done.undone = True
        self.undos.append((str(actor), done))

    def redo(self, place: int) -> None:
        _, done = self.undos.pop(place)
        done.undone = False
        self._stand(done)

    def _stand(self, done: Done) -> None:
        self._put(done.after)
        self.stacks |= {key: (*self.stack(key), done.number) for key in done.after}

    def _put(self, images: dict[UUID, Fields | None]) -> None:
        for key, image in images.items():
            if image is None:
                self.things.pop(key, None)
            else:
                self.things[key] = image


def fields_of(thing: Bot | MemoryEntry) -> Fields:
    return thing.model_dump(exclude=_COUNTERS)


class Acts(RuleBasedStateMachine):
    """The store and the model, side by side."""

    @initialize()
    def a_new_home(self) -> None:
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.clock, self.entropy = FixedClock(), SeededEntropy()
        self.model = Model()
        self.sequences: list[int] = []
        self.backend = self.opened()
        self.add_bot(ACTORS[0], "Ana")
        self.add_bot(ACTORS[0], "Ben")

    def opened(self) -> Backend:
        return open_backend(
            Path(self.folder.name),
            environ={},
            clock=self.clock,
            entropy=self.entropy,
            index=OffVectorIndex(),
        )

    def run(self, awaitable: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await awaitable

        self.clock.advance()
        return self.runner.run(awaited())

    def bots(self) -> list[Fields]:
        return [thing for thing in self.model.things.values() if "slug" in thing]

    def some(self, picks: Sequence[int]) -> list[UUID]:
        ids = [key for key, thing in self.model.things.items() if "fact" in thing]
        return list(dict.fromkeys(ids[pick % len(ids)] for pick in picks)) if ids else []

    def now(self, key: UUID) -> Fields | None:
        """Return what the store holds, for what the model cannot know (ids, times)."""
        with suppress(NotFound):
            return fields_of(self.run(self.backend.memories.get(key)))
        with suppress(NotFound):
            return fields_of(self.run(self.backend.bots.by_id(key)))
        return None

    def took_place(self, actor: Actor, keys: Sequence[UUID]) -> None:
        self.model.did(actor, {key: self.now(key) for key in keys})
        self.sequences.append(self.run(self.backend.history.last()))

    @rule(actor=actors, name=st.sampled_from(NAMES))
    def add_bot(self, actor: Actor, name: str) -> None:
        taken = any(slug_of(name) in (b["slug"], slug_of(b["name"])) for b in self.bots())
        if taken:
            with pytest.raises(Conflict):
                self.run(self.backend.bots.add(name, actor=actor))
        else:
            bot = self.run(self.backend.bots.add(name, actor=actor))
            self.took_place(actor, [bot.id])

    @precondition(lambda self: self.bots())
    @rule(actor=actors, pick=st.integers(0, 9), status=st.sampled_from(BotStatus))
    def change_bot(self, actor: Actor, pick: int, status: BotStatus) -> None:
        bot = self.bots()[pick % len(self.bots())]
        last = self.run(self.backend.history.last())
        self.run(self.backend.bots.set_status(bot["slug"], status, actor=actor))
        if self.run(self.backend.history.last()) != last:
            self.took_place(actor, [bot["id"]])

    @precondition(lambda self: self.bots())
    @rule(actor=actors, pick=st.integers(0, 9))
    def remove_bot(self, actor: Actor, pick: int) -> None:
        bot = self.bots()[pick % len(self.bots())]
        gone = [key for key, t in self.model.things.items() if t.get("bot_id") == bot["id"]]
        self.run(self.backend.bots.remove(bot["slug"], actor=actor))
        self.took_place(actor, [*gone, bot["id"]])

    @precondition(lambda self: self.bots())
    @rule(actor=actors, pick=st.integers(0, 9), fact=st.sampled_from(FACTS))
    def add(self, actor: Actor, pick: int, fact: str) -> None:
        bot = self.bots()[pick % len(self.bots())]
        draft = MemoryDraft(fact=fact, session_id="s")
        if bot["status"] == BotStatus.ARCHIVED:
            with pytest.raises(Conflict):
                self.run(self.backend.memories.add(bot["id"], draft, actor=actor))
            return
        added = self.run(self.backend.memories.add(bot["id"], draft, actor=actor))
        self.took_place(actor, [added.entry.id])

    @rule(
        actor=actors,
        picks=picks,
        change=st.builds(
            MemoryChange,
            fact=st.none() | st.sampled_from(FACTS),
            importance=st.none() | st.integers(1, 5),
            pinned=st.none() | st.booleans(),
            add_tags=st.sampled_from([(), ("a",)]),
        ),
    )
    def edit(self, actor: Actor, picks: list[int], change: MemoryChange) -> None:
        ids = self.some(picks)
        self.act_on(actor, ids, lambda: self.backend.memories.edit(ids, change, actor=actor))

    @rule(actor=actors, picks=picks)
    def delete(self, actor: Actor, picks: list[int]) -> None:
        ids = self.some(picks)
        self.act_on(actor, ids, lambda: self.backend.memories.delete(ids, actor=actor))

    @rule(actor=actors, picks=picks)
    def restore(self, actor: Actor, picks: list[int]) -> None:
        ids = self.some(picks)
        self.act_on(actor, ids, lambda: self.backend.memories.restore(ids, actor=actor))

    def act_on(
        self, actor: Actor, ids: list[UUID], act: Callable[[], Awaitable[ActOutcome]]
    ) -> None:
        try:
            outcome = self.run(act())
        except Conflict:
            return  # the invariant says that nothing has changed
        if outcome.event is not None:
            self.took_place(actor, [key for key in ids if self.now(key) != self.model.things[key]])
            assert outcome.count == len(self.model.acts[-1].after)

    @rule(actor=actors)
    def undo_last(self, actor: Actor) -> None:
        mine = [done for done in self.model.acts if done.actor == str(actor) and not done.undone]
        if not mine:
            with pytest.raises(NotFound):
                self.run(self.backend.history.undo(actor=actor))
        else:
            self.take_back(actor, mine[-1], lambda: self.backend.history.undo(actor=actor))

    @rule(actor=actors, pick=st.integers(0, 99))
    def undo_any(self, actor: Actor, pick: int) -> None:
        done = self.model.acts[pick % len(self.model.acts)]
        event = self.sequences[done.number]
        if done.undone:
            with pytest.raises(Conflict, match="undone already"):
                self.run(self.backend.history.undo(actor=actor, event=event))
        else:
            self.take_back(actor, done, lambda: self.backend.history.undo(actor=actor, event=event))

    def take_back(self, actor: Actor, done: Done, undo: Callable[[], Awaitable[object]]) -> None:
        if not self.model.may_undo(done):
            with pytest.raises(UndoBlocked):
                self.run(undo())
        elif not self.model.fits(done.before):
            with pytest.raises(Conflict):
                self.run(undo())
        else:
            self.run(undo())
            self.model.undo(actor, done)

    @rule(actor=actors)
    def redo(self, actor: Actor) -> None:
        places = [
            place
            for place, (by, done) in enumerate(self.model.undos)
            if by == str(actor) and self.model.may_redo(done)
        ]
        if not places:
            with pytest.raises(NotFound):
                self.run(self.backend.history.redo(actor=actor))
        elif not self.model.fits(self.model.undos[places[-1]][1].after):
            with pytest.raises(Conflict):
                self.run(self.backend.history.redo(actor=actor))
        else:
            self.run(self.backend.history.redo(actor=actor))
            self.model.redo(places[-1])

    @rule()
    def open_again(self) -> None:
        self.run(self.backend.close())
        self.backend = self.opened()

    @invariant()
    def the_store_holds_what_the_model_holds(self) -> None:
        if not hasattr(self, "backend"):
            return
        stored = {s.bot.id: fields_of(s.bot) for s in self.run(self.backend.bots.summaries())}
        for line in ("", "is:deleted"):
            rows = self.run(self.backend.memories.keys(None, line))
            entries = self.run(self.backend.memories.entries(rows))
            stored |= {entry.id: fields_of(entry) for entry in entries}
        assert stored == self.model.things

    def teardown(self) -> None:
        if not hasattr(self, "backend"):
            return
        try:
            report = self.run(self.backend.health.check())
            assert report.ok, report
        finally:
            with suppress(BoternityError):
                self.run(self.backend.close())
            self.runner.close()
            self.folder.cleanup()


class ManyActs(Acts):
    """The same at full size."""


TestActs = Acts.TestCase
TestActs.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestManyActs = pytest.mark.slow(ManyActs.TestCase)
TestManyActs.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
