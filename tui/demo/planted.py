"""What was planted in the demo, so that triage can be judged against the truth.

The pairs and the junk are the only memories of the fleet that repeat or contradict another one;
`tests/unit/tui/test_demo_fleet.py` holds that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict

from backend.types import MemoryCategory
from tui.demo.texts_base import fields, items
from tui.demo.texts_planted import CONTRADICTIONS, JUNK, STALE


class Difference(StrEnum):
    """What makes one memory contradict another that is close in words."""

    NUMBER = "number"
    DATE = "date"
    NEGATION = "negation"
    NAME = "name"
    ORDER = "order"


class JunkKind(StrEnum):
    """Why a memory is worth nothing."""

    SHORT = "short"
    BOILERPLATE = "boilerplate"
    SECRET = "secret"  # noqa: S105 - a kind of junk, not a password
    DANGLING = "dangling"
    """Context that means nothing alone."""
    ECHO = "echo"


class _Planted(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Duplicate(_Planted):
    """Two wordings of one fact; the keys are those of `DemoMemory`."""

    original: str
    duplicate: str


class Contradiction(_Planted):
    """Two memories of which only the newer can be true."""

    older: str
    newer: str
    difference: Difference


class Junk(_Planted):
    """A memory to throw away; `echoes` is the key of what an echo repeats."""

    key: str
    kind: JunkKind
    echoes: str | None = None


class Truth(_Planted):
    """The truth file of a demo home."""

    note: str = "Boternity demo: every person, place of work, paper and secret is invented."
    seed: int
    memories: int
    duplicates: tuple[Duplicate, ...]
    contradictions: tuple[Contradiction, ...]
    junk: tuple[Junk, ...]
    stale: tuple[str, ...]
    """Keys of context that expired: older than 60 days."""

    def with_ids(self, ids: Mapping[str, str]) -> Self:
        """Return the same truth with `ids[key]` in the place of every key."""
        return self.model_copy(
            update={
                "duplicates": tuple(
                    Duplicate(original=ids[pair.original], duplicate=ids[pair.duplicate])
                    for pair in self.duplicates
                ),
                "contradictions": tuple(
                    pair.model_copy(update={"older": ids[pair.older], "newer": ids[pair.newer]})
                    for pair in self.contradictions
                ),
                "junk": tuple(
                    Junk(
                        key=ids[junk.key],
                        kind=junk.kind,
                        echoes=None if junk.echoes is None else ids[junk.echoes],
                    )
                    for junk in self.junk
                ),
                "stale": tuple(ids[key] for key in self.stale),
            }
        )


class WrittenContradiction(_Planted):
    """A pair as it was written by hand, before it has a place in time."""

    bot: str
    category: MemoryCategory
    importance: int
    difference: Difference
    older: str
    newer: str


def groups(text: str) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """Yield each head line's words with the entries that stand below it."""
    head: list[str] = []
    body: list[str] = []
    for line in text.strip().splitlines():
        if line.startswith(("- ", "  ")):
            body.append(line)
            continue
        if body:
            yield head, items("\n".join(body))
        head, body = line.split(), []
    yield head, items("\n".join(body))


def written_contradictions() -> Iterator[WrittenContradiction]:
    """Yield the pairs in the order of the text."""
    for (bot, category, importance, difference), entries in groups(CONTRADICTIONS):
        for entry in entries:
            older, newer = fields(entry)
            yield WrittenContradiction(
                bot=bot,
                category=MemoryCategory(category),
                importance=int(importance),
                difference=Difference(difference),
                older=older,
                newer=newer,
            )


def written_junk() -> Iterator[tuple[JunkKind, str]]:
    """Yield all junk but the echoes, which depend on what they repeat."""
    for (kind,), entries in groups(JUNK):
        for entry in entries:
            yield JunkKind(kind), entry


def written_stale() -> Iterator[tuple[str, str]]:
    """Yield (bot, text); a text may hold `{soon}`, some days after it was written."""
    for (bot,), entries in groups(STALE):
        for entry in entries:
            yield bot, entry
