"""A person's keymap is used as far as it is safe, and each thing left out is a sentence."""

from __future__ import annotations

import pytest

from tui.keymap import check_keymap
from tui.keys import all_keys


def test_an_entry_that_clashes_with_nothing_is_used() -> None:
    assert check_keymap({"memory.delete": "ctrl+x", "app.undo": "f5, ctrl+z"}) == (
        {"memory.delete": "ctrl+x", "app.undo": "f5,ctrl+z"},
        [],
    )


def test_every_act_may_be_written_down_under_its_own_key() -> None:
    own = {key.id: key.key for key in all_keys()}

    assert check_keymap(own) == (own, [])


def test_an_unknown_act_is_left_out_and_the_nearest_is_named() -> None:
    safe, sentences = check_keymap({"memory.delet": "x", "memory.add": "f2"})

    assert safe == {"memory.add": "f2"}
    assert sentences == [
        "keymap.memory.delet: there is no such act; the nearest is “memory.delete”."
    ]


def test_a_key_that_another_act_has_is_not_taken_away_from_it() -> None:
    safe, sentences = check_keymap({"memory.delete": "e"})

    assert safe == {}
    assert sentences == [
        "keymap.memory.delete: “e” is the key of memory.edit in the same place; choose another "
        "key, or give memory.edit one too."
    ]


def test_two_acts_may_swap_their_keys() -> None:
    swapped = {"memory.delete": "e", "memory.edit": "d"}

    assert check_keymap(swapped) == (swapped, [])


def test_an_entry_that_falls_out_does_not_let_another_one_clash() -> None:
    # Without memory.edit on "nonsense!" its own key is not free for memory.delete.
    safe, sentences = check_keymap({"memory.delete": "e", "memory.edit": "nonsense!"})

    assert safe == {}
    assert len(sentences) == 2


@pytest.mark.parametrize("same_as_filter", ["/", "slash"])
def test_a_key_is_known_under_all_of_its_names(same_as_filter: str) -> None:
    safe, sentences = check_keymap({"memory.sort": same_as_filter})

    assert safe == {}
    assert "memory.filter" in sentences[0]


def test_a_key_that_terminals_send_as_another_clashes_with_that_one() -> None:
    safe, sentences = check_keymap({"memory.copy": "ctrl+m"})

    assert safe == {}
    assert "list.open" in sentences[0]


@pytest.mark.parametrize("bad", ["", "d,", "hyperspace+d", "qwertz", "ctrl+", "escpe"])
def test_what_is_no_key_is_said_to_be_none(bad: str) -> None:
    safe, sentences = check_keymap({"memory.delete": bad})

    assert safe == {}
    assert "is no key" in sentences[0]


def test_shift_with_a_letter_is_told_how_it_arrives() -> None:
    assert check_keymap({"memory.delete": "shift+d"}) == (
        {},
        ["keymap.memory.delete: “shift+d” never arrives; write D."],
    )


def test_text_from_the_file_cannot_steer_the_terminal() -> None:
    _, sentences = check_keymap({"memory.\x1b[31m": "d", "memory.add": "\x1b[0m"})

    assert all(sentence.isprintable() for sentence in sentences)
