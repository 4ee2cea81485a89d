"""Finds memory files of other programs on this machine: a few names in a few places.

Reads nothing but files of these names, follows no folder beyond the listed ones, and stops at a
number of entries: a home with a million files costs what a small one costs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

NAMES = ("CLAUDE.md", "MEMORY.md", "AGENTS.md", "memory.jsonl", "memory.json")
MAX_FILES = 200
MAX_BYTES = 2 * 1024 * 1024
"""A memory file is small; a larger one is for the command, which shows its progress."""
_MAX_PARENTS = 16
_MAX_PROJECTS = 400
_MAX_IN_FOLDER = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A file with its bytes, None when it is too large or cannot be read; `where` is for people."""

    path: Path
    where: str
    data: bytes | None


def find_memory_files(
    start: Path, home: Path, *, stopped: Callable[[], bool] = lambda: False
) -> Iterator[Found]:
    """Yield the files of `start` and the folders above it up to `home`, then those of agents.

    A file that can be reached twice is found once. `stopped` is asked before each file.
    """
    seen: set[Path] = set()
    for path in _candidates(start, home):
        if stopped() or len(seen) >= MAX_FILES:
            return
        try:
            real = path.resolve()
            if real in seen or not real.is_file():
                continue
            seen.add(real)
            fits = real.stat().st_size <= MAX_BYTES
            data = real.read_bytes() if fits else None
        except OSError:
            data = None
        yield Found(path, _for_people(path, home), data)


def _candidates(start: Path, home: Path) -> Iterator[Path]:
    folders = [start, *islice(start.parents, _MAX_PARENTS)]
    if home in folders:
        folders = folders[: folders.index(home) + 1]
    for folder in folders:
        yield from (folder / name for name in NAMES)
    yield home / ".claude" / "CLAUDE.md"
    yield home / ".codex" / "AGENTS.md"
    for project in islice(_entries(home / ".claude" / "projects"), _MAX_PROJECTS):
        notes = islice(_entries(project / "memory"), _MAX_IN_FOLDER)
        yield from (note for note in notes if note.suffix == ".md")


def _entries(folder: Path) -> list[Path]:
    """Return what a folder holds, by name; nothing when it is none or may not be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(entry.path) for entry in islice(entries, _MAX_PROJECTS))
    except OSError:
        return []


def _for_people(path: Path, home: Path) -> str:
    try:
        return f"~/{path.relative_to(home)}"
    except ValueError:
        return str(path)
