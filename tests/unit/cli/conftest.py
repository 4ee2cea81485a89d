"""Commands in this process: arguments in; exit code, stdout and stderr out."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tui.cli import main


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on stdout; anything beside it is an error here."""
        return json.loads(self.out)


Cli = Callable[..., Result]


@pytest.fixture(scope="session")
def template_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that searches by words alone, with the bots ana (current) and ben."""
    home = tmp_path_factory.mktemp("template") / "home"
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text('[embedder]\nengine = "none"\n')
    for line in (["bot", "add", "Ana", "--use"], ["bot", "add", "Ben"]):
        assert main([*line, "--home", str(home)]) == 0
    return home


@pytest.fixture
def home(template_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of one's own, that commands find by themselves."""
    place = tmp_path / "home"
    shutil.copytree(template_home, place)
    monkeypatch.setenv("BOTERNITY_HOME", str(place))
    return place


@pytest.fixture
def cli(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run `boternity` with these arguments and, if given, this on its stdin."""

    def run(*arguments: str, stdin: str | bytes = b"") -> Result:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        capsys.readouterr()
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make stdout a terminal of so many columns."""

    def become(columns: int) -> None:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", str(columns))

    return become


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Make $EDITOR a shell script with this body; the file to edit is "$1"."""

    def become(body: str) -> Path:
        script = tmp_path / "editor.sh"
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(0o700)
        monkeypatch.setenv("EDITOR", str(script))
        return script

    return become
