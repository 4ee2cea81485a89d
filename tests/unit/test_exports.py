"""What the door exports is a list, sorted, and what a type checker sees."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import backend
from backend import door

EXPORTED = ["Backend", "open_backend"]


def test_the_door_exports_these_names_and_no_others() -> None:
    assert backend.__all__ == EXPORTED == sorted(EXPORTED)


@pytest.mark.parametrize("name", EXPORTED)
def test_each_name_is_the_one_behind_the_door(name: str) -> None:
    assert getattr(backend, name) is getattr(door, name)


def test_a_type_checker_sees_the_same_names() -> None:
    tree = ast.parse(Path(backend.__file__).read_text(encoding="utf-8"))
    seen = [
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("backend")
        for alias in node.names
        if alias.name != "door"
    ]

    assert sorted(seen) == EXPORTED


def test_a_name_that_does_not_exist_is_missed_as_in_any_module() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        backend.nonsense  # noqa: B018


def test_what_is_private_about_a_backend_is_marked_so() -> None:
    names = set(vars(door.Backend)) | set(door.Backend.__dataclass_fields__)

    assert {name for name in names if not name.startswith("_")} == {
        "bots", "change_counter", "close", "config", "exchange", "health", "history", "home",
        "index", "memories", "now", "recall", "settings", "workspace",
    }  # fmt: skip
