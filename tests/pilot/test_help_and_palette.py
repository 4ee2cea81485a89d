"""Help shows what works where the focus is; the palette finds and does anything by name."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from textual.app import App
from textual.command import Command, CommandList
from textual.widgets import Input

from backend.core.memory.filter_keys import KEYS
from backend.core.memory.query import parse_filter
from backend.types import BoternityError, MemoryDraft, MemorySort
from tests.pilot.dashboard_stage import FACTS, USER, Stage, dashboard
from tui.commands import BotProvider, Palette
from tui.keys import GROUPS, MEMORIES
from tui.screens.dialogs import Prompt
from tui.screens.help import FILTER_SHEET, Help, KeyTable
from tui.themes import THEMES


def painted(app: App[str]) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def tables(stage: Stage) -> dict[str, list[tuple[str, str]]]:
    found = stage.app.screen.query(KeyTable)
    return {table.heading: list(table.rows) for table in found}


async def look_up(stage: Stage, text: str) -> list[str]:
    """Open the palette, type, and return the lines that it offers."""
    stage.app.push_screen(Palette())
    await stage.pilot.pause()
    await stage.pilot.press(*("space" if letter == " " else letter for letter in text))
    offered = stage.app.screen.query_one(CommandList)
    await stage.until(lambda: bool(offered.option_count), f"something for {text!r}")
    await stage.app.workers.wait_for_complete(
        [worker for worker in stage.app.workers if worker.node is stage.app.screen]
    )
    await stage.pilot.pause()
    return [
        " ".join(str(option.prompt).split())
        for option in offered.options
        if isinstance(option, Command)
    ]


async def choose(stage: Stage, line: str, offered: list[str]) -> None:
    stage.app.screen.query_one(CommandList).highlighted = offered.index(line)
    await stage.pilot.press("enter")
    await stage.pilot.pause()


# Help


async def test_help_lists_every_key_of_the_memory_list_by_group(home: Path) -> None:
    async with dashboard(home) as stage:
        await stage.press("question_mark")

        shown = tables(stage)

        for title, keys in GROUPS.items():
            assert {meaning for _, meaning in shown[title]} == {key.help for key in keys}
        assert ("j ↓", "One row down") in shown["List"]
        assert next(iter(shown)) == "Memories"


async def test_help_shows_the_keys_of_the_persons_own_keymap(home: Path) -> None:
    async with dashboard(home, config='[keymap]\n"memory.delete" = "f8"\n') as stage:
        await stage.press("question_mark")

        assert ("f8", "Put it into the trash; z takes it back") in tables(stage)["Memories"]


async def test_help_leaves_out_letters_that_the_filter_line_would_eat(home: Path) -> None:
    async with dashboard(home) as stage:
        stage.screen.filter_line.input.focus()
        await stage.pilot.pause()
        await stage.app.run_action("help")
        await stage.until(lambda: isinstance(stage.app.screen, Help), "help")

        shown = tables(stage)

        assert "Memories" not in shown
        assert ("esc", "One step back: filter, marks, pane, screen") in shown["Screen"]
        assert "The filter language" in shown


@pytest.mark.parametrize("key", ["escape", "q", "question_mark"])
async def test_help_closes_by_the_keys_that_people_try(home: Path, key: str) -> None:
    async with dashboard(home, facts=()) as stage:
        await stage.press("question_mark")
        assert isinstance(stage.app.screen, Help)

        await stage.press(key)

        assert not isinstance(stage.app.screen, Help)


async def test_help_can_be_read_to_its_end_at_60_by_20(home: Path) -> None:
    async with dashboard(home, facts=(), size=(60, 20)) as stage:
        await stage.press("question_mark")
        assert "Write a new memory" in painted(stage.app)

        await stage.press("G")

        assert "Copy selected text" in painted(stage.app)


def test_the_cheat_sheet_covers_the_whole_filter_language() -> None:
    examples = " ".join(example for example, _ in FILTER_SHEET)

    for example, _ in FILTER_SHEET:
        parse_filter(example)
    assert [key for key in KEYS if f"{key}:" not in examples and f"{key}>" not in examples] == []
    for key in ("cat", "is"):
        meaning = next(text for example, text in FILTER_SHEET if example.startswith(f"{key}:"))
        assert [choice for choice in KEYS[key].choices if choice not in meaning] == []


# The palette


async def test_the_palette_begins_with_the_acts_of_the_mode_and_their_keys(home: Path) -> None:
    async with dashboard(home) as stage:
        offered = await look_up(stage, "")

        assert offered[:2] == [
            f"{'/' if key.key == 'slash' else key.key} {key.label} {key.help}"
            for key in MEMORIES[:2]
        ]


async def test_an_act_is_done_where_the_focus_was(home: Path) -> None:
    async with dashboard(home) as stage:
        offered = await look_up(stage, "trash")

        await choose(stage, "d delete Put it into the trash; z takes it back", offered)
        await stage.settled()

        assert len(await stage.facts()) == len(FACTS) - 1
        assert "deleted 1 memory · z to undo" in stage.toasts()


async def test_a_bot_becomes_current_by_its_name(home: Path) -> None:
    async with dashboard(home, bots=("Ana", "Ben [b]x")) as stage:
        offered = await look_up(stage, "ben")

        await choose(stage, "bot Ben [b]x 0 memories", offered)
        await stage.until(lambda: stage.app.bot_title == "Ben [b]x", "the other bot")


async def test_a_memory_is_found_by_its_words_and_gone_to(home: Path) -> None:
    async with dashboard(home) as stage:
        offered = await look_up(stage, "heron")
        assert offered == ["memory The staging host is heron, not falcon ★5 correction"]

        await choose(stage, offered[0], offered)
        await stage.settled()

        row = stage.rows.cursor_row
        assert row is not None
        assert row.fact == "The staging host is heron, not falcon"


async def test_foreign_text_in_the_palette_is_text(home: Path) -> None:
    fact = "zebra [b]bold[/b] \x1b[31mred\x1b[0m \u202eevil [@click=app.exit]x[/] [/nonsense]"
    async with dashboard(home, facts=(MemoryDraft(fact=fact),)) as stage:
        await stage.backend.workspace.save_filter("zebra [i]\x1b[7m", "zebra", actor=USER)
        offered = await look_up(stage, "zebra")
        screen = painted(stage.app)

        assert any(line.startswith("memory zebra [b]bold[/b] ␛[31mred") for line in offered)
        assert "filter zebra [i]␛[7m zebra" in offered
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in screen if c != "\n")


async def test_a_saved_filter_is_used(home: Path) -> None:
    async with dashboard(home) as stage:
        await stage.backend.workspace.save_filter("the important", "imp>=5", actor=USER)
        offered = await look_up(stage, "important")

        await choose(stage, "filter the important imp>=5", offered)
        await stage.until(lambda: stage.screen.filter_text == "imp>=5", "the filter")


async def test_a_theme_is_shown_at_once_and_kept(home: Path) -> None:
    light = next(theme.name for theme in THEMES if not theme.dark)
    async with dashboard(home) as stage:
        offered = await look_up(stage, "light")

        await choose(stage, f"theme {light}", offered)
        await stage.until(lambda: stage.app.theme == light, "the theme")

        assert f'theme = "{light}"' in (home / "config.toml").read_text(encoding="utf-8")


async def test_the_list_is_sorted_from_the_palette(home: Path) -> None:
    async with dashboard(home) as stage:
        offered = await look_up(stage, "by imp")

        await choose(stage, "order sort by importance", offered)
        await stage.settled()

        assert stage.screen.sort is MemorySort.IMPORTANCE


async def test_a_setting_is_asked_for_until_it_can_be_kept(home: Path) -> None:
    async with dashboard(home) as stage:
        offered = await look_up(stage, "results")
        (line,) = [found for found in offered if found.startswith("setting recall.results")]
        await choose(stage, line, offered)
        await stage.until(lambda: isinstance(stage.app.screen, Prompt), "the question")

        await stage.press("x", "enter")
        asked_again = stage.app.screen.query_one(Input).value
        await stage.press("backspace", "backspace", "2", "enter")

        assert asked_again == "10x"
        assert "results = 12" in (home / "config.toml").read_text(encoding="utf-8")


async def test_an_act_that_fails_is_a_toast_and_not_the_end(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_arguments: object) -> None:
        raise BoternityError("The disk is full: free some space.")

    async with dashboard(home, bots=("Ana", "Ben")) as stage:
        monkeypatch.setattr(stage.app, "choose_bot", refuse)
        offered = await look_up(stage, "ben")

        await choose(stage, "bot Ben 0 memories", offered)
        await stage.until(lambda: bool(stage.toasts()), "the toast")

        assert stage.toasts() == ["The disk is full: free some space."]
        assert stage.app.is_running


async def test_a_provider_that_fails_leaves_the_other_ones(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_arguments: object) -> None:
        raise BoternityError("Another program held the home for too long: try again.")

    monkeypatch.setattr(BotProvider, "entries", refuse)
    async with dashboard(home) as stage:
        assert await look_up(stage, "heron") == [
            "memory The staging host is heron, not falcon ★5 correction"
        ]
