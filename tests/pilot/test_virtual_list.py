"""A list of a hundred thousand rows, driven by keys, by mouse and by other processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.events import MouseScrollDown
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


# Fetching and painting


async def test_a_hundred_thousand_rows_are_read_a_page_at_a_time() -> None:
    async with stage() as it:
        assert it.facts[:3] == ["▌  fact 1", "   fact 2", "   fact 3"]
        assert it.store.asked == [list(range(1, 257))]

        await it.press("G")

        assert it.facts[-1] == "▌  fact 100000"
        assert sorted(it.store.asked[1]) == list(range(99_841, 100_001))


async def test_an_outline_stands_where_rows_are_still_being_read() -> None:
    async with stage(None) as it:
        assert "┄" in it.lines[0]

        it.store.open.clear()
        await it.show(MANY)
        assert it.lines[0].startswith("▌  ┄")

        it.store.open.set()
        await it.settle()
        assert it.facts[0] == "▌  fact 1"


async def test_reading_ahead_never_keeps_a_person_waiting() -> None:
    async with stage() as it:
        it.store.open.clear()
        it.list.move_to_key(200)  # reads the second page ahead
        await it.settle()
        assert [asked[0] for asked in it.store.asked] == [1, 257]

        await it.press("G")

        assert it.store.asked[-1][-1] == 100_000


async def test_scrolling_reads_ahead_so_that_no_outline_is_seen() -> None:
    async with stage() as it:
        for top in range(0, 900, 100):
            it.list.scroll_to(y=top, animate=False)
            assert not any("┄" in line for line in it.lines)
            await it.settle()


async def test_a_key_in_view_repaints_two_lines_and_draws_no_row_twice() -> None:
    async with stage() as it:
        await it.press("j", "k")
        it.list.repainted.clear()
        drawn = it.list.drawn

        await it.press("j")

        assert it.list.repainted == [0, 1]
        assert it.list.drawn == drawn


async def test_every_line_fills_the_list_exactly_whatever_the_text() -> None:
    async with stage(range(1, 6)) as it:
        it.store.words = {
            1: "\x1b[31mred\x1b[0m",
            2: "漢字" * 30,
            3: "👩\u200d👩\u200d👧" * 30,
            4: "user\u202etxt.exe",
            5: "one\ntwo",
        }
        it.store.revision = 2
        it.list.invalidate()
        await it.settle()

        assert it.facts[0] == "▌  ␛[31mred␛[0m"
        assert it.facts[3] == "   user⇄txt.exe"
        assert it.facts[4] == "   one⏎two"
        for strip in it.strips:
            assert strip.cell_length == cell_len(strip.text) == WIDTH


async def test_a_list_at_rest_runs_nothing() -> None:
    async with stage() as it:
        await it.press("j", "G", "g")

        assert not list(it.app.workers)
        assert not it.list._timers


async def test_another_theme_draws_the_rows_anew() -> None:
    async with stage() as it:
        before = it.strips[3]

        it.app.theme = "textual-light"
        await it.settle()

        after = it.strips[3]
        assert after.text == before.text
        assert list(after) != list(before)


async def test_rows_are_drawn_anew_when_asked() -> None:
    async with stage() as it:
        drawn = it.list.drawn

        it.list.redraw()
        await it.settle()

        assert it.list.drawn == drawn + HEIGHT


# Moving


@pytest.mark.parametrize(
    ("keys", "cursor", "top"),
    [
        (["j", "j", "down"], 4, 1),
        (["j", "k", "k", "up"], 1, 1),
        (["j"] * 10, 11, 2),
        (["G"], 100_000, 99_991),
        (["G", "g"], 1, 1),
        (["end", "k", "home"], 1, 1),
        (["ctrl+d"], 6, 6),
        (["j", "ctrl+d", "ctrl+d", "ctrl+u"], 7, 6),
        (["pagedown"], 10, 10),
        (["pagedown", "pageup"], 1, 1),
        (["G", "pagedown"], 100_000, 99_991),
    ],
)
async def test_a_moving_key_puts_the_cursor_in_view(keys: list[str], cursor: int, top: int) -> None:
    async with stage() as it:
        await it.press(*keys)

        assert it.list.cursor_key == cursor
        assert it.facts[0].endswith(f"fact {top}")
        assert it.facts[cursor - top] == f"▌  fact {cursor}"


async def test_the_screen_hears_where_the_cursor_came_to_rest() -> None:
    async with stage() as it:
        for _ in range(5):
            it.list.action_cursor_down()
        await it.settle()

        keys = [m.key for m in it.app.told if isinstance(m, VirtualList.CursorMoved)]
        assert keys[-1] == 6
        assert len(keys) < 5


async def test_a_row_is_found_by_its_number() -> None:
    async with stage() as it:
        assert it.list.move_to_key(50_000)
        await it.settle()

        assert "▌  fact 50000" in it.facts
        assert not it.list.move_to_key(-1)


async def test_the_cursor_stays_in_view_when_the_pane_shrinks() -> None:
    async with stage() as it:
        await it.press(*["j"] * 8)

        it.list.styles.height = 5
        await it.settle()

        assert [line for line in it.facts if line.startswith("▌")] == ["▌  fact 9"]
        assert len(it.lines) == 5


async def test_keys_do_nothing_in_an_empty_list() -> None:
    async with stage([]) as it:
        await it.press("j", "k", "G", "g", "space", "v", "enter", "m", "pagedown", "asterisk")

        assert it.list.cursor_key is None
        assert it.list.target_keys() == []
        assert not it.told(VirtualList.Opened)


# Marking


async def test_space_marks_a_row_and_moves_on() -> None:
    async with stage(range(1, 6)) as it:
        await it.press("space", "space", "k", "space")

        assert it.facts[:4] == [" ✓ fact 1", "   fact 2", "▌  fact 3", "   fact 4"]
        assert it.list.target_keys() == [1]


async def test_a_range_follows_the_cursor_until_it_is_kept() -> None:
    async with stage(range(1, 9)) as it:
        await it.press("j", "v", "j", "j", "j", "k")
        assert it.list.marked_keys() == [2, 3, 4]
        assert it.facts[1:4] == [" ✓ fact 2", " ✓ fact 3", "▌✓ fact 4"]

        await it.press("v", "j", "j")

        assert it.list.marked_keys() == [2, 3, 4]


async def test_a_range_over_a_jump_repaints_all_of_it() -> None:
    async with stage(range(1, 9)) as it:
        await it.press("v", "G")

        assert it.facts[:8] == [*(f" ✓ fact {n}" for n in range(1, 8)), "▌✓ fact 8"]


async def test_all_and_none() -> None:
    async with stage() as it:
        await it.press("asterisk")
        assert it.list.mark_count == 100_000
        assert it.facts[1] == " ✓ fact 2"

        await it.press("minus")

        assert it.list.mark_count == 0
        assert it.facts[1] == "   fact 2"
        counts = [m.count for m in it.app.told if isinstance(m, VirtualList.MarksChanged)]
        assert counts == [100_000, 0]


async def test_without_marks_an_act_applies_to_the_row_under_the_cursor() -> None:
    async with stage() as it:
        await it.press("j")

        assert it.list.target_keys() == [2]


# Mouse


async def test_a_click_moves_the_cursor_and_a_second_opens() -> None:
    async with stage() as it:
        await it.click(4)
        assert it.list.cursor_key == 5
        assert not it.told(VirtualList.Opened)

        await it.click(4, times=2)

        (opened,) = it.told(VirtualList.Opened)
        assert isinstance(opened, VirtualList.Opened)
        assert opened.key == 5


async def test_clicks_with_shift_and_ctrl_mark() -> None:
    async with stage() as it:
        await it.click(1)
        await it.click(3, shift=True)
        assert it.list.marked_keys() == [2, 3, 4]

        await it.click(2, ctrl=True)
        await it.click(6, ctrl=True)

        assert it.list.marked_keys() == [2, 4, 7]
        assert it.list.cursor_key == 7


async def test_a_right_click_asks_for_the_acts_of_the_row_under_the_mouse() -> None:
    async with stage() as it:
        await it.click(3, button=3)

        (asked,) = it.told(VirtualList.ContextRequested)
        assert isinstance(asked, VirtualList.ContextRequested)
        assert (asked.key, asked.at) == (4, (6, 3))


async def test_what_the_mouse_does_the_keys_do_too() -> None:
    async with stage() as it:
        await it.press("j", "enter", "m")

        (opened,) = it.told(VirtualList.Opened)
        (asked,) = it.told(VirtualList.ContextRequested)
        assert isinstance(opened, VirtualList.Opened)
        assert isinstance(asked, VirtualList.ContextRequested)
        assert (opened.key, asked.key, asked.at) == (2, 2, (0, 1))


async def test_a_click_below_the_last_row_does_nothing() -> None:
    async with stage(range(1, 4)) as it:
        await it.click(6)

        assert it.list.cursor_key == 1


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    async with stage() as it:
        wheel = MouseScrollDown(it.list, 3, 3, 0, 1, 0, False, False, False)
        for _ in range(10):
            it.list.post_message(wheel)
        await it.settle()
        lines = it.app.scroll_sensitivity_y * 10
        assert it.facts[0] == f"   fact {lines + 1:.0f}"
        assert it.list.cursor_key == 1

        await it.press("j")

        assert it.facts[0] == "▌  fact 2"


# Changes from elsewhere


async def test_rows_added_above_move_neither_the_cursor_nor_the_picture() -> None:
    async with stage(range(100, 200)) as it:
        await it.press(*["j"] * 14)
        before = it.facts

        await it.show([*range(50), *range(100, 200)])

        assert it.facts == before
        assert it.list.cursor_key == 114
        assert not [m for m in it.app.told[14:] if isinstance(m, VirtualList.CursorMoved)]


async def test_rows_added_above_a_scrolled_view_do_not_move_it() -> None:
    async with stage(range(100, 200)) as it:
        it.list.scroll_to(y=40, animate=False)
        await it.settle()
        before = it.facts

        await it.show([*range(5), *range(100, 200)])

        assert it.facts == before


async def test_the_scrollbar_follows_the_number_of_rows() -> None:
    async with stage(range(1, 6)) as it:
        assert it.strips[0].cell_length == WIDTH

        await it.show(range(1, 50))
        assert it.strips[0].cell_length == WIDTH - 1

        await it.show(range(1, 6))
        assert it.facts[:6] == ["▌  fact 1", *(f"   fact {n}" for n in range(2, 6)), ""]


async def test_a_removed_row_hands_the_cursor_to_the_next_and_its_mark_is_forgotten() -> None:
    async with stage(range(1, 9)) as it:
        await it.press("j", "space", "space", "k")
        assert (it.list.cursor_key, it.list.marked_keys()) == (3, [2, 3])

        it.list.remove_keys([3])
        await it.settle()

        assert (it.list.cursor_key, it.list.marked_keys()) == (4, [2])
        assert it.facts[2] == "▌  fact 4"


async def test_another_question_starts_at_the_top() -> None:
    async with stage() as it:
        await it.press("G")

        await it.show(range(1, 5000), keep_cursor=False)

        assert it.list.cursor_key == 1
        assert it.facts[0] == "▌  fact 1"


async def test_a_changed_row_shows_its_new_words_and_no_outline_in_between() -> None:
    async with stage() as it:
        it.store.words[2] = "Prefers light mode"
        it.store.open.clear()
        it.list.invalidate([2])
        await it.settle()
        assert it.facts[1] == "   fact 2"

        it.store.open.set()
        await it.settle()

        assert it.facts[1] == "   Prefers light mode"  # at the same revision, too
        assert it.store.asked[-1] == [2]


async def test_a_row_deleted_elsewhere_says_so() -> None:
    async with stage() as it:
        it.store.deleted.add(2)
        it.list.invalidate([2])
        await it.settle()

        assert it.lines[1] == "   no longer there"


# States


async def test_an_empty_list_names_the_key_that_makes_the_first_row() -> None:
    async with stage([]) as it:
        assert "No facts yet: press a to add one." in [line.strip() for line in it.lines]

        it.list.set_empty_text("Nothing matches: press escape to clear the filter.")
        await it.settle()

        assert "Nothing matches: press escape to" in [line.strip() for line in it.lines]


async def test_a_failed_read_is_told_in_the_list_and_can_be_repeated() -> None:
    async with stage(None) as it:
        it.store.error = OSError("The disk is full\x1b[2J: free some space, then press R.")
        await it.show(MANY)
        text = " ".join(line.strip() for line in it.lines if line)
        assert text == "✖ The disk is full␛[2J: free some space, then press R."
        (failed,) = it.told(VirtualList.LoadFailed)
        assert isinstance(failed, VirtualList.LoadFailed)
        assert failed.error is it.store.error

        it.store.error = None
        it.list.retry()
        await it.settle()

        assert it.facts[0] == "▌  fact 1"


async def test_a_list_with_a_border_shows_the_same_rows() -> None:
    async with stage() as it:
        it.list.styles.border = ("round", "white")
        await it.settle()
        await it.click(3)

        assert it.list.cursor_key == 3
        assert it.lines[1].startswith("│   fact 1")
        assert it.lines[3].startswith("│▌  fact 3")
