"""A list of a hundred thousand rows, driven by keys and by mouse."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.events import MouseScrollDown

from tests.pilot.list_stage import HEIGHT, MANY, WIDTH, stage
from tui.widgets.virtual_list import VirtualList

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
