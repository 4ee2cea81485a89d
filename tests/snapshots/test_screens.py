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
from tui.screens.mode import ModeScreen

_TRIES = 400
_STEP_SECONDS = 0.05
_QUIET_SECONDS = 0.4
"""Longer than the 0.2 s after which meaning joins a search."""
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


async def settled(app: BoternityApp, pilot: Pilot[str]) -> None:
    """Wait until nothing works and nothing has changed for longer than any of our timers."""
    for field in app.screen.query("Input, TextArea"):
        assert isinstance(field, Input | TextArea)
        field.cursor_blink = False
        field._cursor_visible = True
    last, quiet = "", 0
    for _ in range(_TRIES):
        await pilot.pause(_STEP_SECONDS)
        picture = app.export_screenshot()
        asks = not isinstance(app.screen, ModeScreen)
        works = not asks and any(worker.is_running for worker in app.workers)
        quiet = 0 if works or picture != last else quiet + 1
        last = picture
        if quiet * _STEP_SECONDS >= _QUIET_SECONDS:
            return
    raise AssertionError("the screen never came to rest")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_looks_as_it_did(
    app: BoternityApp, snap_compare: Any, screen: str, size: tuple[int, int]
) -> None:
    async def arrive(pilot: Pilot[str]) -> None:
        for key in SCREENS[screen]:
            await pilot.press(key)
        await settled(app, pilot)

    assert snap_compare(app, terminal_size=size, run_before=arrive)


@pytest.mark.parametrize("theme", ["boternity-light", "boternity-contrast", "boternity-ansi"])
def test_every_theme_shows_the_same_list(app: BoternityApp, snap_compare: Any, theme: str) -> None:
    async def arrive(pilot: Pilot[str]) -> None:
        app.theme = theme
        await pilot.press("j", "space")
        await settled(app, pilot)

    assert snap_compare(app, terminal_size=(80, 24), run_before=arrive)
