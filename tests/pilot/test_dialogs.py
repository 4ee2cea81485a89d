"""Dialogs: nothing is done by a slip of a key, and foreign text stays text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from textual.geometry import Offset
from textual.screen import Screen
from textual.widgets import OptionList

from backend.types import MemoryCategory
from tests.pilot.dialog_stage import HOSTILE, asked, needs_text
from tui.keys import MEMORIES
from tui.screens.dialogs import Answer, Confirm, Prompt
from tui.screens.memory_form import BulkForm, MemoryForm
from tui.screens.menu import Menu
from tui.screens.picker import Choice, Picker, fuzzy

SIZES = ((60, 20), (200, 60))


def menu(at: Offset) -> Menu:
    return Menu("Memory", [key for key in MEMORIES if key.command], at)


# Asking before an act


def question() -> Confirm:
    return Confirm("Forget?", "Erases 3 memories for good.", verb="forget 3 memories")


@pytest.mark.parametrize("no", ["enter", "escape", "n"])
async def test_enter_escape_and_n_leave_things_as_they_are(no: str) -> None:
    async with asked(question()) as dialog:
        assert await dialog.press(no) == [False]


async def test_only_its_own_key_says_yes() -> None:
    async with asked(question()) as dialog:
        assert await dialog.press("tab", "space", "d", "x") in ([], [False])

    async with asked(question()) as dialog:
        assert await dialog.press("y") == [True]


async def test_no_number_of_tabs_brings_enter_to_yes() -> None:
    for tabs in (1, 2):
        async with asked(question()) as dialog:
            assert await dialog.press(*["tab"] * tabs, "enter") == [False]


async def test_both_answers_can_be_clicked() -> None:
    for name, answer in (("#yes", True), ("#no", False)):
        async with asked(question()) as dialog:
            await dialog.pilot.click(name)
            await dialog.pilot.pause()
            assert dialog.answers == [answer]


@pytest.mark.parametrize("key", ["enter", "escape", "n"])
def test_a_question_refuses_a_yes_that_people_press_by_habit(key: str) -> None:
    with pytest.raises(ValueError, match="choose another key"):
        Confirm("Forget?", "", verb="forget", key=key)


# One line


async def test_a_line_is_returned_as_it_was_typed() -> None:
    async with asked(Prompt("Name", value="a")) as dialog:
        await dialog.type("na b")

        assert await dialog.press("enter") == ["ana b"]


async def test_a_line_that_is_refused_stays_with_the_reason_under_it() -> None:
    async with asked(Prompt("Name", hint="a name", check=needs_text)) as dialog:
        assert dialog.message == "a name"

        assert await dialog.press("enter") == []
        assert dialog.message == "✖ A memory needs a text."

        await dialog.press("x")
        assert dialog.message == "a name"


async def test_escape_returns_no_line() -> None:
    async with asked(Prompt("Name", value="ana")) as dialog:
        assert await dialog.press("x", "escape") == [None]


# Choosing


CHOICES = [
    Choice(name, name, f"{number} memories") for number, name in enumerate(["ana", "ben", "chi"])
]


async def test_the_picker_begins_on_the_current_one() -> None:
    async with asked(Picker("Bot", CHOICES, current="ben")) as dialog:
        assert "● ben" in dialog.painted()
        assert await dialog.press("enter") == ["ben"]


async def test_typing_narrows_and_arrows_move() -> None:
    async with asked(Picker("Bot", CHOICES, current="ben")) as dialog:
        await dialog.press("down", "up", "up")
        assert await dialog.press("enter") == ["ana"]

    async with asked(Picker("Bot", CHOICES, current="ben")) as dialog:
        await dialog.type("ci")
        assert await dialog.press("enter") == ["chi"]


async def test_a_choice_can_be_clicked_and_a_click_beside_leaves() -> None:
    async with asked(Picker("Bot", CHOICES, current=None)) as dialog:
        await dialog.pilot.click(OptionList, offset=(4, 2))
        await dialog.pilot.pause()
        assert dialog.answers == ["chi"]

    async with asked(Picker("Bot", CHOICES, current=None)) as dialog:
        await dialog.pilot.click(offset=(0, 0))
        await dialog.pilot.pause()
        assert dialog.answers == [None]


async def test_nothing_that_matches_is_a_sentence_and_no_choice() -> None:
    async with asked(Picker("Bot", CHOICES, current=None)) as dialog:
        await dialog.type("zz")

        assert "Nothing is called “zz”." in dialog.painted()
        assert await dialog.press("enter") == []


def test_letters_match_in_their_order() -> None:
    assert fuzzy("rsb", "research-bot") == (0, 2, 9)
    assert fuzzy("bot", "research-bot") == (9, 10, 11)
    assert fuzzy("xb", "research-bot") is None
    assert fuzzy("", "anything") == ()


def test_a_name_of_repeated_letters_is_matched_at_once() -> None:
    assert fuzzy("ab" * 30 + "c", "ab" * 5_000) is None


# The acts of a row


async def test_an_act_is_chosen_by_arrow_by_key_and_by_click() -> None:
    async with asked(menu(Offset(5, 5))) as dialog:
        assert await dialog.press("j", "j", "enter") == ["memory.edit"]

    async with asked(menu(Offset(5, 5))) as dialog:
        assert await dialog.press("d") == ["memory.delete"]

    async with asked(menu(Offset(5, 5))) as dialog:
        await dialog.pilot.click(OptionList, offset=(3, 1))
        await dialog.pilot.pause()
        assert dialog.answers == ["memory.add"]


async def test_the_menu_follows_a_changed_keymap() -> None:
    async with asked(menu(Offset(0, 0))) as dialog:
        await dialog.press("escape")
        dialog.app.set_keymap({"memory.delete": "f8"})
        dialog.app.push_screen(menu(Offset(0, 0)), dialog.answers.append)
        await dialog.pilot.pause()

        assert await dialog.press("d", "f8") == [None, "memory.delete"]


@pytest.mark.parametrize("corner", [Offset(0, 0), Offset(59, 0), Offset(0, 19), Offset(59, 19)])
async def test_the_menu_stays_on_the_screen(corner: Offset) -> None:
    async with asked(menu(corner), size=(60, 20)) as dialog:
        box = dialog.app.screen.query_one(".dialog").region

        assert dialog.app.screen.region.contains_region(box)


# All of them


DIALOGS: dict[str, Callable[[], Screen[Any]]] = {
    "confirm": lambda: Confirm(HOSTILE, HOSTILE * 30, verb=HOSTILE),
    "prompt": lambda: Prompt(HOSTILE, value=HOSTILE, hint=HOSTILE, check=lambda _: HOSTILE),
    "picker": lambda: Picker(HOSTILE, [Choice(HOSTILE, HOSTILE, HOSTILE)] * 300, current=HOSTILE),
    "form": lambda: MemoryForm(
        HOSTILE,
        fact=HOSTILE,
        category=MemoryCategory.FACT,
        importance=3,
        tags=(HOSTILE,),
        editing=True,
        check_fact=lambda _: HOSTILE,
    ),
    "bulk": lambda: BulkForm(1_234),
    "menu": lambda: menu(Offset(50, 15)),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", DIALOGS)
async def test_every_dialog_fits_and_shows_foreign_text_as_text(
    name: str, size: tuple[int, int]
) -> None:
    async with asked(DIALOGS[name](), size) as dialog:
        await dialog.press("tab", "x")
        screen = dialog.app.screen
        if screen.query(".dialog"):
            answers = [answer.region for answer in screen.query(Answer)]
            assert screen.region.contains_region(screen.query_one(".dialog").region)
            assert all(screen.region.contains_region(region) for region in answers)

        painted = dialog.painted()

        assert not any(
            unicodedata.category(char) in ("Cc", "Cs") for char in painted if char != "\n"
        )
        assert "\u202e" not in painted
