"""One list on a screen of its own, over a store that a test holds back, breaks or changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip

from tui.widgets.safe_text import safe_cell
from tui.widgets.virtual_list import RowStyles, VirtualList

WIDTH, HEIGHT = 40, 10
MANY = range(1, 100_001)


@dataclass(frozen=True)
class Fact:
    row: int
    revision: int
    text: str


class Store:
    """Answers like the backend; a test may hold it back, break it, or change its rows."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.words: dict[int, str] = {}
        self.deleted: set[int] = set()
        self.revision = 1
        self.error: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def fetch(self, keys: Sequence[int]) -> Iterable[Fact]:
        self.asked.append(list(keys))
        await self.open.wait()
        if self.error is not None:
            raise self.error
        return [
            Fact(key, self.revision, self.words.get(key, f"fact {key}"))
            for key in reversed(keys)
            if key not in self.deleted
        ]


class Facts(VirtualList[Fact]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "cursor_down"),
        Binding("k,up", "cursor_up"),
        Binding("g,home", "first"),
        Binding("G,end", "last"),
        Binding("ctrl+d", "half_page_down"),
        Binding("ctrl+u", "half_page_up"),
        Binding("pagedown", "page_down"),
        Binding("pageup", "page_up"),
        Binding("space", "toggle_mark"),
        Binding("v", "mark_range"),
        Binding("asterisk", "mark_all"),
        Binding("minus", "mark_none"),
        Binding("enter", "open"),
        Binding("m", "context"),
    ]

    def __init__(self, store: Store) -> None:
        super().__init__(store.fetch, empty_text="No facts yet: press a to add one.")
        self.repainted: list[int] = []
        self.drawn = 0

    def render_row(
        self, row: Fact, width: int, *, marked: bool, is_cursor: bool, styles: RowStyles
    ) -> Iterable[Segment]:
        self.drawn += 1
        yield Segment(safe_cell(row.text, width - 4), styles.text)
        yield Segment("  3d", styles.muted)

    def refresh_line(self, y: int) -> None:
        self.repainted.append(y)
        super().refresh_line(y)


class ListApp(App[None]):
    CSS = f"Facts {{ width: {WIDTH}; height: {HEIGHT}; }}"

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.list = Facts(store)
        self.told: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.list

    def on_virtual_list_cursor_moved(self, message: VirtualList.CursorMoved) -> None:
        self.told.append(message)

    def on_virtual_list_marks_changed(self, message: VirtualList.MarksChanged) -> None:
        self.told.append(message)

    def on_virtual_list_opened(self, message: VirtualList.Opened) -> None:
        self.told.append(message)

    def on_virtual_list_context_requested(self, message: VirtualList.ContextRequested) -> None:
        self.told.append(message)

    def on_virtual_list_load_failed(self, message: VirtualList.LoadFailed) -> None:
        self.told.append(message)


class Stage:
    """One list on a screen of its own."""

    def __init__(self, app: ListApp, pilot: Pilot[None], store: Store) -> None:
        self.app, self.pilot, self.store, self.list = app, pilot, store, app.list

    async def settle(self) -> None:
        """Wait until messages are handled and, unless the store is held back, rows are there."""
        if self.store.open.is_set():
            await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    async def show(self, keys: Iterable[int], **options: bool) -> None:
        self.list.set_keys(keys, **options)
        await self.settle()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def click(
        self, line: int, *, times: int = 1, shift: bool = False, ctrl: bool = False, button: int = 1
    ) -> None:
        await self.pilot.click(
            self.list, (6, line), times=times, shift=shift, control=ctrl, button=button
        )
        await self.settle()

    @property
    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.strips]

    @property
    def strips(self) -> list[Strip]:
        return self.list.render_lines(self.list.size.region)

    @property
    def facts(self) -> list[str]:
        """The lines without their age, so that a test reads like the screen."""
        return [line.removesuffix("3d").rstrip() for line in self.lines]

    def told(self, kind: type[Message]) -> list[Message]:
        return [message for message in self.app.told if type(message) is kind]


@asynccontextmanager
async def stage(keys: Iterable[int] | None = MANY) -> AsyncIterator[Stage]:
    store = Store()
    app = ListApp(store)
    async with app.run_test(size=(WIDTH, HEIGHT + 2)) as pilot:
        it = Stage(app, pilot, store)
        if keys is not None:
            await it.show(keys)
        app.told.clear()
        yield it
        store.open.set()
