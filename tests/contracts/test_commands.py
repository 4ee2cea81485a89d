"""Every command keeps the promises of the command contract; none can be added without them.

`RUNS` has one line for each command: how it is called so that it succeeds. A command that is
missing there fails the suite.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from tui.cli import main
from tui.cli.root import root

NO_RESULT = {("demo",)}
"""Opens a dashboard in a home of its own: it has neither a result to print nor a home to choose."""

RUNS: dict[tuple[str, ...], tuple[list[str], set[str]]] = {
    ("bot", "list"): ([], {"total", "items"}),
    ("bot", "add"): (["Chi"], {"id", "slug", "name"}),
    ("bot", "show"): (["ana"], {"slug", "live", "current"}),
    ("bot", "rename"): (["ana", "Ana B"], {"slug", "name"}),
    ("bot", "archive"): (["ana"], {"slug", "status"}),
    ("bot", "unarchive"): (["ana"], {"slug", "status"}),
    ("bot", "remove"): (["ana"], {"slug", "event", "count", "summary"}),
    ("bot", "use"): (["ana"], {"current"}),
    ("memory", "add"): (["Likes milk"], {"id", "fact", "repeated"}),
    ("memory", "list"): ([], {"total", "items"}),
    ("memory", "search"): (["tea"], {"query", "bot", "results", "vectors", "pending"}),
    ("memory", "show"): (["ID"], {"id", "bot_id", "fact", "category", "importance"}),
    ("memory", "edit"): (["ID", "-i", "5"], {"event", "count", "summary", "items"}),
    ("memory", "delete"): (["ID"], {"event", "count", "summary", "items"}),
    ("memory", "restore"): (["ID"], {"event", "count", "summary", "items"}),
    ("memory", "pin"): (["ID"], {"event", "count", "summary", "items"}),
    ("memory", "unpin"): (["ID"], {"event", "count", "summary", "items"}),
    ("memory", "tag"): (["ID", "--tag", "ui"], {"event", "count", "summary", "items"}),
    ("memory", "import"): (
        ["FILE", "--accept"],
        {"added", "repeated", "queued", "rejected"},
    ),
    ("memory", "export"): ([], {"boternity", "bot", "memories"}),
    ("memory", "stats"): ([], {"bot", "live", "pending"}),
    ("memory", "filters", "list"): ([], {"total", "items"}),
    ("memory", "filters", "save"): (["urgent", "imp>=4"], {"name", "text"}),
    ("memory", "filters", "remove"): (["kept"], {"removed"}),
    ("recall",): (["tea"], {"bot", "prompt", "results", "near_misses", "vectors", "pending"}),
    ("history", "list"): ([], {"items"}),
    ("history", "show"): (["1"], {"event", "changes"}),
    ("history", "undo"): ([], {"event", "count", "summary"}),
    ("history", "redo"): ([], {"event", "count", "summary"}),
    ("history", "verify"): ([], {"ok", "events", "problems"}),
    ("doctor",): ([], {"ok", "checks"}),
    ("config", "show"): ([], {"path", "settings"}),
    ("config", "path"): ([], {"path", "exists"}),
    ("config", "set"): (["recall.results", "3"], {"key", "value", "default"}),
    ("config", "edit"): ([], {"ok", "problems"}),
    ("config", "check"): ([], {"ok", "problems"}),
}


def _commands(
    group: click.Group, above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, (*above, name))
        else:
            yield (*above, name), command


COMMANDS = dict(_commands(root))


@pytest.fixture(scope="module")
def template_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a bot, a memory in it, a saved filter, and something undone."""
    place = tmp_path_factory.mktemp("template") / "home"
    place.mkdir(mode=0o700)
    (place / "config.toml").write_text('[embedder]\nengine = "none"\n')
    for line in (
        ["bot", "add", "Ana"],
        ["memory", "add", "Likes tea"],
        ["memory", "filters", "save", "kept", "imp>=4"],
        ["memory", "add", "A slip"],
        ["history", "undo"],
    ):
        assert main([*line, "--home", str(place)]) == 0
    return place


@pytest.fixture
def home(template_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "home"
    shutil.copytree(template_home, place)
    monkeypatch.setenv("BOTERNITY_HOME", str(place))
    monkeypatch.setenv("EDITOR", "true")
    return place


@pytest.fixture
def arguments(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[tuple[str, ...]], list[str]]:
    """Gives a command's arguments, with the id and the file that they speak of."""
    (tmp_path / "facts.md").write_text("- Likes milk\n")
    main(["memory", "list", "--json"])
    (memory,) = json.loads(capsys.readouterr().out)["items"]
    places = {"ID": memory["id"], "FILE": str(tmp_path / "facts.md")}
    return lambda words: [*words, *(places.get(each, each) for each in RUNS[words][0])]


def test_every_command_is_in_the_table_of_runs() -> None:
    assert set(RUNS) == set(COMMANDS) - NO_RESULT


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([*words, "--help"])

    captured = capsys.readouterr()
    assert (code, captured.err) == (0, "")
    assert f"\n  boternity {' '.join(words)}" in captured.out.partition("Example")[2]
    if words not in NO_RESULT:
        assert "--json" in captured.out
        assert "--home DIR" in captured.out


@pytest.mark.parametrize("words", RUNS, ids=" ".join)
def test_with_json_a_command_prints_one_value_of_its_shape_and_nothing_else(
    words: tuple[str, ...],
    arguments: Callable[[tuple[str, ...]], list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main([*arguments(words), "--json"])

    value = json.loads(capsys.readouterr().out)
    assert code == 0
    assert RUNS[words][1] <= set(value)


@pytest.mark.parametrize("words", RUNS, ids=" ".join)
def test_a_person_gets_a_result_on_stdout_or_is_told_that_there_is_none(
    words: tuple[str, ...],
    arguments: Callable[[tuple[str, ...]], list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(arguments(words))

    captured = capsys.readouterr()
    assert code == 0
    assert captured.out or captured.err
    assert not captured.out.startswith("{") or words == ("memory", "export")


def test_groups_alone_print_their_help_as_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for group in ("bot", "memory", "history", "config"):
        assert main([group]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert f"boternity {group}" in captured.err
