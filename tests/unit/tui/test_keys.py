"""The promises of the one registry of keys."""

from __future__ import annotations

from collections import defaultdict
from typing import get_type_hints

import click
import pytest

from backend.door import Backend
from tui.cli.root import root
from tui.keys import APP, GROUPS, LIST, MEMORIES, MODES, SCREEN, Key, all_keys
from tui.widgets.key_bar import HELP, MOST

TOGETHER = ((*APP, *SCREEN, *LIST, *MEMORIES),)
"""Groups that one focus has at the same time."""


def keys_of(key: Key) -> list[str]:
    return key.key.split(",")


def commands(group: click.Command, path: str = "") -> set[str]:
    """Every command of the command line, as it is typed after the program's name."""
    if not isinstance(group, click.Group):
        return {path}
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {
        typed
        for name, command in found.items()
        if command is not None
        for typed in commands(command, f"{path} {name}".strip())
    }


def test_no_two_acts_share_an_id() -> None:
    ids = [key.id for key in all_keys()]

    assert len(ids) == len(set(ids))


def test_the_same_key_is_the_same_verb_on_every_screen() -> None:
    verbs: dict[str, set[str]] = defaultdict(set)
    for key in all_keys():
        for pressed in keys_of(key):
            verbs[pressed].add(key.verb)

    assert {pressed: sorted(found) for pressed, found in verbs.items() if len(found) > 1} == {}


@pytest.mark.parametrize("group", [*GROUPS.values(), *TOGETHER])
def test_no_key_does_two_things_for_one_focus(group: tuple[Key, ...]) -> None:
    pressed = [key for act in group for key in keys_of(act)]

    assert sorted(key for key in pressed if pressed.count(key) > 1) == []


def test_the_digits_go_to_the_modes_in_their_fixed_order() -> None:
    digits = {key.key: key.verb for key in APP if key.key.isdigit()}

    assert digits == {digit: mode for digit, mode, _ in MODES}
    assert [mode for _, mode, _ in MODES] == [
        "providers",
        "memory",
        "triage",
        "recall",
        "sharing",
        "files",
        "keys",
        "history",
    ]


@pytest.mark.parametrize("group", TOGETHER)
def test_it_is_no_chance_which_six_keys_the_bottom_line_shows(group: tuple[Key, ...]) -> None:
    ranks = [key.bar for key in group if key.bar and key.id != HELP]

    assert MOST == 6
    assert len(ranks) == len(set(ranks))


def test_every_key_explains_itself() -> None:
    for key in all_keys():
        assert key.label, key.id
        assert key.help[:1].isupper(), key.id
        assert not key.help.endswith("."), key.id
        assert key.binding().id == key.id
        assert key.binding().tooltip == key.help


def test_what_a_key_calls_is_a_method_of_the_backend() -> None:
    services = get_type_hints(Backend)

    for key in all_keys():
        if key.facade:
            service, method = key.facade.split(".")
            assert callable(getattr(services[service], method, None)), key.id


def test_whatever_a_key_does_to_the_store_can_be_scripted() -> None:
    known = commands(root)

    assert {key.id: key.command for key in all_keys() if key.command} == {
        key.id: key.command for key in all_keys() if key.command in known
    }
