"""Gives memories a place in time: sessions of the bots, on free hours of the last fourteen months.

`Loom` holds what is written so far; `tui.demo.fleet` and `tui.demo.planting` add to it.
"""

from __future__ import annotations

# A demo must be the same at each start, so its dice are its own and seeded: no randomness of the
# program is involved, which is what the rule against `random` is about.
import random  # noqa: TID251
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.types import MemoryCategory, MemorySource
from tui.demo.texts_base import Aspect

DAYS = 425
"""Fourteen months, the age of the oldest memory."""
OLD = timedelta(days=67)
"""Older than this, context is stale beyond doubt: the limit is 60 days, and a week is spare."""
LONGEST_SESSION = 12
HOURS = (7, 9, 11, 13, 15, 17, 19)
"""Hours at which a session may start; with twelve facts it ends before the next one."""
LOWER_CASE_NAMES = ("{repo}", "{host}", "{domain}")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(slots=True, eq=False)
class Note:
    """A memory in the making. `planted` ones are named by the truth and take no second part."""

    text: str
    category: MemoryCategory
    importance: int
    tags: tuple[str, ...] = ()
    source: MemorySource | None = None
    """None: the bot itself."""
    pinned: bool = False
    planted: bool = False
    aspect: Aspect | None = None
    values: dict[str, str] = field(default_factory=dict)
    """What filled the aspect's slots."""


@dataclass(slots=True, eq=False)
class Session:
    """Notes of one bot, one after the other; an import or a single fact is not numbered."""

    bot: str
    start: datetime
    topic: str = ""
    numbered: bool = True
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """A note with its final place."""

    at: datetime
    bot: str
    session_id: str | None
    note: Note


class Loom:
    """All sessions of a fleet, and the dice that place them."""

    def __init__(self, now: datetime, seed: int, bots: Iterable[str]) -> None:
        self.now = now
        self.rng = random.Random(seed)  # noqa: S311 - chance for a demo, not for a key
        self._sessions: dict[str, list[Session]] = {bot: [] for bot in bots}
        self._taken: set[tuple[str, int, int]] = set()

    def begin(
        self, bot: str, start: datetime, topic: str = "", *, numbered: bool = True
    ) -> Session:
        """Return a new, empty session."""
        session = Session(bot, start, topic, numbered)
        self._sessions[bot].append(session)
        return session

    def days(self) -> int:
        """Return an age in days; more is remembered from the last months than from the first."""
        return 2 + int((DAYS - 12) * self.rng.random() ** 1.3)

    def moment(self, bot: str, least: int, most: int) -> datetime:
        """Return a start that no other session of the bot has, `least` to `most` days ago."""
        while True:
            slot = (bot, self.rng.randint(least, most), self.rng.choice(HOURS))
            if slot not in self._taken:
                break
        self._taken.add(slot)
        _, days, hour = slot
        minute, second = self.rng.randint(0, 59), self.rng.randint(0, 59)
        day = self.now - timedelta(days=days)
        return day.replace(hour=hour, minute=minute, second=second, microsecond=0)

    def about(self, importance: int) -> int:
        """Return the importance, now and then one more or less."""
        return min(5, max(1, importance + self.rng.choice((0, 0, 0, 0, -1, 1))))

    def notes(self) -> list[tuple[Session, Note]]:
        """Return everything written so far."""
        return [
            (session, note)
            for sessions in self._sessions.values()
            for session in sessions
            for note in session.notes
        ]

    def is_old(self, session: Session) -> bool:
        return self.now - session.start > OLD

    def old_session(self, bot: str) -> Session:
        """Return an old session of the bot that can take another note."""
        return self.rng.choice([one for one in self._open(bot) if self.is_old(one)])

    def any_session(self, bot: str) -> Session:
        """Return a session of the bot that can take another note."""
        return self.rng.choice(self._open(bot))

    def later_session(self, earlier: Session) -> Session:
        """Return a session of the same bot a day later or more, on the same topic if possible."""
        after = earlier.start + timedelta(days=1)
        later = [one for one in self._open(earlier.bot) if one.start > after]
        related = [one for one in later if one.topic == earlier.topic]
        return self.rng.choice(related or later)

    def written(self) -> list[Written]:
        """Return every note with its time and session, in the order of time.

        A session's id is its date, its bot and its number on that day.
        """
        rows: list[Written] = []
        for sessions in self._sessions.values():
            counts: dict[str, int] = defaultdict(int)
            for session in sorted(sessions, key=lambda one: one.start):
                rows.extend(self._timed(session, counts))
        return sorted(rows, key=lambda row: (row.at, row.bot))

    def _timed(self, session: Session, counts: dict[str, int]) -> Iterator[Written]:
        session_id, at = None, session.start
        if session.numbered:
            date = session.start.date().isoformat()
            counts[date] += 1
            session_id = f"{date}-{session.bot}-{counts[date]}"
        for note in session.notes:
            yield Written(at, session.bot, session_id, note)
            if session.numbered:
                at += timedelta(seconds=self.rng.randint(15, 240))

    def _open(self, bot: str) -> list[Session]:
        return [
            session
            for session in self._sessions[bot]
            if session.topic and len(session.notes) < LONGEST_SESSION
        ]


def filled(wording: str, values: dict[str, str]) -> str:
    """Return the sentence, its start a capital unless it names a machine, its end one full stop."""
    text = wording.format_map(values)
    if text.endswith(("..", ".”.")):
        text = text[:-1]
    return text if wording.startswith(LOWER_CASE_NAMES) else text[0].upper() + text[1:]


def spoken_day(at: datetime) -> str:
    """Return the day as people write it, "3 October"."""
    return f"{at.day} {MONTHS[at.month - 1]}"
