"""How the demo's texts are written down: topics, their subjects, and what is said about each.

A topic is a table of subjects (a server, a recipe, a paper), each row written by hand, and a
handful of aspects. An aspect is one statement in two or more wordings that use the same values:
one wording becomes the memory, another becomes its planted near-duplicate. Because a subject is
told each aspect once, nothing contradicts or repeats anything unless it was planted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.types.memory import MemoryCategory


@dataclass(frozen=True, slots=True)
class Aspect:
    """One statement about a subject; every wording uses the same slots.

    The slots are the topic's columns, and `{day}` and `{weekday}` of the moment of writing.
    """

    category: MemoryCategory
    importance: int
    wordings: tuple[str, ...]
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Subjects of one kind; `name` is also the tag of all its memories."""

    name: str
    subjects: tuple[dict[str, str], ...]
    aspects: tuple[Aspect, ...]


def items(text: str) -> tuple[str, ...]:
    """Return the entries of a list whose entries start with "- " and may run over lines."""
    entries: list[str] = []
    for line in text.strip().splitlines():
        stripped = line.strip()
        if stripped.startswith("- "):
            entries.append(stripped[2:])
        else:
            entries[-1] += " " + stripped
    return tuple(entries)


def fields(entry: str) -> list[str]:
    """Return the parts of an entry between its bars."""
    return [part.strip() for part in entry.split("|")]


def subjects(columns: str, text: str) -> tuple[dict[str, str], ...]:
    """Return one mapping an entry, column to value; `columns` are separated by spaces."""
    names = columns.split()
    return tuple(dict(zip(names, fields(entry), strict=True)) for entry in items(text))


def aspects(text: str) -> tuple[Aspect, ...]:
    """Return the aspects of a topic: a line "category importance [tag]", then the wordings."""
    found: list[Aspect] = []
    for block in re.split(r"\n(?=[a-z]+ [1-5])", text.strip()):
        head, wordings = block.split("\n", 1)
        category, importance, *tag = head.split()
        found.append(
            Aspect(MemoryCategory(category), int(importance), items(wordings), "".join(tag))
        )
    return tuple(found)
