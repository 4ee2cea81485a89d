"""Saved filters, and where a program was when it was left."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from backend import Backend
from backend.types import Actor, Invalid, InvalidFilter, NotFound
from tests.conftest import OpenHome

USER = Actor.user()


async def test_saved_filters_are_listed_by_name(backend: Backend) -> None:
    for name in ("old", "Important", "mine"):
        await backend.workspace.save_filter(name, "imp>=4", actor=USER)

    assert [saved.name for saved in await backend.workspace.filters()] == [
        "Important",
        "mine",
        "old",
    ]


async def test_saving_under_a_name_again_replaces_the_line(backend: Backend) -> None:
    first = await backend.workspace.save_filter("Mine", "imp>=4", actor=USER)

    again = await backend.workspace.save_filter("  Mine ", "imp>=5", actor=USER)

    assert again == first.model_copy(update={"text": "imp>=5", "revision": 2})
    assert await backend.workspace.filters() == [again]


async def test_saving_the_same_line_again_is_no_act(backend: Backend) -> None:
    first = await backend.workspace.save_filter("Mine", "imp>=4", actor=USER)

    assert await backend.workspace.save_filter("Mine", "imp>=4", actor=USER) == first
    assert await backend.history.last() == 1


async def test_a_filter_needs_a_name_and_a_line_that_can_be_read(backend: Backend) -> None:
    with pytest.raises(Invalid, match="needs a name"):
        await backend.workspace.save_filter("  ", "imp>=4", actor=USER)
    with pytest.raises(InvalidFilter):
        await backend.workspace.save_filter("Mine", "imp>=nine", actor=USER)

    assert await backend.workspace.filters() == []


async def test_a_filter_is_removed_by_the_name_it_was_saved_under(backend: Backend) -> None:
    await backend.workspace.save_filter(" My  own ", "imp>=4", actor=USER)

    await backend.workspace.remove_filter(" My  own ", actor=USER)

    assert await backend.workspace.filters() == []
    with pytest.raises(NotFound, match="no saved filter “My own”"):
        await backend.workspace.remove_filter("My own", actor=USER)


@pytest.mark.parametrize(
    "value", [None, 3, "text \0 \x1b[31m", True, [1, None], {"cursor": {"row": 7}, "ä": "👩‍👩‍👧"}]
)
async def test_what_a_program_left_is_there_at_its_next_start(
    open_home: OpenHome, value: JsonValue
) -> None:
    async with open_home() as backend:
        await backend.workspace.keep_state("memory", "first")
        await backend.workspace.keep_state("memory", value)

    async with open_home() as backend:
        assert await backend.workspace.recall_state("memory") == value


async def test_nothing_was_left_at_the_first_start(backend: Backend) -> None:
    assert await backend.workspace.recall_state("memory") is None


async def test_what_cannot_be_read_is_a_fresh_start(backend: Backend) -> None:
    await backend._store.write(lambda tx: tx.state.set("memory", "{of another version"))

    assert await backend.workspace.recall_state("memory") is None
