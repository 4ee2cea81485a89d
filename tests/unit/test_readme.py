"""The README says what the program does: its tables are the program's own."""

from __future__ import annotations

import re
from pathlib import Path

from tests.tools.readme_tables import README, with_tables

ROOT = Path(__file__).parents[2]


def test_its_tables_are_as_the_program_has_them() -> None:
    text = README.read_text(encoding="utf-8")

    assert with_tables(text) == text, "run: uv run python -m tests.tools.readme_tables"


def test_every_picture_it_shows_is_there() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8"))

    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_every_dependency_has_its_reason() -> None:
    declared = re.findall(
        r'^    "([a-z0-9-]+)', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    table = README.read_text(encoding="utf-8").partition("## Dependencies")[2]

    needed = declared[: declared.index("pytest")]
    assert [name for name in needed if f"| {name}" not in table] == []
