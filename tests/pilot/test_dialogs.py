"""Dialogs: nothing is done by a slip of a key, nothing typed is lost, foreign text stays text."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import OptionList

from backend.types import MAX_TAGS, MemoryCategory, MemoryChange
from tests.pilot.dashboard_stage import dashboard
from tui.keys import APP, MEMORIES, bindings
from tui.screens.bring_in import BringIn
from tui.screens.dialogs import STYLES, Answer, Confirm, Explanation, Prompt
from tui.screens.first_run import FirstRun
from tui.screens.form_fields import FactField, OneOf, editable, restored
from tui.screens.found_files import MAX_BYTES, find_memory_files
from tui.screens.memory_form import BulkForm, FormResult, MemoryForm, tags_as_line, tags_of_line
from tui.screens.menu import Menu
from tui.screens.picker import Choice, Picker, fuzzy
from tui.themes import THEMES

HOSTILE = "a\x1b[31mred\x07 [b]bold[/b] \u202eevil\u2066 \x9b0m \u200b $x [@click=app.exit]x[/]"
SIZES = ((60, 20), (80, 24), (200, 60))


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


def no_problem(_text: str) -> str | None:
    return None


def needs_text(text: str) -> str | None:
    return None if text.strip() else "A memory needs a text."


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
    for tabs in range(4):
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


# The first start


async def test_an_empty_home_offers_four_doors(home: Any) -> None:
    async with dashboard(home, bots=(), facts=()) as stage:
        first: object = stage.app.screen
        assert isinstance(first, FirstRun)

        await stage.press("escape")

        assert stage.app.screen is stage.screen


async def test_a_bot_is_made_and_opened_from_the_first_screen(home: Any) -> None:
    async with dashboard(home, bots=(), facts=()) as stage:
        await stage.press("a", "A", "n", "a", "enter")
        await stage.until(lambda: stage.app.screen is stage.screen, "the dashboard")

        assert [s.bot.name for s in await stage.backend.bots.summaries()] == ["Ana"]
        assert stage.app.bot is not None
        assert stage.app.bot.slug == "ana"


async def test_a_name_that_cannot_be_is_asked_for_again_with_the_reason(home: Any) -> None:
    async with dashboard(home, bots=(), facts=()) as stage:
        await stage.press("a", "a", "l", "l", "enter")
        await stage.until(
            lambda: (
                "choose another name" in str(stage.app.screen.query(Explanation).first().render())
            ),
            "the reason",
        )

        await stage.press("escape")
        assert await stage.backend.bots.summaries() == []


async def test_the_demo_is_asked_for_by_leaving(home: Any) -> None:
    async with dashboard(home, bots=(), facts=()) as stage:
        await stage.press("D")

        assert stage.app.return_value == "demo"


async def test_what_is_on_this_machine_is_counted_chosen_and_taken_in(
    home: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = tmp_path / "person"
    project = person / "work" / "project"
    project.mkdir(parents=True)
    (project / "CLAUDE.md").write_text("- Uses uv\n- Tests first\n", encoding="utf-8")
    (person / "MEMORY.md").write_text("- Lives in Leipzig\n", encoding="utf-8")
    (project / "memory.json").write_text("[1]", encoding="utf-8")
    monkeypatch.setenv("HOME", str(person))
    monkeypatch.chdir(project)
    async with dashboard(home, bots=(), facts=()) as stage:
        await stage.press("I", "y", "a", "n", "a", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, BringIn), "the list")
        files = stage.app.screen.query_one(OptionList)
        await stage.until(lambda: files.option_count == 3, "three files")
        listed = [" ".join(str(files.get_option_at_index(i).prompt).split()) for i in range(3)]
        await stage.press("j", "j", "space", "enter")
        await stage.until(lambda: stage.app.screen is stage.screen, "the dashboard")

        assert listed == [
            "✓ 2 facts ~/work/project/CLAUDE.md",
            "– not yet ~/work/project/memory.json",
            "✓ 1 fact ~/MEMORY.md",
        ]
        assert sorted(await stage.facts()) == ["Tests first", "Uses uv"]


def test_the_search_stays_in_its_places(tmp_path: Any) -> None:
    notes = tmp_path / ".claude" / "projects" / "p" / "memory"
    notes.mkdir(parents=True)
    (notes / "likes.md").write_text("- tea", encoding="utf-8")
    (notes / "secret.txt").write_text("no", encoding="utf-8")
    start = tmp_path / "a" / "b"
    start.mkdir(parents=True)
    (start / "AGENTS.md").write_bytes(b"x" * (MAX_BYTES + 1))
    (start / "CLAUDE.md").symlink_to(notes / "likes.md")
    (tmp_path / "a" / "MEMORY.md").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "CLAUDE.md").write_text("- no", encoding="utf-8")

    found = list(find_memory_files(start, tmp_path))

    assert [(file.where, file.data) for file in found] == [
        ("~/a/b/CLAUDE.md", b"- tea"),
        ("~/a/b/AGENTS.md", None),
    ]
    assert list(find_memory_files(start, tmp_path, stopped=lambda: True)) == []
