"""Undo as arithmetic: which acts are taken back, and which stand in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.core.journal import (
    Change,
    EventRecord,
    Link,
    blocking,
    cancelled,
    event_digest,
    event_mac,
    head_mac,
    payload_digest,
)
from backend.types.journal import Act, EntityKind
from tests.doubles.clock import START

KEY = b"k" * 32
RECORD = EventRecord(
    at=START, actor="user", act=Act.EDIT, summary="edited 1 memory", changes=(), bot_id="b"
)
CHANGE = Change(EntityKind.MEMORY, "m", "old", "new")


def act(sequence: int) -> Link:
    return Link(sequence, None)


def back(sequence: int, of: int) -> Link:
    return Link(sequence, of)


def test_an_act_that_nobody_took_back_stands() -> None:
    assert cancelled([act(1), act(2)]) == set()


def test_an_undo_takes_an_act_back() -> None:
    assert cancelled([act(1), back(2, of=1)]) == {1}


def test_a_redo_takes_the_undo_back_and_the_act_stands_again() -> None:
    assert cancelled([act(1), back(2, of=1), back(3, of=2)]) == {2}


def test_undo_after_redo_takes_the_act_back_again() -> None:
    assert cancelled([act(1), back(2, of=1), back(3, of=2), back(4, of=1)]) == {2, 1}


def test_the_order_of_the_links_does_not_matter() -> None:
    assert cancelled([back(3, of=2), act(1), back(2, of=1)]) == {2}


def test_nothing_later_stands_in_nobodys_way() -> None:
    assert blocking(1, []) == []


def test_standing_later_acts_are_named_newest_first() -> None:
    assert blocking(1, [act(2), act(5), act(3)]) == [5, 3, 2]


def test_a_later_act_that_was_undone_is_no_longer_in_the_way() -> None:
    assert blocking(1, [act(2), back(3, of=2)]) == []


def test_a_later_act_that_was_redone_is_in_the_way_again() -> None:
    assert blocking(1, [act(2), back(3, of=2), back(4, of=3)]) == [2]


def test_its_own_undo_and_redo_are_not_in_the_way_of_an_act() -> None:
    assert blocking(1, [back(2, of=1), back(3, of=2)]) == []


def test_an_undo_of_something_older_is_in_the_way_of_a_redo() -> None:
    """2 was undone by 3, then 1 by 4: doing 2 again would bring a part of 1 back with it."""
    assert blocking(3, [back(4, of=1)]) == [4]


def test_an_older_act_that_stands_again_is_not_in_the_way_of_a_redo() -> None:
    assert blocking(3, [back(4, of=1), back(5, of=4)]) == []


def test_a_payloads_digest_depends_on_all_of_it_and_on_the_salt() -> None:
    variants = {
        payload_digest(b"salt", CHANGE),
        payload_digest(b"tlas", CHANGE),
        payload_digest(b"salt", replace(CHANGE, kind=EntityKind.BOT)),
        payload_digest(b"salt", replace(CHANGE, entity_id="n")),
        payload_digest(b"salt", replace(CHANGE, before=None)),
        payload_digest(b"salt", replace(CHANGE, before="new", after="old")),
        payload_digest(b"salt", replace(CHANGE, after="null")),
        payload_digest(b"salt", replace(CHANGE, after=None)),
    }

    assert len(variants) == 8


def test_an_events_digest_depends_on_the_order_of_its_payloads() -> None:
    assert event_digest([b"a" * 32, b"b" * 32]) != event_digest([b"b" * 32, b"a" * 32])


@pytest.mark.parametrize(
    "other",
    [
        replace(RECORD, at=START + timedelta(microseconds=1)),
        replace(RECORD, actor="ana"),
        replace(RECORD, act=Act.DELETE),
        replace(RECORD, summary="edited 2 memories"),
        replace(RECORD, bot_id=None),
        replace(RECORD, undoable=False),
        replace(RECORD, undo_of=1),
    ],
)
def test_a_seal_depends_on_every_field_of_an_event(other: EventRecord) -> None:
    assert event_mac(KEY, b"p", 2, RECORD, b"d") != event_mac(KEY, b"p", 2, other, b"d")


def test_a_seal_depends_on_the_key_the_chain_the_place_and_the_payloads() -> None:
    seals = {
        event_mac(KEY, b"p", 2, RECORD, b"d"),
        event_mac(b"x" * 32, b"p", 2, RECORD, b"d"),
        event_mac(KEY, b"q", 2, RECORD, b"d"),
        event_mac(KEY, b"p", 3, RECORD, b"d"),
        event_mac(KEY, b"p", 2, RECORD, b"e"),
    }

    assert len(seals) == 5


def test_the_seal_of_the_head_depends_on_the_key_the_place_and_the_event() -> None:
    seals = {
        head_mac(KEY, 1, b"m"),
        head_mac(b"x" * 32, 1, b"m"),
        head_mac(KEY, 2, b"m"),
        head_mac(KEY, 1, b"n"),
    }

    assert len(seals) == 4
