"""The first start: four doors, and what is already on this machine."""

from __future__ import annotations

from typing import Any

import pytest
from textual.widgets import OptionList

from tests.pilot.dashboard_stage import dashboard
from tui.screens.bring_in import BringIn
from tui.screens.dialogs import Explanation
from tui.screens.first_run import FirstRun
from tui.screens.found_files import MAX_BYTES, find_memory_files


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
    project = person / "code" / "project"
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
            "✓ 2 facts ~/code/project/CLAUDE.md",
            "– not yet ~/code/project/memory.json",
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
