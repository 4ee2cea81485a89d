"""What goes wrong ends in one sentence and the right exit code, and prints nothing harmful."""

from __future__ import annotations

import io
import json
import os
import signal
import stat
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Cli
from tui.cli import main

HOSTILE = (
    "red \x1b[31m \x1b]0;title\x07 c1 \x9b2J nul \x00 bell \x07 [bold]markup[/bold] "
    "bidi \u202e\u2066 zero \u200b\ufeff line \u2028 del \x7f"
)


def _acted_upon(text: str) -> list[str]:
    """Return the characters that a terminal would act upon rather than show."""
    kinds = ("Cc", "Cf", "Zl", "Zp")
    return [c for c in text if c != "\n" and unicodedata.category(c) in kinds]


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        (["memry"], "boternity memory"),
        (["memory", "lst"], "boternity memory list"),
        (["memory", "filters", "sav"], "boternity memory filters save"),
        (["bot", "list", "--jsn"], "--json"),
    ],
)
def test_a_typo_is_wrong_usage_and_names_the_nearest(
    cli: Cli, typed: list[str], suggested: str
) -> None:
    result = cli(*typed)

    assert (result.code, result.out) == (2, "")
    assert suggested in result.err


@pytest.mark.parametrize(
    "typed",
    [
        ["memory"],
        ["memory", "add"],
        ["memory", "add", "two", "texts"],
        ["memory", "add", "x", "-c", "idea"],
        ["memory", "add", "x", "-i", "6"],
        ["memory", "list", "--limit", "-1"],
        ["history", "show", "first"],
        ["--json"],
        ["-b", "ana"],
        ["memory", "list", "-b", ""],
        ["memory", "list", "--home", ""],
        ["memory", "add", "half \udc80 a character"],
    ],
)
def test_wrong_usage_says_how_and_exits_with_two(cli: Cli, typed: list[str]) -> None:
    result = cli(*typed)

    assert (result.code, result.out) == (2, "")
    assert "Usage: boternity" in result.err
    assert "--help" in result.err


def test_a_failure_leaves_stdout_empty_with_json_too(cli: Cli) -> None:
    result = cli("memory", "show", "1a2b3c4d", "--json")

    assert (result.code, result.out) == (1, "")
    assert result.err.count("\n") == 1


def test_what_nobody_foresaw_is_a_sentence_and_its_traceback_lies_in_the_home(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.services.bots.BotService.summaries", lambda self: 1 / 0)

    result = cli("bot", "list", "--json")

    log = home / "last-errors.log"
    assert (result.code, result.out) == (1, "")
    assert "Traceback" not in result.err
    assert "ZeroDivisionError" in result.err
    assert str(log) in result.err
    assert "division by zero" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_who_debugs_sees_the_traceback(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.services.bots.BotService.summaries", lambda self: 1 / 0)
    monkeypatch.setenv("BOTERNITY_DEBUG", "1")

    assert "Traceback" in cli("bot", "list").err


def test_ctrl_c_is_quiet(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupted(self: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("backend.services.bots.BotService.summaries", interrupted)

    result = cli("bot", "list")

    assert (result.code, result.out, result.err) == (130, "", "")


def test_a_reader_that_left_is_no_error(cli: Cli, home: Path) -> None:
    lines = "\n".join(json.dumps({"fact": f"Fact {n} " + "x" * 900}) for n in range(300))
    cli("memory", "import", "-", "--accept", "--format", "jsonl", stdin=lines)
    read, write = os.pipe()
    os.close(read)  # nobody will ever read: the first flush finds out

    done = subprocess.run(
        [sys.executable, "-m", "tui", "memory", "list"],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)

    assert (done.returncode, done.stderr) == (0, b"")


def test_a_home_that_cannot_be_used_is_a_sentence(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    result = cli("memory", "list", "--home", str(tmp_path / "file"))

    assert result.code == 1
    assert "--home DIR" in result.err


@pytest.fixture
def poisoned(cli: Cli) -> str:
    """The id of a memory whose every text is hostile."""
    draft = {"fact": HOSTILE, "tags": [HOSTILE[:60]], "session": HOSTILE}
    cli("memory", "import", "-", "--accept", "--format", "jsonl", stdin=json.dumps(draft))
    (item,) = cli("memory", "list", "--json").json["items"]
    assert item["fact"] == HOSTILE  # stored exactly
    memory_id: str = item["id"]
    return memory_id


@pytest.mark.parametrize("json_flag", [[], ["--json"]])
def test_hostile_texts_reach_no_terminal(cli: Cli, poisoned: str, json_flag: list[str]) -> None:
    cli("memory", "edit", poisoned, "--importance", "5")
    shown = [
        cli(*line, *json_flag)
        for line in (
            ["memory", "list"],
            ["memory", "show", poisoned],
            ["memory", "search", "markup", "--explain"],
            ["recall", "markup", "--explain"],
            ["memory", "pin", poisoned],
            ["history", "list"],
            ["history", "show", "3"],
            ["history", "show", "4"],
            ["memory", "export"],
        )
    ]

    assert [_acted_upon(result.out + result.err) for result in shown] == [[]] * len(shown)
    assert "[bold]markup[/bold]" in shown[0].out


def test_what_was_typed_is_made_safe_in_refusals(cli: Cli) -> None:
    results = [
        cli(f"\x1b[31m{HOSTILE}"),
        cli("bot", "show", HOSTILE),
        cli("bot", "add", "x", f"--{HOSTILE}"),
        cli("memory", "list", "--saved", HOSTILE),
        cli("config", "show", HOSTILE),
        cli("memory", "import", HOSTILE.replace("\x00", ""), "--accept"),
    ]

    assert [_acted_upon(result.out + result.err) for result in results] == [[]] * len(results)
    assert all(result.code in (1, 2) for result in results)


def test_a_terminal_without_unicode_gets_question_marks_and_exact_json(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("memory", "add", "Likes Müsli")
    written = {}
    for flag in ("", "--json"):
        stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["memory", "list", *filter(None, [flag])]) == 0
        written[flag] = stream.buffer.getvalue().decode("ascii")

    assert "Likes M?sli" in written[""]
    assert json.loads(written["--json"])["items"][0]["fact"] == "Likes Müsli"
