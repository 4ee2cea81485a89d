"""Builds the demo fleet: what five bots of one invented person remember, and the truth about it.

Pure: the same `now` and seed give the same fleet, on every machine. The texts are written by hand
in `texts_*.py`; here a subject (a server, a trip) is told in one or two sessions, some subjects
came from a file, and single facts were added by the person herself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.types import MemoryCategory, MemoryDraft, MemorySource, SourceKind
from tui.demo import texts_ana, texts_ben, texts_chi, texts_dan, texts_eva
from tui.demo.loom import DAYS, Loom, Note, Session, Written, filled, spoken_day
from tui.demo.planted import Truth, groups
from tui.demo.planting import Planter
from tui.demo.texts_base import Aspect, Topic
from tui.demo.texts_loose import LOOSE, RECENT

PINNED = 40
PINNED_IMPORTANCE = 4
"""Only what is at least this important is pinned."""


@dataclass(frozen=True, slots=True)
class DemoBot:
    """A bot of the fleet; the description says that it belongs to the demo."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class DemoMemory:
    """A memory to be added to `bot`; `key` is its name in the truth."""

    key: str
    bot: str
    draft: MemoryDraft


@dataclass(frozen=True, slots=True)
class Fleet:
    """The whole demo; memories are in the order in which they were written."""

    bots: tuple[DemoBot, ...]
    memories: tuple[DemoMemory, ...]
    truth: Truth


@dataclass(frozen=True, slots=True)
class _Cast:
    """A bot, what it knows, and the file from which it was fed at first."""

    bot: DemoBot
    topics: tuple[Topic, ...]
    file: str


_CASTS = (
    _Cast(
        DemoBot("ana", "Coding agent (demo): repositories, bugs, choices and interfaces"),
        texts_ana.TOPICS,
        "CLAUDE.md",
    ),
    _Cast(
        DemoBot("ben", "Assistant at home (demo): people, recipes, trips and the flat"),
        texts_ben.TOPICS,
        "MEMORY.md",
    ),
    _Cast(
        DemoBot("chi", "Research bot (demo): papers, experiments, data sets and books"),
        texts_chi.TOPICS,
        "notes/reading.md",
    ),
    _Cast(
        DemoBot("dan", "Operations bot (demo): servers, nightly jobs, incidents, domains"),
        texts_dan.TOPICS,
        "runbook.md",
    ),
    _Cast(
        DemoBot("eva", "Writing and mail bot (demo): letters, drafts, routines, meetings"),
        texts_eva.TOPICS,
        "style-guide.md",
    ),
)


def make_fleet(*, now: datetime, seed: int = 20261122) -> Fleet:
    """Return the fleet as of `now`, which has a zone; the oldest memory is 14 months old."""
    bots = tuple(cast.bot for cast in _CASTS)
    loom = Loom(now, seed, (bot.name for bot in bots))
    planter = Planter(loom)
    for cast in _CASTS:
        _tell_topics(loom, cast)
    _add_single_facts(loom)
    planter.plant_all()
    _add_news(loom)
    _pin(loom)

    counters: dict[str, int] = defaultdict(int)
    keys: dict[Note, str] = {}
    memories: list[DemoMemory] = []
    for row in loom.written():
        counters[row.bot] += 1
        keys[row.note] = f"{row.bot}-{counters[row.bot]:04}"
        memories.append(DemoMemory(keys[row.note], row.bot, _draft(row)))
    return Fleet(bots, tuple(memories), planter.truth(seed, keys))


def _tell_topics(loom: Loom, cast: _Cast) -> None:
    """Tell every aspect of every subject, in sessions of three facts or more."""
    bot, rng = cast.bot.name, loom.rng
    file = loom.begin(bot, loom.moment(bot, 200, DAYS), numbered=False)
    for topic in cast.topics:
        from_file = rng.choice(topic.subjects)
        for values in topic.subjects:
            told = _in_some_order(loom, topic)
            if values is from_file:
                _tell(loom, file, topic, values, told)
            elif rng.random() < 0.25:
                late, early = sorted((loom.days(), loom.days()))
                _tell_days_ago(loom, bot, early, topic, values, told[:3])
                _tell_days_ago(loom, bot, late, topic, values, told[3:])
            else:
                _tell_days_ago(loom, bot, loom.days(), topic, values, told)
    for place, note in enumerate(file.notes):
        where = f"{cast.file}:{7 + 2 * place}"
        note.source = MemorySource(kind=SourceKind.IMPORT, name="markdown", where=where)


def _in_some_order(loom: Loom, topic: Topic) -> list[Aspect]:
    """Return the aspects: what the subject is comes first, its present state last.

    Outdated states are dropped later; as the last they never leave a session too short.
    """
    first, *others = topic.aspects
    loom.rng.shuffle(others)
    return [first, *sorted(others, key=lambda one: one.category is MemoryCategory.CONTEXT)]


def _tell_days_ago(
    loom: Loom, bot: str, days: int, topic: Topic, values: dict[str, str], told: list[Aspect]
) -> None:
    session = loom.begin(bot, loom.moment(bot, days, days + 5), topic.name)
    _tell(loom, session, topic, values, told)


def _tell(
    loom: Loom, session: Session, topic: Topic, values: dict[str, str], told: list[Aspect]
) -> None:
    dated = values | {"day": spoken_day(session.start)}
    subject = next(iter(values.values()))
    for aspect in told:
        tags = [topic.name, aspect.tag]
        if " " not in subject and loom.rng.random() < 0.6:
            tags.append(subject.lower())
        note = Note(
            filled(loom.rng.choice(aspect.wordings), dated),
            aspect.category,
            loom.about(aspect.importance),
            tuple(tag for tag in tags if tag),
            MemorySource() if loom.rng.random() < 0.05 else None,
            aspect=aspect,
            values=dated,
        )
        session.notes.append(note)


def _add_single_facts(loom: Loom) -> None:
    """Add what the person typed herself, alone or in the middle of a session."""
    for (bot, category, importance, *pin), entries in groups(LOOSE):
        for text in entries:
            note = Note(text, MemoryCategory(category), int(importance), ("mira",), MemorySource())
            note.pinned = bool(pin)
            if loom.rng.random() < 0.5:
                session = loom.any_session(bot)
            else:
                session = loom.begin(bot, loom.moment(bot, loom.days(), DAYS), numbered=False)
            session.notes.append(note)


def _add_news(loom: Loom) -> None:
    """Add what is going on now, one session a bot, the last one within the hour."""
    for place, ((bot, category, importance), entries) in enumerate(groups(RECENT)):
        session = loom.begin(bot, loom.now - timedelta(hours=5 * place, minutes=25))
        for text in entries:
            session.notes.append(Note(text, MemoryCategory(category), int(importance), ("now",)))


def _pin(loom: Loom) -> None:
    """Pin important facts until `PINNED` are pinned."""
    notes = [note for _, note in loom.notes()]
    free = [
        note
        for note in notes
        if note.importance >= PINNED_IMPORTANCE and not note.planted and not note.pinned
    ]
    for note in loom.rng.sample(free, PINNED - sum(note.pinned for note in notes)):
        note.pinned = True


def _draft(row: Written) -> MemoryDraft:
    note = row.note
    return MemoryDraft(
        fact=note.text,
        category=note.category,
        importance=note.importance,
        tags=note.tags,
        pinned=note.pinned,
        session_id=row.session_id,
        source=note.source or MemorySource(kind=SourceKind.BOT, name=row.bot),
        created_at=row.at,
    )
