"""The memory mode: find, read, correct, delete and restore what bots remember."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import Input
from textual.worker import Worker

from backend.types import BoternityError, InvalidFilter, MemoryLine, MemorySort, ScoreParts
from tui.screens.memory_acts import MemoryActs
from tui.widgets.filter_line import FilterLine
from tui.widgets.memory_detail import Detail, MemoryDetail
from tui.widgets.memory_list import MemoryList
from tui.widgets.virtual_list import VirtualList

DETAIL_DELAY = 0.08
"""Seconds the cursor rests before its memory is read: a held key reads none."""
RANK_DELAY = 0.2
"""Seconds after the last key until meaning joins the words."""
WAIT_FOR_INDEX = 1.0
"""Seconds until an index that was starting is asked again."""
_NEAR = 4

EMPTY = "No memories yet: press a to write the first one."
NOTHING_FOUND = "Nothing matches. Press esc to clear the filter, or a to write it down."


class Pane(Horizontal):
    """The frame around the list: the border is here, for a bordered list scrolls slower."""

    ALLOW_MAXIMIZE = True


class MemoryScreen(MemoryActs):
    """A filter line, the list, and the detail of the memory under the cursor."""

    CSS_PATH = ["../../styles/memory.tcss"]

    def __init__(self, mode: str) -> None:
        super().__init__(mode)
        self.sort = MemorySort.NEWEST
        self._parts: dict[int, ScoreParts] = {}
        self._matching: Sequence[int] = ()
        self._total = 0
        self._rank_timer: Timer | None = None
        self._detail_timer: Timer | None = None
        self._wanted: int | None = None
        self._marks: list[int] = []
        self._has_something = asyncio.Event()

    def compose_panes(self) -> ComposeResult:
        yield FilterLine(self.backend.memories.suggestions)
        with Horizontal(id="panes"):
            with Pane(id="list-pane", classes="pane"):
                yield MemoryList(
                    self._read_lines,
                    now=lambda: self.backend.now().timestamp(),
                    id="memories",
                )
            yield MemoryDetail(id="detail", classes="pane")

    # Parts of the screen

    @property
    def memory_list(self) -> MemoryList:
        return self.query_one("#memories", MemoryList)

    @property
    def filter_line(self) -> FilterLine:
        return self.query_one(FilterLine)

    @property
    def filter_text(self) -> str:
        return self.filter_line.value

    # Arriving and leaving

    def on_mount(self) -> None:
        """Open where the program was left."""
        self.query_one("#list-pane").border_title = "facts"
        left = self.boternity.left.get("memory")
        if isinstance(left, dict):
            self._resume(left)
        self.memory_list.focus()
        self.load()

    async def arrive(self) -> None:
        await self._has_something.wait()

    def _resume(self, left: dict[str, Any]) -> None:
        if left.get("sort") in list(MemorySort):
            self.sort = MemorySort(left["sort"])
        with self.filter_line.prevent(Input.Changed):
            self.filter_line.value = str(left.get("filter", ""))
        cursor = left.get("cursor")
        self._wanted = cursor if isinstance(cursor, int) else None
        self._marks = [row for row in left.get("marks", []) if isinstance(row, int)]

    def place(self) -> dict[str, Any]:
        return {
            "memory": {
                "filter": self.filter_text,
                "sort": self.sort.value,
                "cursor": self.memory_list.cursor_key,
                "marks": self.memory_list.marked_keys()[:1000],
            }
        }

    def bot_changed(self) -> None:
        self._forget_ranks()
        self.store_changed()  # acts done in another mode were not told to this one

    def store_changed(self) -> None:
        self.load()
        self.memory_list.invalidate()
        self._read_detail_soon()

    def time_passed(self) -> None:
        self.memory_list.redraw()

    def go_to(self, row: int) -> None:
        """Put the cursor on a memory, clearing a filter that hides it."""
        self._wanted = row
        if not self.memory_list.move_to_key(row):
            self.use_filter("")

    def use_filter(self, text: str) -> None:
        """Show what a filter line matches."""
        self.filter_line.value = text
        self.load()

    def step_back(self) -> bool:
        if self.maximized is not None:
            self.minimize()
        elif self.filter_line.input.has_focus:
            self.memory_list.focus()
        elif self.filter_text:
            self.filter_line.value = ""
        elif self.memory_list.mark_count:
            self.memory_list.action_mark_none()
        elif self.has_class("-reading"):
            self.remove_class("-reading")
            self.memory_list.focus()
        elif not self.memory_list.has_focus:
            self.memory_list.focus()
        else:
            return False
        return True

    # The list

    def load(self, *, typing: bool = False) -> Worker[None]:
        """Read which memories there are, in order; the cursor stays on its memory."""
        return self._load(self.filter_text, typing or self.filter_line.input.has_focus)

    async def _read_lines(self, rows: Sequence[int]) -> list[MemoryLine]:
        try:
            return await self.backend.memories.lines(rows)
        finally:
            self._has_something.set()

    @work(exclusive=True, group="list", exit_on_error=False)
    async def _load(self, text: str, typing: bool) -> None:
        await self._load_keys(text, typing)
        if not len(self.memory_list.keys):
            self._has_something.set()  # a sentence: no lines will be read

    async def _load_keys(self, text: str, typing: bool) -> None:
        bot = self.boternity.bot
        bot_id = bot.id if bot else None
        try:
            keys = await self.backend.memories.keys(bot_id, text, sort=self.sort, typing=typing)
            self._total = await self.backend.memories.count(bot_id) if text else len(keys)
            owners = (
                {}
                if bot
                else {str(s.bot.id): s.bot.name for s in await self.backend.bots.summaries()}
            )
        except InvalidFilter as error:
            self.filter_line.refuse(str(error))
            return
        except BoternityError as error:
            self.memory_list.show_error(str(error))
            return
        self.memory_list.set_owners(owners)
        self.memory_list.set_empty_text(NOTHING_FOUND if text else EMPTY)
        self._matching = keys
        if self.is_ranked:
            # At once, not the matching ones first: what only meaning found would leave the list
            # for a moment, and take the cursor and its mark with it.
            self._rank()
            return
        self._show_keys(keys, by=self.sort.value)
        if text.strip() and bot is not None:
            self._rank_soon()

    def _show_keys(self, keys: Any, *, by: str) -> None:
        self.memory_list.set_keys(keys)
        if self._wanted is not None:
            self.memory_list.move_to_key(self._wanted)
            self._wanted = None
        if self._marks:
            self.memory_list.mark_keys(self._marks)
            self._marks = []
        count = f"{len(keys):,} of {self._total:,}" if self.filter_text else f"{len(keys):,}"
        self.filter_line.accept(f"{count} · {by}")
        self._read_detail_soon()

    # Search by meaning joins when typing rests

    @property
    def is_ranked(self) -> bool:
        """Tell whether the list is ordered by how well each memory fits the words."""
        return bool(self._parts)

    def _rank_soon(self, delay: float = RANK_DELAY) -> None:
        if self._rank_timer is not None:
            self._rank_timer.stop()
        self._rank_timer = self.set_timer(delay, self._rank)

    def _rank(self) -> None:
        bot = self.boternity.bot
        if bot is not None and self.filter_text.strip():
            self._rank_by_meaning(self.filter_text)

    @work(exclusive=True, group="rank", exit_on_error=False)
    async def _rank_by_meaning(self, text: str) -> None:
        bot = self.boternity.bot
        assert bot is not None
        try:
            ranked = await self.backend.recall.ranked_rows(bot.id, text)
        except BoternityError as error:
            self.filter_line.refuse(str(error))
            return
        if text != self.filter_text or ranked is None:
            return  # something else was typed meanwhile, or there are no words to rank by
        self._parts = {row.row: row.parts for row in ranked.rows}
        self.memory_list.set_scores({row.row: row.score for row in ranked.rows})
        by = "words + meaning" if ranked.vectors == "ready" else f"words (index {ranked.vectors})"
        first = [row.row for row in ranked.rows]
        rest = [key for key in self._matching if key not in self._parts]
        self._show_keys([*first, *rest], by=by)
        if ranked.vectors == "starting":
            self._rank_soon(WAIT_FOR_INDEX)

    def _forget_ranks(self) -> None:
        self._parts = {}
        self.memory_list.set_scores({})
        self.workers.cancel_group(self, "rank")

    # What happens on the screen

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        self._forget_ranks()
        self.load(typing=True)

    @on(Input.Submitted, "#filter")
    def _submitted(self) -> None:
        self.memory_list.focus()

    @on(VirtualList.CursorMoved)
    def _moved(self) -> None:
        self._read_detail_soon()

    @on(VirtualList.MarksChanged)
    def _marked(self, event: VirtualList.MarksChanged) -> None:
        self.query_one("#list-pane").border_subtitle = (
            f"{event.count:,} marked" if event.count else ""
        )

    @on(VirtualList.Opened)
    def _opened(self) -> None:
        self.add_class("-reading")
        self.query_one(MemoryDetail).focus()

    @on(VirtualList.LoadFailed)
    def _failed(self, event: VirtualList.LoadFailed) -> None:
        self.boternity.tell(str(event.error), failed=True)

    # The detail

    def _read_detail_soon(self) -> None:
        if self._detail_timer is not None:
            self._detail_timer.stop()
        self._detail_timer = self.set_timer(DETAIL_DELAY, self._read_detail)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _read_detail(self) -> None:
        pane = self.query_one(MemoryDetail)
        row = self.memory_list.cursor_key
        if row is None:
            pane.show(None)
            return
        try:
            entries = await self.backend.memories.entries([row])
            if not entries:
                pane.show(None)
                return
            (entry,) = entries
            owner = (await self.backend.bots.by_id(entry.bot_id)).name
            make = partial(
                Detail, entry, owner, self.backend.now().timestamp(), self._parts.get(row)
            )
            history = await self.backend.history.of_memory(entry.id)
            pane.show(make(history=history))
            near = await self.backend.memories.near(entry.id, limit=_NEAR)
        except BoternityError as error:
            self.boternity.tell(str(error), failed=True)
            return
        if near and self.memory_list.cursor_key == row:
            pane.show(make(history=history, near=near))
