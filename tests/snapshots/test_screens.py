"""How the screens look, at the sizes they are laid out for; the demo's texts at a fixed time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from backend import Backend
from tests.pilot.dashboard_stage import opened
from tui.app import BoternityApp
from tui.demo.run import fill

SIZES = [(60, 20), (80, 24), (120, 40)]
SCREENS = {
    "list": (),
    "marks": ("j", "space", "space"),
    "filter": ("slash", *"cat:pref imp>=4"),
    "refused": ("slash", *"catt:x "),
    "detail": ("j", "enter"),
    "add": ("a",),
    "help": ("question_mark",),
    "bots": ("b",),
    "not-built": ("5",),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the demo fleet, at the fixed time."""
    path = tmp_path_factory.mktemp("snapshots") / "home"

    async def furnished(backend: Backend) -> None:
        async with backend:
            await fill(backend)

    asyncio.run(furnished(opened(path)))
    return path


@pytest.fixture
def app(home: Path) -> Iterator[BoternityApp]:
    """Return a dashboard on that home."""
    backend = opened(home)
    app = BoternityApp(backend, demo=True)
    yield app
    asyncio.run(backend.close())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_looks_as_it_did(
    app: BoternityApp, snap_compare: Any, screen: str, size: tuple[int, int]
) -> None:
    async def arrive(pilot: Pilot[str]) -> None:
        for key in SCREENS[screen]:
            await pilot.press(key)
        for _ in range(200):
            await pilot.pause(0.01)
            asks = not hasattr(app.screen, "mode")
            if asks or not any(worker.is_running for worker in app.workers):
                break
        await pilot.pause(0.4)
        for field in app.screen.query("Input, TextArea"):
            assert isinstance(field, Input | TextArea)
            field.cursor_blink = False
            field._cursor_visible = True
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=arrive)


@pytest.mark.parametrize("theme", ["boternity-light", "boternity-contrast", "boternity-ansi"])
def test_every_theme_shows_the_same_list(app: BoternityApp, snap_compare: Any, theme: str) -> None:
    async def arrive(pilot: Pilot[str]) -> None:
        app.theme = theme
        await pilot.press("j", "space")
        await pilot.pause(0.4)

    assert snap_compare(app, terminal_size=(80, 24), run_before=arrive)
