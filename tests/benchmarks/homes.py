"""Homes to measure on: one bot with many memories, made through the door from a fixed seed."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backend import open_backend
from backend.types import Actor, MemoryCategory, MemoryDraft
from tests.benchmarks.pty_session import Screen

WORDS_ONLY = {"BOTERNITY_EMBEDDER_ENGINE": "none"}
BOT = "Ana"
_PER_ACT = 20_000
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_WHO = ("The customer", "Her team", "Our landlord", "The night shift", "Jonas", "Mira", "The club")
_DOES = ("prefers", "no longer wants", "asked for", "decided against", "always forgets", "keeps")
_WHAT = (
    "the invoice on the first of the month", "tea from the small shop near the station",
    "long answers with sources and dates", "meetings before ten in the morning",
    "the blue folder with the building plans", "a second reminder two days ahead",
    "metric units and short sentences", "the train instead of the car",
)  # fmt: skip
_WHY = ("", ", because it was agreed in spring", ", as the last three times", ", except on Fridays")
_SHOWN = re.compile(r"M\d{6} \w+")


def drafts(count: int, *, first: int = 0) -> list[MemoryDraft]:
    """Return different facts of 40 to 110 characters, each with its number in front."""
    chance = random.Random(first)
    made = []
    for number in range(first, first + count):
        words = f"{chance.choice(_WHO)} {chance.choice(_DOES)} {chance.choice(_WHAT)}"
        made.append(
            MemoryDraft(
                fact=f"M{number:06} {words}{chance.choice(_WHY)}",
                category=chance.choice(list(MemoryCategory)),
                importance=chance.randint(1, 5),
                tags=("home",) if chance.random() < 0.2 else (),
                created_at=_FIRST + timedelta(minutes=number),
            )
        )
    return made


@contextmanager
def home_with(memories: int) -> Iterator[Path]:
    """Make a home whose current bot has that many memories, none of them embedded yet.

    At the end its index process, if one was started, is ended and the home is removed.
    """
    with tempfile.TemporaryDirectory(prefix="boternity-bench-") as folder:
        home = Path(os.path.realpath(folder)) / "home"
        asyncio.run(_fill(home, memories))
        try:
            yield home
        finally:
            end_index(home)


async def _fill(home: Path, memories: int) -> None:
    person = Actor.user()
    async with open_backend(home, environ=WORDS_ONLY) as backend:
        bot = await backend.bots.add(BOT, actor=person)
        await backend.bots.add("Ben", actor=person)
        await backend.bots.set_current(bot.slug)
        for first in range(0, memories, _PER_ACT):
            part = drafts(min(_PER_ACT, memories - first), first=first)
            await backend.exchange.import_drafts(bot.id, part, actor=person)


def dashboard(home: Path) -> list[str]:
    """Return the command that opens the dashboard on a home."""
    return [sys.executable, "-m", "tui", "--home", str(home)]


def facts_shown(screen: Screen) -> int:
    """Return how many facts can be read."""
    return sum(1 for line in screen.lines if _SHOWN.search(line))


def is_readable(screen: Screen) -> bool:
    """Tell whether ten facts can be read and the cursor is on one of them."""
    on_cursor = any("▌" in line and _SHOWN.search(line) for line in screen.lines)
    return on_cursor and facts_shown(screen) >= 10


def index_process(home: Path) -> int | None:
    """Return the id of the home's index process; None without one."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if b"backend.infra.index" in words and os.fsencode(home) in words:
                    return int(folder.name)
    return None


def end_index(home: Path, *, seconds: float = 5.0) -> None:
    """End the home's index process and wait until it is gone."""
    until = time.monotonic() + seconds
    while (pid := index_process(home)) is not None and time.monotonic() < until:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
