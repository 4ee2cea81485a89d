"""The fronts of `backend.types` and `backend.core` list what is behind them, and load it late."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import backend.core
import backend.types

FRONTS = [backend.types, backend.core]


def folder_of(front: ModuleType) -> Path:
    return Path(front.__path__[0])


def modules_of(front: ModuleType) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(folder_of(front).rglob("*.py")):
        if path.name != "__init__.py":
            name = ".".join(path.relative_to(folder_of(front)).with_suffix("").parts)
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def defined_in(module: ast.Module) -> dict[str, ast.stmt]:
    """Public classes, aliases and constants; functions are called by their module's name."""
    found: dict[str, ast.stmt] = {}
    for statement in module.body:
        match statement:
            case ast.ClassDef(name=name):
                found[name] = statement
            case ast.Assign(targets=[ast.Name(id=name)]):
                found[name] = statement
            case ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = statement
    return {name: where for name, where in found.items() if not name.startswith("_")}


def is_protocol(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ClassDef) and any(
        ast.unparse(base).partition("[")[0] == "Protocol" for base in statement.bases
    )


def imported_for_type_checkers(front: ModuleType) -> dict[str, str]:
    source = ast.parse((folder_of(front) / "__init__.py").read_text(encoding="utf-8"))
    return {
        alias.asname or alias.name: (node.module or "").removeprefix(f"{front.__name__}.")
        for node in ast.walk(source)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(front.__name__)
        for alias in node.names
    }


def test_every_public_name_of_a_type_module_is_exported() -> None:
    expected = {
        name: module
        for module, tree in modules_of(backend.types)
        if module != "base"
        for name in defined_in(tree)
    }

    assert imported_for_type_checkers(backend.types) == expected


def test_every_protocol_of_the_core_is_exported() -> None:
    protocols = {
        name: module
        for module, tree in modules_of(backend.core)
        for name, statement in defined_in(tree).items()
        if is_protocol(statement)
    }

    assert protocols.items() <= imported_for_type_checkers(backend.core).items()


@pytest.mark.parametrize("front", FRONTS, ids=lambda front: front.__name__)
def test_the_list_of_names_is_sorted_and_is_what_a_type_checker_sees(front: ModuleType) -> None:
    assert front.__all__ == sorted(imported_for_type_checkers(front))
    assert dir(front) == front.__all__


@pytest.mark.parametrize("front", FRONTS, ids=lambda front: front.__name__)
def test_each_name_is_the_one_that_its_module_defines(front: ModuleType) -> None:
    for name, module in imported_for_type_checkers(front).items():
        behind = import_module(f"{front.__name__}.{module}")

        assert getattr(front, name) is getattr(behind, name)


@pytest.mark.parametrize("front", FRONTS, ids=lambda front: front.__name__)
def test_a_name_that_does_not_exist_is_missed_as_in_any_module(front: ModuleType) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"):
        front.Nonsense  # noqa: B018


def test_asking_for_a_bot_does_not_load_the_provider_types() -> None:
    code = "import sys; from backend.types import Bot; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert "backend.types.bots" in loaded
    assert [name for name in loaded if name.startswith("backend.types.llm")] == []
