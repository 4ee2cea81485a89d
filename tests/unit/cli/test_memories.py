"""Memories on the command line: add, list, show, edit, trash, pins, tags."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Cli


def added(cli: Cli, fact: str, *more: str) -> Any:
    return cli("memory", "add", *more, "--json", "--", fact).json


def test_adding_prints_the_short_id_and_json_the_whole_memory(cli: Cli) -> None:
    result = cli("memory", "add", "Likes tea", "-c", "preference", "-i", "5", "-t", "a", "-t", "b")

    shown = cli("memory", "show", result.out.strip(), "--json").json

    assert len(result.out) == 9
    assert (shown["fact"], shown["category"], shown["importance"]) == ("Likes tea", "preference", 5)
    assert shown["tags"] == ["a", "b"]
    assert shown["source"]["kind"] == "user"


def test_the_same_sentence_again_is_counted(cli: Cli) -> None:
    first = added(cli, "Likes tea")

    again = cli("memory", "add", "Likes tea")

    assert again.out.strip() == first["id"][:8]
    assert "seen 2 times" in again.err
    assert cli("memory", "list", "--json").json["total"] == 1


def test_a_dash_reads_the_fact_from_stdin_exactly(cli: Cli) -> None:
    result = cli("memory", "add", "-", "--json", stdin="Likes tea,\n  green\u0000\n")

    assert result.json["fact"] == "Likes tea,\n  green\x00"


@pytest.mark.parametrize("fact", ["- likes tea", "-- tea --", "--json is a flag", "-best of all"])
def test_a_fact_may_begin_with_a_dash(cli: Cli, fact: str) -> None:
    assert cli("memory", "add", fact, "-b", "ana", "--json").json["fact"] == fact


def test_a_dashed_word_is_an_option_unless_two_dashes_stand_before_it(cli: Cli) -> None:
    refused = cli("memory", "add", "-x")

    assert refused.code == 2
    assert "“--”" in refused.err
    assert cli("memory", "add", "--json", "--", "-x").json["fact"] == "-x"


def test_a_fact_without_text_is_refused(cli: Cli) -> None:
    result = cli("memory", "add", "  ")

    assert (result.code, result.out) == (1, "")
    assert "needs a text" in result.err


def test_stdin_that_is_no_text_is_refused(cli: Cli) -> None:
    result = cli("memory", "add", "-", stdin=b"\xff\xfe\xfd")

    assert result.code == 1
    assert "UTF-8" in result.err


def test_a_list_is_filtered_sorted_and_limited(cli: Cli) -> None:
    added(cli, "Likes tea", "-i", "2")
    added(cli, "Likes milk", "-i", "5", "--pin")
    added(cli, "Uses Postgres", "-c", "decision")

    likes = cli("memory", "list", "likes", "--sort", "importance", "--json").json
    one = cli("memory", "list", "--limit", "1", "--json").json
    pinned = cli("memory", "list", "is:pinned")

    assert [item["fact"] for item in likes["items"]] == ["Likes milk", "Likes tea"]
    assert (one["total"], len(one["items"])) == (3, 1)
    assert "pinned  Likes milk" in pinned.out


def test_a_filter_may_be_several_words_and_begin_with_a_dash(cli: Cli) -> None:
    added(cli, "Likes tea", "-t", "old")
    added(cli, "Likes milk")

    assert cli("memory", "list", "-tag:old", "likes", "--json").json["total"] == 1
    assert cli("memory", "list", "-accessed", "--json").json["total"] == 2
    assert cli("memory", "list", "-by:user", "--json").json["total"] == 0


def test_a_wrong_filter_is_refused_with_a_sentence(cli: Cli) -> None:
    result = cli("memory", "list", "imp>=x")

    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("boternity: ")


def test_a_terminal_gets_titles_a_page_and_its_width(
    cli: Cli, terminal: Callable[[int], None]
) -> None:
    lines = "\n".join(f'{{"fact": "Fact {i} {"long " * 40}"}}' for i in range(60))
    cli("memory", "import", "-", "--accept", "--format", "jsonl", stdin=lines)
    terminal(60)

    result = cli("memory", "list")

    rows = result.out.splitlines()
    assert rows[0].split() == ["ID", "WRITTEN", "CATEGORY", "IMP", "FACT"]
    assert len(rows) == 51
    assert max(len(row) for row in rows) == 60
    assert "50 of 60" in result.err


def test_show_prints_every_field_for_people(cli: Cli) -> None:
    memory = added(cli, "Likes tea\nand milk", "-t", "ui", "--session", "monday")

    out = cli("memory", "show", memory["id"]).out

    assert memory["id"] in out
    assert "Likes tea\n" in out
    assert "monday" in out
    assert "never" in out


def test_one_id_shows_the_memory_and_several_a_list(cli: Cli) -> None:
    tea, milk = added(cli, "Likes tea"), added(cli, "Likes milk")

    assert cli("memory", "show", tea["id"][:6], "--json").json["fact"] == "Likes tea"
    both = cli("memory", "show", tea["id"], milk["id"], "--json").json
    assert [item["fact"] for item in both["items"]] == ["Likes tea", "Likes milk"]


def test_an_id_that_is_too_short_or_unknown_is_refused(cli: Cli) -> None:
    assert "at least 6" in cli("memory", "show", "1a2b").err
    assert "memory list" in cli("memory", "show", "1a2b3c4d").err


def test_an_edit_changes_many_memories_as_one_act(cli: Cli) -> None:
    tea, milk = added(cli, "Likes tea", "-t", "old"), added(cli, "Likes milk")

    outcome = cli(
        "memory",
        "edit",
        tea["id"],
        milk["id"],
        "-i",
        "5",
        "--tag",
        "new",
        "--untag",
        "old",
        "--json",
    ).json
    cli("history", "undo")

    assert outcome["count"] == 2
    assert [item["tags"] for item in outcome["items"]] == [["new"], ["new"]]
    assert cli("memory", "list", "imp>=5", "--json").json["total"] == 0


def test_a_fact_is_corrected_with_an_option(cli: Cli) -> None:
    tea = added(cli, "Likes tea")

    cli("memory", "edit", tea["id"], "--fact", "- likes milk")

    assert cli("memory", "show", tea["id"], "--json").json["fact"] == "- likes milk"


def test_one_text_is_never_given_to_two_memories(cli: Cli) -> None:
    tea, milk = added(cli, "Likes tea"), added(cli, "Likes milk")

    assert cli("memory", "edit", tea["id"], milk["id"], "--fact", "x").code == 2


def test_an_edit_without_options_opens_the_editor_on_a_private_file(
    cli: Cli, editor: Callable[[str], Path], tmp_path: Path
) -> None:
    tea = added(cli, "Likes tea")
    editor(f'stat -c %a "$1" "$(dirname "$1")" > {tmp_path}/modes; echo "Likes milk" > "$1"')

    result = cli("memory", "edit", tea["id"])

    assert result.code == 0
    assert cli("memory", "show", tea["id"], "--json").json["fact"] == "Likes milk"
    assert (tmp_path / "modes").read_text().split()[-1] == "700"


def test_an_editor_that_changes_nothing_makes_no_act(
    cli: Cli, editor: Callable[[str], Path]
) -> None:
    tea = added(cli, "Likes tea")
    editor("true")

    outcome = cli("memory", "edit", tea["id"], "--json").json

    assert (outcome["event"], outcome["count"]) == (None, 0)


def test_an_editor_that_fails_changes_nothing(cli: Cli, editor: Callable[[str], Path]) -> None:
    tea = added(cli, "Likes tea")
    editor('echo "Likes milk" > "$1"; exit 1')

    result = cli("memory", "edit", tea["id"])

    assert result.code == 1
    assert cli("memory", "show", tea["id"], "--json").json["fact"] == "Likes tea"


def test_an_edited_text_that_is_refused_is_kept_for_the_person(
    cli: Cli, editor: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tea = added(cli, "Likes tea")
    added(cli, "Likes milk")
    editor('echo "Likes milk" > "$1"')

    result = cli("memory", "edit", tea["id"])

    (kept,) = tmp_path.glob("boternity-*.md")
    assert result.code == 1
    assert str(kept) in result.err
    assert kept.read_text() == "Likes milk"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_without_an_editor_and_a_terminal_an_edit_asks_for_options(cli: Cli) -> None:
    tea = added(cli, "Likes tea")

    result = cli("memory", "edit", tea["id"])

    assert result.code == 2
    assert "--fact" in result.err


def test_deleted_memories_lie_in_the_trash_until_they_are_restored(cli: Cli) -> None:
    tea, milk = added(cli, "Likes tea"), added(cli, "Likes milk")

    deleted = cli("memory", "delete", tea["id"], milk["id"])
    trash = cli("memory", "list", "is:deleted", "--json").json
    restored = cli("memory", "restore", tea["id"], "--json").json

    assert deleted.out.split() == [tea["id"][:8], milk["id"][:8]]
    assert "Deleted 2 memories." in deleted.err
    assert trash["total"] == 2
    assert (restored["count"], restored["items"][0]["status"]) == (1, "live")


def test_ids_may_come_from_stdin(cli: Cli) -> None:
    ids = [added(cli, f"Fact {number}")["id"] for number in range(3)]

    outcome = cli("memory", "delete", "-", "--json", stdin="\n".join(ids)).json

    assert outcome["count"] == 3
    assert cli("memory", "delete", "-").code == 1


def test_a_memory_of_another_bot_is_not_touched_when_the_bot_is_named(cli: Cli) -> None:
    tea = added(cli, "Likes tea", "-b", "ben")

    result = cli("memory", "delete", tea["id"], "-b", "ana")

    assert result.code == 1
    assert "belongs to ben, not to ana" in result.err
    assert cli("memory", "list", "-b", "ben", "--json").json["total"] == 1


def test_pins_come_and_go(cli: Cli) -> None:
    tea = added(cli, "Likes tea")

    pinned = cli("memory", "pin", tea["id"], "--json").json
    unpinned = cli("memory", "unpin", tea["id"], "--json").json

    assert pinned["items"][0]["pinned"] is True
    assert unpinned["items"][0]["pinned"] is False


def test_tags_come_and_go(cli: Cli) -> None:
    tea = added(cli, "Likes tea", "-t", "old")

    outcome = cli("memory", "tag", tea["id"], "--tag", "new", "--untag", "old", "--json").json

    assert outcome["items"][0]["tags"] == ["new"]
    assert cli("memory", "tag", tea["id"]).code == 2


def test_stats_count_what_there_is(cli: Cli) -> None:
    added(cli, "Likes tea", "-c", "preference")
    cli("memory", "delete", added(cli, "Likes milk")["id"])

    counts = cli("memory", "stats", "--json").json

    assert (counts["bot"], counts["live"], counts["deleted"]) == ("ana", 1, 1)
    assert "preference: 1" in cli("memory", "stats").out


def test_a_saved_filter_is_used_by_its_name(cli: Cli) -> None:
    added(cli, "Likes tea", "-i", "5")
    added(cli, "Likes milk")

    cli("memory", "filters", "save", "urgent", "imp>=4", "-is:pinned")
    listed = cli("memory", "filters", "list", "--json").json
    urgent = cli("memory", "list", "--saved", "urgent", "--json").json
    cli("memory", "filters", "remove", "urgent")

    assert listed["items"][0]["text"] == "imp>=4 -is:pinned"
    assert urgent["total"] == 1
    assert cli("memory", "list", "--saved", "urgent").code == 1
