"""A list whose rows change, leave and fail to come while somebody looks at it."""

from __future__ import annotations

from tests.pilot.list_stage import MANY, WIDTH, stage
from tui.widgets.virtual_list import VirtualList


async def test_rows_added_above_move_neither_the_cursor_nor_the_picture() -> None:
    async with stage(range(100, 200)) as it:
        await it.press(*["j"] * 14)
        before = it.facts
        it.app.told.clear()

        await it.show([*range(50), *range(100, 200)])

        assert it.facts == before
        assert it.list.cursor_key == 114
        assert not it.app.told


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
