"""The port to the formats that memories come in, and which of them a text is in.

An importer turns text into drafts and decides nothing else: whether a fact is a repeat, whose it
becomes and whether a person reviews it first belong to the service that calls it.
`tests/contracts/test_importer.py` holds every importer to these promises.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from backend.types.errors import Invalid
from backend.types.memory import MemoryDraft, VectorMemoryEntry

HEAD_CHARACTERS = 4096
"""How much of a text `recognises` is given; enough for a first line and an export's header."""

NO_BOT = UUID(int=0)
"""The `bot_id` of an entry that an export brought back: the caller puts the bot in its place."""


@dataclass(frozen=True, slots=True)
class ImportedFact:
    """A fact that a text holds; `line` is where it begins there, from 1."""

    draft: MemoryDraft
    line: int
    entry: VectorMemoryEntry | None = None
    """The whole memory, where the format keeps it; its `bot_id` is NO_BOT, it has no vector."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A part of a text that cannot become a memory, and what would be accepted instead."""

    line: int
    why: str


class Importer(Protocol):
    """Reads one format."""

    @property
    def name(self) -> str:
        """The word for `--format`; it becomes the name of the source of what is read."""
        ...

    @property
    def expects(self) -> str:
        """What it reads, as a clause for a person: "Markdown (.md): one bullet is one fact"."""
        ...

    def recognises(self, name: str, head: str) -> bool:
        """Return whether a text named `name` ("-" without one) that begins with `head` is its own.

        Looks at these two alone and never raises.
        """
        ...

    def read(self, text: str, *, where: str) -> Iterator[ImportedFact | Rejected]:
        """Yield what `text` holds, in its order; a bad part is a Rejected and the others go on.

        `where` names the text and is kept with each draft ("CLAUDE.md:31"). Facts are as long
        and tags as many as a memory may hold. The same text gives the same drafts. Raises
        Invalid, before the first fact, when the text as a whole cannot be read, and nothing else.
        """
        ...


def detect(importers: Sequence[Importer], name: str, head: str) -> Importer:
    """Return the first importer that recognises the text; raises Invalid with what is expected."""
    for importer in importers:
        if importer.recognises(name, head):
            return importer
    what = "The input" if name == "-" else f"“{name}”"
    if not head.strip("\ufeff \t\r\n"):
        raise Invalid(f"{what} is empty: there is nothing to import.")
    raise Invalid(f"{what} is in no format that can be imported. {_expected(importers)}")


def named(importers: Sequence[Importer], word: str) -> Importer:
    """Return the importer that is called `word`; raises Invalid with the names there are."""
    for importer in importers:
        if importer.name == word:
            return importer
    raise Invalid(f"“{word}” is not an import format. {_expected(importers)}")


def _expected(importers: Sequence[Importer]) -> str:
    known = "; ".join(f"{importer.name}: {importer.expects}" for importer in importers)
    return f"Give it as one of these: {known}."


def decode(data: bytes, *, where: str) -> str:
    """Return a file's text without its byte order mark: UTF-8, or UTF-16 where a mark says so.

    Raises Invalid with the line of the first byte that is neither.
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Invalid(
            f"“{where}” is not UTF-8 text (line {line} has a byte that is no character): "
            "save it as UTF-8, then import it again."
        ) from error
