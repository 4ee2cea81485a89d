"""Bots on the command line, and which bot a command means."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.conftest import Cli


def test_adding_a_bot_prints_its_slug(cli: Cli) -> None:
    result = cli("bot", "add", "Night Watch", "--description", "Cron")

    assert (result.code, result.out) == (0, "night-watch\n")
    assert cli("bot", "show", "night-watch", "--json").json["description"] == "Cron"


def test_the_list_says_which_bot_is_current(cli: Cli) -> None:
    items = cli("bot", "list", "--json").json["items"]

    assert [(item["slug"], item["current"], item["live"]) for item in items] == [
        ("ana", True, 0),
        ("ben", False, 0),
    ]
    assert cli("bot", "list").out.splitlines()[0].startswith("*  ana")


def test_an_empty_home_says_how_to_add_the_first_bot(cli: Cli, tmp_path: Path) -> None:
    elsewhere = str(tmp_path / "new")

    result = cli("bot", "list", "--home", elsewhere)
    adding = cli("memory", "add", "x", "--home", elsewhere)

    assert (result.code, result.out) == (0, "")
    assert "boternity bot add Ana" in result.err
    assert adding.code == 1
    assert "boternity bot add Ana" in adding.err


def test_a_renamed_bot_keeps_its_slug(cli: Cli) -> None:
    renamed = cli("bot", "rename", "ben", "Benjamin", "--json").json

    assert (renamed["slug"], renamed["name"]) == ("ben", "Benjamin")


def test_an_archived_bot_learns_nothing_until_it_is_taken_back(cli: Cli) -> None:
    cli("bot", "archive", "ben")

    refused = cli("memory", "add", "x", "-b", "ben")
    cli("bot", "unarchive", "ben")

    assert refused.code == 1
    assert "archived" in refused.err
    assert cli("memory", "add", "x", "-b", "ben").code == 0


def test_removing_a_bot_takes_its_memories_and_undo_brings_both_back(cli: Cli) -> None:
    cli("memory", "add", "Likes tea", "-b", "ben")

    removed = cli("bot", "remove", "ben")
    gone = cli("bot", "show", "ben")
    cli("history", "undo")

    assert (removed.code, removed.out) == (0, "ben\n")
    assert gone.code == 1
    assert cli("memory", "list", "-b", "ben", "--json").json["total"] == 1


def test_the_current_bot_is_the_default(cli: Cli) -> None:
    cli("bot", "use", "ben")

    cli("memory", "add", "Likes tea")

    assert cli("memory", "list", "-b", "ben", "--json").json["total"] == 1


def test_without_a_current_bot_a_command_refuses_and_lists_the_bots(cli: Cli) -> None:
    cli("bot", "use", "all")

    result = cli("memory", "add", "Likes tea")

    assert (result.code, result.out) == (1, "")
    assert "-b SLUG" in result.err
    assert "ana, ben" in result.err


def test_all_bots_is_a_view_for_reading_only(cli: Cli) -> None:
    cli("memory", "add", "Likes tea", "-b", "ana")
    cli("memory", "add", "Likes milk", "-b", "ben")

    assert cli("memory", "list", "-b", "all", "--json").json["total"] == 2
    assert cli("memory", "stats", "-b", "all", "--json").json["live"] == 2
    assert "ben" in cli("memory", "list", "-b", "all").out
    assert cli("memory", "add", "x", "-b", "all").code == 1


def test_an_unknown_bot_is_refused_with_the_ones_there_are(cli: Cli) -> None:
    result = cli("memory", "list", "-b", "bob")

    assert result.code == 1
    assert "ana, ben" in result.err


def test_shared_options_stand_before_or_after_the_command(cli: Cli, home: Path) -> None:
    cli("memory", "add", "Likes tea", "-b", "ben")

    before = cli("--home", str(home), "--json", "-b", "ben", "memory", "list")
    between = cli("memory", "-b", "ben", "--json", "list")

    assert before.json["total"] == between.json["total"] == 1
