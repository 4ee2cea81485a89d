"""What each key of the memory mode does to the list, the store and the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.types import MemoryDraft
from tests.pilot.dashboard_stage import NEWEST_FIRST, USER, dashboard
from tui.widgets.memory_detail import MemoryDetail


async def test_it_opens_on_the_newest_memory_of_the_current_bot(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        assert stage.shown() == NEWEST_FIRST
        assert stage.rows.has_focus
        assert stage.rows.cursor_index == 0
        assert "heron" in str(stage.screen.query_one(MemoryDetail).border_title)


async def test_delete_puts_the_memory_into_the_trash_and_z_takes_it_back(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("d")
        assert stage.shown() == NEWEST_FIRST[1:]
        assert "deleted 1 memory · z to undo" in stage.toasts()

        await stage.press("z")
        assert stage.shown() == NEWEST_FIRST
        assert any(toast.startswith("undid: deleted 1 memory") for toast in stage.toasts())

        await stage.press("Z")
        assert stage.shown() == NEWEST_FIRST[1:]


async def test_marked_memories_are_deleted_as_one_act(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("space", "space", "d")
        assert stage.shown() == NEWEST_FIRST[2:]

        await stage.press("z")
        assert sorted(stage.shown()) == sorted(NEWEST_FIRST)


async def test_the_trash_is_listed_by_a_filter_and_restored_from_it(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("d")
        await stage.press("slash", *"is:deleted", "enter")
        await stage.until(lambda: stage.shown() == NEWEST_FIRST[:1], "the trash is shown")

        await stage.press("r")

        await stage.until(lambda: stage.shown() == [], "the trash is empty")
        assert sorted(await stage.facts()) == sorted(NEWEST_FIRST)


async def test_typing_finds_the_beginnings_of_words_at_once(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("slash", *"danc")

        await stage.until(lambda: stage.shown() == ["Dances on Thursdays"], "the word is found")


async def test_a_filter_that_cannot_be_read_says_why_and_keeps_the_list(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        stage.screen.use_filter("catt:fact")
        await stage.settled()

        assert stage.screen.filter_line.has_class("-refused")
        assert stage.shown() == NEWEST_FIRST


async def test_escape_goes_back_one_step_at_a_time(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("space", "slash", *"da")
        await stage.press("escape")
        assert stage.rows.has_focus
        assert stage.screen.filter_text == "da"

        await stage.press("escape")
        assert stage.screen.filter_text == ""

        await stage.press("space", "escape")
        assert stage.rows.mark_count == 0


async def test_pin_and_unpin_are_acts_of_their_own(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("p")
        assert await stage.facts("is:pinned") == NEWEST_FIRST[:1]

        await stage.press("p")
        assert await stage.facts("is:pinned") == []

        await stage.press("z")
        assert await stage.facts("is:pinned") == NEWEST_FIRST[:1]


async def test_tags_are_added_and_taken_away(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("number_sign")
        await stage.press(*"home -nothing", "enter")
        await stage.settled()
        assert await stage.facts("tag:home") == NEWEST_FIRST[:1]

        await stage.press("number_sign", *"-home", "enter")
        await stage.settled()
        assert await stage.facts("tag:home") == []


async def test_the_order_changes_by_key_and_is_named(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("o")

        assert stage.shown() == NEWEST_FIRST[::-1]
        assert stage.screen.sort.value == "oldest"


async def test_add_writes_a_memory_and_puts_the_cursor_on_it(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("a")
        await stage.press(*"Likes tea", "ctrl+s")

        await stage.until(lambda: "Likes tea" in stage.shown(), "the new memory is shown")
        row = stage.rows.cursor_row
        assert row is not None
        assert row.fact == "Likes tea"


async def test_edit_changes_the_text_and_keeps_the_cursor(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("j", "e")
        await stage.press("ctrl+end", *"!!", "ctrl+s")

        await stage.until(
            lambda: "Prefers dark mode in every editor!!" in stage.shown(), "the edit is shown"
        )
        assert stage.rows.cursor_index == 1


async def test_copy_takes_the_texts_of_all_marked(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("space", "space", "y")

        assert stage.app.clipboard == "\n".join(NEWEST_FIRST[:2])


async def test_what_another_program_writes_appears_without_moving_the_cursor(
    tmp_path: Path,
) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("j")
        bot = await stage.backend.bots.get("ana")

        await stage.backend.memories.add(bot.id, MemoryDraft(fact="Newest of all"), actor=USER)

        await stage.until(lambda: "Newest of all" in stage.shown(), "the new memory is shown")
        row = stage.rows.cursor_row
        assert row is not None
        assert row.fact == NEWEST_FIRST[1]


async def test_the_next_start_opens_where_this_one_was_left(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("slash", *"mode", "enter")
        await stage.press("space", "o")
        await stage.app.keep_place()

    async with dashboard(tmp_path) as stage:
        assert stage.screen.filter_text == "mode"
        assert stage.screen.sort.value == "oldest"
        assert stage.rows.mark_count == 1


@pytest.mark.parametrize("digit", "1345678")
async def test_a_mode_that_is_not_built_says_so_and_is_no_dead_end(
    tmp_path: Path, digit: str
) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press(digit)
        assert stage.app.screen.query("#coming")

        await stage.press("2")
        assert stage.shown() == NEWEST_FIRST


async def test_enter_opens_the_detail_where_the_screen_is_too_small_for_both(
    tmp_path: Path,
) -> None:
    async with dashboard(tmp_path, size=(60, 20)) as stage:
        detail = stage.screen.query_one(MemoryDetail)
        assert detail not in stage.panes()

        await stage.press("enter")
        assert detail in stage.panes()
        assert detail.has_focus

        await stage.press("escape")
        assert stage.rows.has_focus
        assert detail not in stage.panes()


async def test_maximise_gives_the_list_the_whole_screen(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("plus")
        assert stage.screen.maximized is not None

        await stage.press("escape")
        assert stage.screen.maximized is None


async def test_markup_and_control_characters_in_a_fact_are_shown_not_obeyed(
    tmp_path: Path,
) -> None:
    nasty = "[red]markup[/] \x1b[31mred\x1b[0m \x00 ‮rtl"
    async with dashboard(tmp_path, facts=[MemoryDraft(fact=nasty)]) as stage:
        assert await stage.facts() == [nasty]
        line = stage.rows.render_line(0).text
        assert "[red]markup[/]" in line
        assert "\x1b" not in line
        assert "‮" not in line


async def test_the_filter_is_saved_under_a_name(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as stage:
        await stage.press("slash", *"imp>=4", "enter")
        await stage.press("f", *"big ones", "enter")
        await stage.settled()

        saved = await stage.backend.workspace.filters()
        assert [(each.name, each.text) for each in saved] == [("big ones", "imp>=4")]


async def test_an_empty_bot_says_which_key_writes_the_first_memory(tmp_path: Path) -> None:
    async with dashboard(tmp_path, facts=[]) as stage:
        text = "\n".join(stage.rows.render_line(y).text for y in range(12))

        assert "press a to write the first one" in text
