"""The real dashboard over a real home in a temporary folder, at a fixed time, without an index."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from textual.pilot import Pilot
from textual.widget import Widget

from backend import Backend, open_backend
from backend.types import Actor, MemoryCategory, MemoryDraft
from tests.doubles.clock import START as NOW
from tests.doubles.clock import FixedClock
from tests.doubles.entropy import SeededEntropy
from tui.app import BoternityApp
from tui.screens.memory import MemoryScreen
from tui.screens.mode import ModeScreen
from tui.widgets.memory_list import MemoryList

USER = Actor.user()
_TRIES = 200

FACTS = (
    MemoryDraft(
        fact="Prefers dark mode in every editor",
        category=MemoryCategory.PREFERENCE,
        importance=4,
        created_at=NOW - timedelta(days=3),
        tags=("editor",),
    ),
    MemoryDraft(
        fact="The staging host is heron, not falcon",
        category=MemoryCategory.CORRECTION,
        importance=5,
        created_at=NOW - timedelta(days=2),
    ),
    MemoryDraft(fact="Wants short answers", created_at=NOW - timedelta(days=41)),
    MemoryDraft(fact="Dances on Thursdays", created_at=NOW - timedelta(days=44)),
)
NEWEST_FIRST = [draft.fact for draft in sorted(FACTS, key=lambda d: d.created_at or NOW)][::-1]


@dataclass
class Stage:
    """A running dashboard."""

    app: BoternityApp
    pilot: Pilot[str]
    backend: Backend

    @property
    def screen(self) -> MemoryScreen:
        screen = self.app.mode_screen
        assert isinstance(screen, MemoryScreen)
        return screen

    @property
    def rows(self) -> MemoryList:
        return self.screen.memory_list

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Let the program run until the condition holds; fail naming `what` when it never does."""
        for _ in range(_TRIES):
            if condition():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"never happened: {what}")

    async def press(self, *keys: str) -> None:
        """Press keys and let the program come to rest."""
        await self.pilot.press(*keys)
        await self.settled()

    async def settled(self) -> None:
        """Wait for workers that do not wait for a person, and for the list's rows."""
        for _ in range(_TRIES):
            await self.pilot.pause()
            asks = not isinstance(self.app.screen, ModeScreen)
            if asks or not any(worker.is_running for worker in self.app.workers):
                break
        await self.pilot.pause()

    async def facts(self, filter_text: str = "") -> list[str]:
        """Return what the store holds, newest first, by the same façade as the screen."""
        keys = await self.backend.memories.keys(None, filter_text)
        return [entry.fact for entry in await self.backend.memories.entries(keys)]

    def shown(self) -> list[str]:
        """Return the texts in the list, as far as they were read."""
        rows = (self.rows.row_of(key) for key in self.rows.keys)
        return [row.fact for row in rows if row is not None]

    def panes(self) -> list[Widget]:
        """Return the panes that can be seen."""
        return [pane for pane in self.screen.query(".pane") if pane.display]

    def toasts(self) -> list[str]:
        """Return what was told to the person, oldest first."""
        return [note.message for note in self.app._notifications]


def opened(home: Path, config: str = "") -> Backend:
    """Open a home without an index, at a time that stands still and with seeded chance."""
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(f'embedder.engine = "none"\n{config}', encoding="utf-8")
    return open_backend(home, environ={}, clock=FixedClock(), entropy=SeededEntropy())


async def furnish(backend: Backend, bots: Sequence[str], facts: Sequence[MemoryDraft]) -> None:
    """Add the bots, and to the first one, which becomes current, the facts."""
    for name in bots:
        await backend.bots.add(name, actor=USER)
    if bots:
        await backend.bots.set_current(bots[0])
        first = await backend.bots.get(bots[0])
        for draft in facts:
            await backend.memories.add(first.id, draft, actor=USER)


@asynccontextmanager
async def dashboard(
    home: Path,
    *,
    facts: Sequence[MemoryDraft] = FACTS,
    bots: Sequence[str] = ("Ana",),
    size: tuple[int, int] = (120, 40),
    config: str = "",
) -> AsyncIterator[Stage]:
    """Open a dashboard; the first bot is current and has the facts."""
    async with await asyncio.to_thread(opened, home, config) as backend:
        if not await backend.bots.summaries():
            await furnish(backend, bots, facts)
        app = BoternityApp(backend)
        async with app.run_test(size=size, notifications=True) as pilot:
            stage = Stage(app, pilot, backend)
            await stage.settled()
            yield stage
