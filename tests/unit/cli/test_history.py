"""History on the command line: what was done, and taking it back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.unit.cli.conftest import Cli


def test_the_list_names_every_act_newest_first(cli: Cli) -> None:
    cli("memory", "add", "Likes tea")

    items = cli("history", "list", "--json").json["items"]
    lines = cli("history", "list", "--limit", "1")

    assert items[0]["summary"] == "added 1 memory"
    assert lines.out.count("\n") == 1
    assert "added 1 memory" in lines.out
    assert "--before 3" in lines.err


def test_an_act_is_shown_with_before_and_after(cli: Cli) -> None:
    memory = cli("memory", "add", "Likes tea").out.strip()
    cli("memory", "edit", memory, "--fact", "Likes milk")

    detail = cli("history", "show", "4", "--json").json
    printed = cli("history", "show", "4").out

    (change,) = detail["changes"]
    assert (change["before"]["fact"], change["after"]["fact"]) == ("Likes tea", "Likes milk")
    assert "Likes tea → Likes milk" in printed
    assert "added" in cli("history", "show", "3").out


def test_undo_and_redo_say_what_they_did(cli: Cli) -> None:
    cli("memory", "add", "Likes tea")

    undone = cli("history", "undo")
    redone = cli("history", "redo", "--json").json

    assert undone.out == "Undid: added 1 memory\n"
    assert "history redo" in undone.err
    assert redone["summary"] == "redid: added 1 memory"
    assert cli("memory", "list", "--json").json["total"] == 1


def test_an_undo_that_is_blocked_names_the_way_out_and_together_takes_it(cli: Cli) -> None:
    memory = cli("memory", "add", "Likes tea").out.strip()
    cli("memory", "edit", memory, "--fact", "Likes milk")

    blocked = cli("history", "undo", "--id", "3")
    together = cli("history", "undo", "--id", "3", "--together")

    assert (blocked.code, blocked.out) == (1, "")
    assert "boternity history undo --id 3 --together" in blocked.err
    assert together.code == 0
    assert cli("memory", "list", "--json").json["total"] == 0


def test_nothing_to_redo_is_a_refusal(cli: Cli) -> None:
    result = cli("history", "redo")

    assert (result.code, result.err) == (1, "boternity: There is nothing to redo.\n")


def test_a_whole_journal_verifies(cli: Cli) -> None:
    assert cli("history", "verify").out == "The journal is whole: 2 events verified.\n"
    assert cli("history", "verify", "--json").json["ok"] is True


def test_a_broken_chain_is_told_and_the_exit_code_is_one(cli: Cli, home: Path) -> None:
    database = sqlite3.connect(home / "boternity.db")
    triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        database.execute(f"DROP TRIGGER {name}")
    database.execute("UPDATE events SET summary = 'something else' WHERE sequence = 1")
    database.commit()
    database.close()

    result = cli("history", "verify", "--json")

    assert result.code == 1
    assert result.json["ok"] is False
    assert cli("history", "verify").code == 1
