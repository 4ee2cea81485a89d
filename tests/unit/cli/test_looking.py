"""Search, recall, doctor and config on the command line."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Cli


def test_a_search_gives_its_scores_and_says_when_words_alone_decided(cli: Cli) -> None:
    cli("memory", "add", "The server listens on port 8090", "-i", "5")

    answer = cli("memory", "search", "which port", "-k", "1", "--json").json
    printed = cli("memory", "search", "which", "port", "--explain")

    (result,) = answer["results"]
    assert (answer["query"], answer["bot"], answer["vectors"]) == ("which port", "ana", "off")
    assert (result["fact"], result["importance"]) == ("The server listens on port 8090", 5)
    assert {"id", "category", "relevance_score", "distance", "parts", "provenance"} <= set(result)
    assert "port 8090" in printed.out
    assert "by words alone" in printed.err


def test_a_recall_shows_what_the_bot_would_be_given_and_what_not(cli: Cli) -> None:
    for number in range(3):
        cli("memory", "add", f"Port number {number} is open")

    answer = cli("recall", "port", "-k", "1", "--json").json
    printed = cli("recall", "port", "-k", "1", "--explain").out

    assert (answer["bot"], answer["prompt"], len(answer["results"])) == ("ana", "port", 1)
    assert [miss["why"] for miss in answer["near_misses"]] == ["beyond the number asked for"] * 2
    assert "beyond the number asked for" in printed


def test_looking_does_not_count_as_use(cli: Cli) -> None:
    memory = cli("memory", "add", "Likes tea").out.strip()

    cli("recall", "tea")
    cli("memory", "search", "tea")

    assert cli("memory", "show", memory, "--json").json["access_count"] == 0


def test_a_bot_that_knows_nothing_says_so(cli: Cli) -> None:
    result = cli("memory", "search", "tea", "-b", "ben")

    assert (result.code, result.out) == (0, "")
    assert "ben knows nothing about this." in result.err


def test_a_blank_question_is_refused(cli: Cli) -> None:
    assert cli("recall", " ").code == 1
    assert cli("recall").code == 2


def test_the_doctor_finds_a_sound_home_sound(cli: Cli) -> None:
    report = cli("doctor", "--json")

    assert report.code == 0
    assert report.json["ok"] is True
    assert {"name", "ok", "found", "repaired"} == set(report.json["checks"][0])
    assert cli("doctor").out.startswith("ok")


def test_the_doctor_reports_a_home_that_cannot_be_opened(cli: Cli, home: Path) -> None:
    (home / "boternity.db").write_bytes(b"This is no database. " * 500)

    report = cli("doctor", "--json")

    assert report.code == 1
    assert report.json["ok"] is False
    assert "backups" in report.json["checks"][0]["found"]
    assert cli("memory", "list").code == 1


def test_the_configuration_shows_key_value_default_origin_and_meaning(cli: Cli) -> None:
    shown = cli("config", "show", "--json").json["settings"]
    printed = cli("config", "show", "embedder.engine").out

    engine = next(line for line in shown if line["key"] == "embedder.engine")
    assert (engine["value"], engine["default"], engine["origin"]) == ("none", "minilm", "file")
    assert printed.split()[:5] == ["embedder.engine", "none", "minilm", "file,", "line"]
    assert "offline" in printed


def test_the_configuration_lies_in_the_named_home(cli: Cli, home: Path) -> None:
    assert cli("config", "path").out.strip() == str(home / "config.toml")
    assert cli("config", "path", "--json").json["exists"] is True


def test_a_setting_is_written_and_counts_from_then_on(cli: Cli) -> None:
    line = cli("config", "set", "recall.results", "3", "--json").json
    wrong = cli("config", "set", "recall.results", "-3")

    assert (line["value"], line["origin"]) == (3, "file")
    assert wrong.code != 0
    assert cli("config", "show", "recall.results", "--json").json["settings"][0]["value"] == 3


def test_a_variable_that_outranks_the_file_is_told(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOTERNITY_RECALL_RESULTS", "7")

    assert "BOTERNITY_RECALL_RESULTS" in cli("config", "set", "recall.results", "3").err


@pytest.mark.parametrize("arguments", [("set", "recall.result", "3"), ("show", "recall.result")])
def test_an_unknown_key_names_the_nearest(cli: Cli, arguments: tuple[str, ...]) -> None:
    result = cli("config", *arguments)

    assert (result.code, result.out) == (1, "")
    assert "“recall.results”" in result.err


def test_a_check_tells_the_line_and_other_commands_go_on(cli: Cli, home: Path) -> None:
    (home / "config.toml").write_text('[embedder]\nengine = "none"\n[recall]\nresult = 3\n')

    check = cli("config", "check", "--json")
    listing = cli("memory", "list", "--json")

    assert check.code == 1
    assert [problem["line"] for problem in check.json["problems"]] == [4]
    assert (listing.code, listing.json["total"]) == (0, 0)
    assert "config.toml:4" in listing.err
    assert cli("config", "check").code == 1


def test_the_editor_opens_the_file_and_it_is_checked_afterwards(
    cli: Cli, home: Path, editor: Callable[[str], Path]
) -> None:
    editor('printf "[recall]\\nresults = 5\\n" > "$1"')
    good = cli("config", "edit")
    editor('printf "[recall\\n" > "$1"')
    bad = cli("config", "edit")

    assert good.code == 0
    assert bad.code == 1
    assert "config.toml:1" in bad.out


def test_a_first_configuration_begins_with_every_setting_commented_out(
    cli: Cli, home: Path, editor: Callable[[str], Path], tmp_path: Path
) -> None:
    (home / "config.toml").unlink()
    editor(f'cp "$1" {tmp_path}/seen; stat -c %a "$1" > {tmp_path}/mode')
    result = cli("config", "edit")
    seen = (tmp_path / "seen").read_text()

    assert result.code == 0
    assert '# engine = "minilm"' in seen
    assert not (home / "config.toml").exists()
    assert (tmp_path / "mode").read_text().strip() == "600"


def test_a_template_with_every_mark_taken_off_is_understood(
    cli: Cli, home: Path, editor: Callable[[str], Path]
) -> None:
    (home / "config.toml").unlink()
    editor('sed -i "1d; s/^# //" "$1"')

    result = cli("config", "edit")

    assert (result.code, result.out) == (0, "Every setting is understood.\n")
    assert stat.S_IMODE((home / "config.toml").stat().st_mode) == 0o600
