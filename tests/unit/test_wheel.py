"""The built wheel is the whole program: stylesheets, vocabulary and migrations go with it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with nothing but what the wheel holds."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "program")
    return folder / "program"


def _run(program: Path, home: Path, *arguments: str) -> str:
    environ = {**os.environ, "PYTHONPATH": str(program), "BOTERNITY_EMBEDDER_ENGINE": "none"}
    command = [sys.executable, "-P", "-m", "tui", "--home", str(home), *arguments]
    done = subprocess.run(
        command, env=environ, cwd=home.parent, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_every_file_of_the_packages_that_is_no_python_is_in_it(elsewhere: Path) -> None:
    data = [
        path.relative_to(ROOT)
        for package in ("backend", "tui", "styles")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    ]

    assert data
    assert [str(path) for path in data if not (elsewhere / path).is_file()] == []


def test_a_memory_is_added_and_found_by_the_program_in_it(elsewhere: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"

    assert _run(elsewhere, home, "bot", "add", "Ana").strip() == "ana"
    _run(elsewhere, home, "memory", "add", "Prefers dark mode", "-b", "ana")

    assert "Prefers dark mode" in _run(elsewhere, home, "memory", "search", "dark", "-b", "ana")


def test_the_dashboard_in_it_finds_its_stylesheets(elsewhere: Path) -> None:
    program = (
        "import sys, tui.app, tui.screens.memory, tui.themes\n"
        f"assert tui.app.__file__.startswith({str(elsewhere)!r}), tui.app.__file__\n"
        "assert (tui.themes.STYLES / 'app.tcss').is_file()\n"
        "assert (tui.themes.STYLES / 'memory.tcss').is_file()\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(elsewhere)}

    subprocess.run([sys.executable, "-P", "-c", program], env=environ, cwd=elsewhere, check=True)
