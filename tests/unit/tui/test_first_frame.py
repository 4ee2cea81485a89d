"""What the first frame loads: a fresh interpreter opens the dashboard and tells its modules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_OPEN = """
import asyncio, sys
from backend import open_backend
from backend.types import Actor, MemoryDraft
from tui.app import BoternityApp

async def first_frame(home):
    async with open_backend(home, environ={"BOTERNITY_EMBEDDER_ENGINE": "none"}) as backend:
        bot = await backend.bots.add("Ana", actor=Actor.user())
        await backend.memories.add(bot.id, MemoryDraft(fact="Prefers tea"), actor=Actor.user())
        app = BoternityApp(backend)
        async with app.run_test(size=(120, 40)):
            print(*sys.modules)
            print("Prefers tea" in app.export_screenshot().replace("&#160;", " "))

asyncio.run(first_frame(sys.argv[1]))
"""

_SCREENS = {"tui.screens.memory", "tui.screens.memory_acts", "tui.screens.mode"}

_FOREIGN = ("numpy", "qdrant_client", "onnxruntime", "httpx", "click", "markdown_it", "tomlkit")
_FOR_LATER = (
    "backend.infra.importers",
    "backend.services.exchange",
    "backend.services.health",
    "backend.services.recall",
    "backend.types.llm",
    "textual.widgets._data_table",
    "textual.widgets._markdown",
    "textual.widgets._text_area",
    "tree_sitter",
    "tui.commands",
    "tui.demo",
    "tui.keymap",
)


@pytest.fixture(scope="module")
def first_frame(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], bool]:
    """Return the modules of a dashboard that has just opened, and whether its fact was shown."""
    home: Path = tmp_path_factory.mktemp("first-frame")
    done = subprocess.run(
        [sys.executable, "-c", _OPEN, str(home / "home")],
        capture_output=True,
        text=True,
        check=True,
    )
    modules, shown = done.stdout.splitlines()
    return set(modules.split()), shown == "True"


def test_the_first_frame_has_the_first_facts(first_frame: tuple[set[str], bool]) -> None:
    _, shown = first_frame

    assert shown


@pytest.mark.parametrize("name", [*_FOREIGN, *_FOR_LATER])
def test_the_first_frame_does_not_wait_for(name: str, first_frame: tuple[set[str], bool]) -> None:
    modules, _ = first_frame

    assert {m for m in modules if m == name or m.startswith(name + ".")} == set()


def test_the_first_frame_imports_one_screen(first_frame: tuple[set[str], bool]) -> None:
    modules, _ = first_frame

    assert {m for m in modules if m.startswith("tui.screens.")} == _SCREENS
