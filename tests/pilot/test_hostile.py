"""What a hostile, demanding person found broken at the dashboard; each stays mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static
from textual.widgets._toast import Toast

from backend.types import BotStatus, MemoryChange, MemoryDraft, RankedRow, RankedRows, ScoreParts
from tests.doubles.clock import START as NOW
from tests.pilot.dashboard_stage import FACTS, NEWEST_FIRST, USER, dashboard
from tui.screens.dialogs import Confirm
from tui.screens.form_fields import FactField
from tui.screens.memory_form import MemoryForm
from tui.widgets.memory_detail import MemoryDetail

MARKUP = "evil \x1b[31mred \x1b[0m [red]markup[/] [/]"


def _drafts(*facts: str) -> tuple[MemoryDraft, ...]:
    return tuple(MemoryDraft(fact=fact, created_at=NOW) for fact in facts)


async def test_a_fact_that_looks_like_markup_has_a_detail_with_all_its_letters(
    tmp_path: Path,
) -> None:
    async with dashboard(tmp_path / "home", facts=_drafts(MARKUP, "plain")) as stage:
        detail = stage.screen.query_one(MemoryDetail)
        await stage.press("j")
        await stage.until(lambda: "evil" in str(detail._border_title), "the detail follows")

        shown = detail._border_title
        assert shown is not None
        assert shown.plain == "evil ␛[31mred ␛[0m [red]markup[/] [/]"


async def test_a_fact_with_a_nul_is_whole_in_the_list(tmp_path: Path) -> None:
    async with dashboard(tmp_path / "home", facts=_drafts("before\0after")) as stage:
        assert stage.shown() == ["before\0after"]


async def test_what_was_undone_in_another_mode_is_shown_as_it_is_now(tmp_path: Path) -> None:
    async with dashboard(tmp_path / "home") as stage:
        await stage.press("d", "8", "z", "2")
        await stage.until(lambda: len(stage.rows.keys) == len(FACTS), "the memory is back")
        await stage.settled()

        rows = [stage.rows.row_of(key) for key in stage.rows.keys]
        assert [row.status for row in rows if row is not None] == ["live"] * len(FACTS)


@pytest.mark.parametrize("pane", ["list-pane", "detail"])
async def test_a_pane_made_large_gets_the_whole_screen(tmp_path: Path, pane: str) -> None:
    async with dashboard(tmp_path / "home", size=(160, 45)) as stage:
        if pane == "detail":
            await stage.press("enter")

        await stage.press("plus")

        assert stage.screen.query_one(f"#{pane}").size.width > 150


async def test_a_text_refused_by_the_store_comes_back_to_its_form(tmp_path: Path) -> None:
    async with dashboard(tmp_path / "home") as stage:
        await stage.press("a", *"precious")
        await stage.backend.bots.set_status("ana", BotStatus.ARCHIVED, actor=USER)
        await stage.press("ctrl+s")
        await stage.until(lambda: bool(stage.toasts()), "the refusal is told")
        await stage.until(lambda: isinstance(stage.app.screen, MemoryForm), "the form is back")
        await stage.pilot.pause()

        assert stage.app.screen.query_one(FactField).fact == "precious"

        await stage.pilot.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, Confirm), "leaving is asked for")


async def test_an_edit_that_somebody_was_faster_with_is_not_lost(tmp_path: Path) -> None:
    async with dashboard(tmp_path / "home") as stage:
        (entry,) = await stage.backend.memories.entries([stage.rows.keys[0]])
        await stage.press("e", *"mine ")
        await stage.backend.memories.edit([entry.id], MemoryChange(importance=1), actor=USER)
        await stage.press("ctrl+s")
        await stage.until(lambda: bool(stage.toasts()), "the conflict is told")
        await stage.until(lambda: isinstance(stage.app.screen, MemoryForm), "the form is back")
        await stage.pilot.pause()
        written = stage.app.screen.query_one(FactField).fact

        await stage.press("ctrl+s")

        assert "mine" in written
        assert written in await stage.facts()


@pytest.mark.parametrize("key", ["e", "E", "d", "p", "y", "number_sign"])
async def test_an_act_on_nothing_says_so(tmp_path: Path, key: str) -> None:
    async with dashboard(tmp_path / "home", facts=()) as stage:
        await stage.press(key)

        assert stage.toasts() == ["There is no memory under the cursor: press a to write one."]


async def test_the_same_refusal_twice_is_shown_once(tmp_path: Path) -> None:
    async with dashboard(tmp_path / "home") as stage:
        await stage.press("asterisk", "E", "E", "E")

        assert stage.toasts() == ["Your editor takes one memory at a time."]


@pytest.mark.parametrize("width", [60, 80, 100])
async def test_no_line_of_a_toast_lies_under_the_keys(tmp_path: Path, width: int) -> None:
    async with dashboard(tmp_path / "home", size=(width, 30)) as stage:
        for letters in (25, 26, 27, 45, 46, 47, 48, 52, 53, 54, 104):
            stage.app.tell(("word " * 80)[: letters - 1] + "x")
            await stage.pilot.pause(0.05)

            assert stage.app.screen.query(Toast).last().region.bottom == 29, letters


async def test_a_refused_filter_can_be_read_to_its_end_on_a_small_screen(tmp_path: Path) -> None:
    async with dashboard(tmp_path / "home", size=(60, 20)) as stage:
        await stage.press("slash", *"foo:bar")
        await stage.until(lambda: stage.screen.filter_line.has_class("-refused"), "it is refused")
        await stage.pilot.pause()

        refusal = stage.screen.query_one("#filter-count", Static)
        lines = [refusal.render_line(y).text.strip() for y in range(refusal.size.height)]
        assert " ".join(lines).endswith('To search for the text, write "foo:bar".')


async def test_the_owners_leave_the_list_when_one_bot_is_chosen(tmp_path: Path) -> None:
    async with dashboard(tmp_path / "home", bots=("Ana", "Ben")) as stage:
        await stage.app.choose_bot(None)
        await stage.settled()
        with_owner = stage.rows.render_line(0).text

        await stage.app.choose_bot("ana")
        await stage.settled()

        assert "Ana" in with_owner
        assert "Ana" not in stage.rows.render_line(0).text


async def test_another_program_renames_archives_and_removes_the_bot_on_the_screen(
    tmp_path: Path,
) -> None:
    async with dashboard(tmp_path / "home", bots=("Ana", "Ben")) as stage:
        await stage.backend.bots.rename("ana", "Anna", actor=USER)
        await stage.until(lambda: stage.app.bot_title == "Anna", "the new name")
        await stage.backend.bots.set_status("ana", BotStatus.ARCHIVED, actor=USER)
        await stage.until(lambda: BotStatus.ARCHIVED in stage.app.bot_title, "its state")

        await stage.backend.bots.remove("ana", actor=USER)

        await stage.until(lambda: stage.app.bot_title == "all bots", "all bots instead")
        await stage.until(lambda: not len(stage.rows.keys), "its memories are gone")
        assert stage.toasts()[-1] == "The bot Anna was removed: these are all bots."


async def test_an_act_that_breaks_off_where_nobody_foresaw_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dashboard(tmp_path / "home") as stage:

        def broken(detail: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(stage.screen.query_one(MemoryDetail), "show", broken)
        await stage.press("j")
        await stage.until(lambda: bool(stage.toasts()), "it is told")

        assert "ZeroDivisionError" in stage.toasts()[0]
        assert (tmp_path / "home" / "last-errors.log").exists()


async def test_a_filter_without_words_says_which_order_the_list_is_in(tmp_path: Path) -> None:
    async with dashboard(tmp_path / "home") as stage:
        await stage.press("slash", *"imp>=1")

        count = stage.screen.query_one("#filter-count", Static)
        assert str(count.render()).strip() == "4 of 4 · newest"
        assert stage.shown() == NEWEST_FIRST


async def test_escape_leads_from_a_mode_that_is_not_built_to_the_memories(tmp_path: Path) -> None:
    async with dashboard(tmp_path / "home") as stage:
        await stage.press("4", "escape")

        await stage.until(lambda: stage.app.current_mode == "memory", "the memories are back")


async def test_what_meaning_alone_found_keeps_cursor_and_mark_while_others_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dashboard(tmp_path / "home") as stage:
        every = list(stage.rows.keys)
        parts = ScoreParts(meaning=0.5)
        found = tuple(RankedRow(row=key, score=0.5, parts=parts) for key in every)
        ranking = RankedRows(rows=found, vectors="ready")

        async def by_meaning(bot_id: object, text: str) -> RankedRows:
            return ranking

        monkeypatch.setattr(stage.backend.recall, "ranked_rows", by_meaning)
        await stage.press("slash", *"dances", "enter")
        await stage.until(lambda: len(stage.rows.keys) == len(every), "meaning joins the words")
        await stage.press("G", "k", "space")
        marked, cursor = stage.rows.marked_keys(), stage.rows.cursor_key

        await stage.backend.bots.add("Ben", actor=USER)
        await stage.pilot.pause(0.6)

        assert (stage.rows.marked_keys(), stage.rows.cursor_key) == (marked, cursor)
