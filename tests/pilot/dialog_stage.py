"""One dialog over an empty screen, and what it answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from tui.keys import APP, MEMORIES, bindings
from tui.screens.dialogs import Explanation
from tui.themes import STYLES, THEMES

HOSTILE = "a\x1b[31mred\x07 [b]bold[/b] \u202eevil\u2066 \x9b0m \u200b $x [@click=app.exit]x[/]"


@dataclass
class Asked:
    """A dialog on the screen, and what it answered."""

    app: App[None]
    pilot: Pilot[None]
    answers: list[Any] = field(default_factory=list)

    async def press(self, *keys: str) -> list[Any]:
        await self.pilot.press(*keys)
        await self.pilot.pause()
        return self.answers

    async def type(self, text: str) -> list[Any]:
        return await self.press(*("space" if letter == " " else letter for letter in text))

    @property
    def message(self) -> str:
        return str(self.app.screen.query_one(Explanation).render())

    def painted(self) -> str:
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in strips)


class Under(Screen[None]):
    BINDINGS = bindings(MEMORIES)


class Host(App[None]):
    CSS_PATH = STYLES / "app.tcss"
    BINDINGS = bindings(APP)

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.push_screen(Under())


@asynccontextmanager
async def asked(dialog: Screen[Any], size: tuple[int, int] = (80, 24)) -> AsyncIterator[Asked]:
    app = Host()
    async with app.run_test(size=size) as pilot:
        shown = Asked(app, pilot)
        await pilot.pause()
        app.push_screen(dialog, shown.answers.append)
        await pilot.pause()
        yield shown


def needs_text(text: str) -> str | None:
    return None if text.strip() else "A memory needs a text."
