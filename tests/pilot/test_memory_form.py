"""Writing memories: by keyboard alone, nothing typed is lost, what is not touched stays exact."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.types import MAX_TAGS, MemoryCategory, MemoryChange
from tests.pilot.dialog_stage import HOSTILE, asked, needs_text
from tui.screens.dialogs import Answer, Confirm
from tui.screens.form_fields import FactField, OneOf
from tui.screens.memory_form import BulkForm, FormResult, MemoryForm, tags_as_line, tags_of_line
from tui.widgets.editable_text import editable, restored


def form(
    fact: str = "Prefers tea",
    *,
    tags: tuple[str, ...] = ("home",),
    check: Callable[[str], str | None] = needs_text,
) -> MemoryForm:
    return MemoryForm(
        "Edit",
        fact=fact,
        category=MemoryCategory.FACT,
        importance=3,
        tags=tags,
        editing=True,
        check_fact=check,
    )


# Writing a memory


async def test_saving_without_a_change_returns_the_memory_exactly() -> None:
    tags = ("two words", 'with "quotes"', "a,b")
    fact = f"{HOSTILE}\r\nand \x0b more\u2028lines\tend "
    async with asked(form(fact, tags=tags)) as dialog:
        assert await dialog.press("ctrl+s") == [FormResult(fact, MemoryCategory.FACT, 3, tags)]


async def test_a_memory_is_written_without_a_mouse() -> None:
    async with asked(form("")) as dialog:
        await dialog.type("Likes tea")
        await dialog.press("tab", "c", "c", "enter", "5", "enter")
        await dialog.type(", work")

        (result,) = await dialog.press("ctrl+s")

    assert result == FormResult("Likes tea", MemoryCategory.CORRECTION, 5, ("home", "work"))


async def test_enter_in_the_text_is_a_new_line_and_in_the_tags_goes_on_to_save() -> None:
    async with asked(form("one")) as dialog:
        await dialog.press("enter", "x", "tab", "tab", "tab", "enter")
        focused = dialog.app.focused
        assert isinstance(focused, Answer)
        assert focused.id == "save"

        (result,) = await dialog.press("enter")

    assert result.fact == "one\nx"


async def test_what_cannot_be_saved_says_why_while_it_is_typed() -> None:
    async with asked(form("x")) as dialog:
        assert dialog.message == "One fact, in one sentence."

        await dialog.press("backspace")
        assert dialog.message == "✖ A memory needs a text."
        assert await dialog.press("ctrl+s") == []


async def test_too_many_tags_are_refused() -> None:
    async with asked(form(tags=tuple(f"t{number}" for number in range(MAX_TAGS)))) as dialog:
        await dialog.press("tab", "tab", "tab", "space", "x")

        assert (
            dialog.message == f"✖ A memory holds at most {MAX_TAGS} tags; these are {MAX_TAGS + 1}."
        )


async def test_escape_without_a_change_leaves_at_once() -> None:
    async with asked(form()) as dialog:
        assert await dialog.press("escape") == [None]


async def test_escape_asks_before_typed_text_is_lost() -> None:
    async with asked(form()) as dialog:
        assert await dialog.press("x", "escape") == []
        assert isinstance(dialog.app.screen, Confirm)

        assert await dialog.press("enter") == []
        assert isinstance(dialog.app.screen, MemoryForm)
        assert dialog.app.screen.query_one(FactField).text == "Prefers teax"

        assert await dialog.press("escape", "y") == [None]


async def test_a_very_long_fact_keeps_its_text_and_names_the_way_to_change_it() -> None:
    fact = "word " * 100_000
    async with asked(form(fact)) as dialog:
        assert "change the text with E" in dialog.message
        await dialog.press("x", "tab", "p")

        (result,) = await dialog.press("ctrl+s")

    assert (result.fact, result.category) == (fact, MemoryCategory.PREFERENCE)


@given(st.text(max_size=60))
def test_a_field_shows_no_control_and_gives_everything_back(text: str) -> None:
    shown = editable(text, lines=True)

    assert len(shown) == len(text)
    assert not any(
        unicodedata.category(char) in ("Cc", "Cs") for char in shown if char not in "\n\t"
    )
    assert restored(text, shown, lines=True) == text


def test_an_edit_beside_a_control_character_keeps_it() -> None:
    fact = "red \x1b[31m text \u202e end"

    assert restored(fact, "a " + editable(fact) + "!") == f"a {fact}!"


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("home, work", ("home", "work")),
        ("home work,,home", ("home", "work")),
        ('"two words", x', ("two words", "x")),
        (' , "" ', ()),
    ],
)
def test_tags_are_words_or_phrases_in_quotes(line: str, tags: tuple[str, ...]) -> None:
    assert tags_of_line(line) == tags
    assert tags_of_line(tags_as_line(tags)) == tags


# Many memories at once


async def test_fields_left_alone_do_not_change_marked_memories() -> None:
    async with asked(BulkForm(12)) as dialog:
        assert "Change 12 memories" in dialog.painted()
        assert dialog.message == "Nothing is chosen yet."
        assert await dialog.press("ctrl+s") == []

        await dialog.press("tab", "4", "tab")
        await dialog.type("home")
        assert dialog.message == "changes 12 memories: importance → ★★★★, + home"

        (change,) = await dialog.press("ctrl+s")

    assert change == MemoryChange(importance=4, add_tags=("home",))


async def test_a_choice_can_be_taken_back_to_as_it_is() -> None:
    async with asked(BulkForm(2)) as dialog:
        await dialog.press("d", "minus")

        assert dialog.message == "Nothing is chosen yet."
        assert dialog.app.screen.query_one("#category", OneOf).value == ""
