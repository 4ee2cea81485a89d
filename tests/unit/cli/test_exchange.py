"""Import and export on the command line, and waiting for the index."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterable
from pathlib import Path

import pytest

from backend.types import IndexState, IndexStatus
from tests.unit.cli.conftest import Cli
from tui.cli.progress import wait_for_vectors

MARKDOWN = "# Ana\n\n- Likes tea\n- Likes milk\n"


def test_an_import_takes_a_file_in_as_one_act(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "CLAUDE.md").write_text(MARKDOWN)

    report = cli("memory", "import", str(tmp_path / "CLAUDE.md"), "--accept", "--json").json
    again = cli("memory", "import", str(tmp_path / "CLAUDE.md"), "--accept", "--json").json
    cli("history", "undo", "--id", str(report["event"]), "--together")

    assert (report["added"], report["repeated"], report["queued"]) == (2, 0, 0)
    assert report["rejected"] == []
    assert (again["added"], again["repeated"]) == (0, 2)
    assert cli("memory", "list", "--json").json["total"] == 0


def test_an_import_tells_what_it_could_not_read(cli: Cli) -> None:
    lines = '{"fact": "Likes tea"}\n{"fact": 3}\n'

    result = cli("memory", "import", "-", "--format", "jsonl", "--accept", stdin=lines)

    assert (result.code, result.out) == (0, "1 memory added to ana, 1 rejected\n")
    assert "line 2: " in result.err


def test_an_import_that_could_read_nothing_fails_and_still_reports(cli: Cli) -> None:
    result = cli("memory", "import", "-", "--format", "jsonl", "--accept", "--json", stdin="{}\n")

    assert result.code == 1
    assert [part["line"] for part in result.json["rejected"]] == [1]


def test_an_import_without_accept_is_refused_until_there_is_a_queue(cli: Cli) -> None:
    result = cli("memory", "import", "-", "--format", "markdown", stdin=MARKDOWN)

    assert (result.code, result.out) == (1, "")
    assert "--accept" in result.err


def test_a_dry_run_writes_nothing(cli: Cli) -> None:
    result = cli("memory", "import", "-", "--format", "markdown", "--dry-run", stdin=MARKDOWN)

    assert (result.code, result.out) == (0, "2 memories would be added to ana\n")
    assert cli("memory", "list", "--json").json["total"] == 0


@pytest.mark.parametrize("path", ["missing.md", "."])
def test_a_file_that_cannot_be_read_is_a_sentence(cli: Cli, path: str) -> None:
    result = cli("memory", "import", path, "--accept")

    assert (result.code, result.out) == (1, "")
    assert "cannot be read" in result.err


def test_an_export_comes_back_as_the_same_export(cli: Cli, tmp_path: Path) -> None:
    cli("memory", "add", "Likes tea \u202e \x1b[31m", "-b", "ana", "--tag", "ui")
    cli("memory", "delete", cli("memory", "add", "Likes milk").out.strip())
    target = tmp_path / "ana.json"

    written = cli("memory", "export", str(target), "-b", "ana", "--json").json
    printed = cli("memory", "export", "-b", "ana")
    elsewhere = str(tmp_path / "other")
    cli("bot", "add", "Ana", "--home", elsewhere)
    (tmp_path / "other" / "config.toml").write_text('[embedder]\nengine = "none"\n')
    cli("memory", "import", str(target), "--accept", "--home", elsewhere)

    assert (written["bot"], written["memories"]) == ("ana", 2)
    assert printed.out == target.read_text()
    assert cli("memory", "export", "--home", elsewhere).out == printed.out


def test_an_export_is_private_and_never_overwrites(cli: Cli, tmp_path: Path) -> None:
    target = tmp_path / "ana.json"
    target.write_text("mine")

    refused = cli("memory", "export", str(target))
    kept = target.read_text()
    forced = cli("memory", "export", str(target), "--force")

    assert (refused.code, kept) == (1, "mine")
    assert "--force" in refused.err
    assert (forced.code, json.loads(target.read_text())["memories"]) == (0, [])
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_an_export_that_fails_leaves_nothing_behind(cli: Cli, tmp_path: Path) -> None:
    result = cli("memory", "export", str(tmp_path / "missing" / "ana.json"))

    assert (result.code, result.out) == (1, "")
    assert not list(tmp_path.glob("*missing*"))


class ScriptedIndex:
    """Answers with one status after the other, and stays at the last."""

    def __init__(self, statuses: Iterable[IndexStatus]) -> None:
        self._statuses = list(statuses)
        self.asked = 0

    async def status(self) -> IndexStatus:
        self.asked += 1
        return self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]


def _ready(pending: int) -> IndexStatus:
    return IndexStatus(state=IndexState.READY, pending=pending, done=10 - pending, total=10)


async def test_an_import_waits_until_nothing_is_pending() -> None:
    index = ScriptedIndex([IndexStatus(state=IndexState.STARTING), *map(_ready, (9, 4, 0))])

    assert await wait_for_vectors(index, pause=0) == ""
    assert index.asked == 4


async def test_an_index_that_is_off_is_not_waited_for() -> None:
    index = ScriptedIndex([IndexStatus(state=IndexState.OFF, message="off")])

    assert await wait_for_vectors(index, pause=0) == ""


async def test_an_index_that_failed_is_told_and_not_waited_for() -> None:
    index = ScriptedIndex([IndexStatus(state=IndexState.FAILED, message="No model.")])

    assert (await wait_for_vectors(index, pause=0)).startswith("No model.")


async def test_an_index_that_stands_still_is_told_and_left_alone() -> None:
    index = ScriptedIndex([_ready(7)])

    said = await wait_for_vectors(index, patience=0, pause=0)

    assert "7 memories have no vector yet" in said


async def test_a_terminal_sees_how_far_the_index_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tui.cli.progress._SILENT_SECONDS", 0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    await wait_for_vectors(ScriptedIndex(map(_ready, (9, 4, 0))), pause=0)

    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Indexing" in captured.err


def test_an_import_asks_the_index_unless_told_not_to(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[object] = []

    async def spy(index: object) -> str:
        waits.append(index)
        return "Half of the vectors are late."

    monkeypatch.setattr("tui.cli.memory_exchange.wait_for_vectors", spy)

    cli("memory", "import", "-", "--format", "markdown", "--accept", "--no-wait", stdin="- a fact")
    quiet = len(waits)
    loud = cli("memory", "import", "-", "--format", "markdown", "--accept", stdin="- more facts")

    assert (quiet, len(waits)) == (0, 1)
    assert "late" in loud.err
