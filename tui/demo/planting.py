"""Plants what triage should find: repeats, contradictions, junk and what has expired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from backend.types import MemoryCategory, MemorySource
from tui.demo.loom import Loom, Note, Session, filled, spoken_day
from tui.demo.planted import (
    Contradiction,
    Difference,
    Duplicate,
    Junk,
    JunkKind,
    Truth,
    groups,
    written_contradictions,
    written_junk,
    written_stale,
)
from tui.demo.texts_base import fields
from tui.demo.texts_planted import ECHOES, REWORDED

DUPLICATES = 120
"""Of these, some are free rewordings by hand; the others say a subject's aspect again."""
STALE_STATES = 30
"""Outdated states of subjects that stay; with the written ones there are 50 stale memories."""


class Planter:
    """Adds the planted memories to a loom and remembers which they are."""

    def __init__(self, loom: Loom) -> None:
        self._loom, self._rng = loom, loom.rng
        self._duplicates: list[tuple[Note, Note]] = []
        self._contradictions: list[tuple[Note, Note, Difference]] = []
        self._junk: list[tuple[Note, JunkKind, Note | None]] = []
        self._stale: list[Note] = []

    def plant_all(self) -> None:
        self._plant_stale_states()
        self._plant_rewordings()
        self._plant_other_wordings()
        self._plant_contradictions()
        self._plant_junk()
        self._plant_echoes()
        self._plant_expired()

    def truth(self, seed: int, keys: Mapping[Note, str]) -> Truth:
        """Return what was planted, by the keys that the notes got."""
        return Truth(
            seed=seed,
            memories=len(keys),
            duplicates=tuple(
                Duplicate(original=keys[note], duplicate=keys[twin])
                for note, twin in self._duplicates
            ),
            contradictions=tuple(
                Contradiction(older=keys[older], newer=keys[newer], difference=how)
                for older, newer, how in self._contradictions
            ),
            junk=tuple(
                Junk(key=keys[note], kind=kind, echoes=None if of is None else keys[of])
                for note, kind, of in self._junk
            ),
            stale=tuple(keys[note] for note in self._stale),
        )

    def _plant_stale_states(self) -> None:
        """Keep some of the contexts that are too old to be true, and drop the other old ones.

        Those between fresh and stale go as well: nobody could say which they are.
        """
        contexts = [
            (session, note)
            for session, note in self._loom.notes()
            if note.category is MemoryCategory.CONTEXT
            and self._loom.now - session.start > timedelta(days=53)
        ]
        old = [note for session, note in contexts if self._loom.is_old(session)]
        kept = self._rng.sample(old, STALE_STATES)
        for session, note in contexts:
            if note in kept:
                note.planted = True
            else:
                session.notes.remove(note)
        self._stale.extend(kept)

    def _plant_rewordings(self) -> None:
        for (bot, category, importance), entries in groups(REWORDED):
            for entry in entries:
                note, twin = (
                    Note(text, MemoryCategory(category), int(importance), ("mira",), planted=True)
                    for text in fields(entry)
                )
                first = self._loom.old_session(bot)
                first.notes.append(note)
                self._loom.later_session(first).notes.append(twin)
                self._duplicates.append((note, twin))

    def _plant_other_wordings(self) -> None:
        """Say facts again in another wording, later; no two pairs are of the same aspect."""
        by_aspect: dict[int, list[tuple[Session, Note]]] = defaultdict(list)
        for session, note in self._free_old():
            if note.aspect is not None:
                by_aspect[id(note.aspect)].append((session, note))
        missing = DUPLICATES - len(self._duplicates)
        for told in self._rng.sample(list(by_aspect.values()), missing):
            session, note = self._rng.choice(told)
            assert note.aspect is not None
            said = [filled(wording, note.values) for wording in note.aspect.wordings]
            twin = Note(
                self._rng.choice([text for text in said if text != note.text]),
                note.category,
                self._loom.about(note.importance),
                note.tags[: self._rng.randint(1, len(note.tags))],
                planted=True,
            )
            note.planted = True
            self._loom.later_session(session).notes.append(twin)
            self._duplicates.append((note, twin))

    def _plant_contradictions(self) -> None:
        for pair in written_contradictions():
            older, newer = (
                Note(text, pair.category, pair.importance, planted=True)
                for text in (pair.older, pair.newer)
            )
            newer.source = self._rng.choice((None, None, MemorySource()))
            first = self._loom.old_session(pair.bot)
            first.notes.append(older)
            self._loom.later_session(first).notes.append(newer)
            self._contradictions.append((older, newer, pair.difference))

    def _plant_junk(self) -> None:
        bots = sorted({session.bot for session, _ in self._loom.notes()})
        for kind, text in written_junk():
            note = Note(text, MemoryCategory.FACT, self._rng.choice((1, 2, 3)), planted=True)
            self._loom.any_session(self._rng.choice(bots)).notes.append(note)
            self._junk.append((note, kind, None))

    def _plant_echoes(self) -> None:
        repeated = self._rng.sample(self._free_old(), len(ECHOES))
        for frame, (session, note) in zip(ECHOES, repeated, strict=True):
            echo = Note(frame.format(fact=note.text), note.category, 2, note.tags, planted=True)
            self._loom.later_session(session).notes.append(echo)
            note.planted = True
            self._junk.append((echo, JunkKind.ECHO, note))

    def _plant_expired(self) -> None:
        for bot, text in written_stale():
            session = self._loom.old_session(bot)
            soon = spoken_day(session.start + timedelta(days=self._rng.randint(3, 9)))
            note = Note(text.format(soon=soon), MemoryCategory.CONTEXT, 3, planted=True)
            session.notes.append(note)
            self._stale.append(note)

    def _free_old(self) -> list[tuple[Session, Note]]:
        """Return what is old enough to be repeated later and has no part in the truth yet."""
        return [
            (session, note)
            for session, note in self._loom.notes()
            if not note.planted and self._loom.is_old(session)
        ]
