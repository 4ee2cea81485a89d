"""`boternity memory delete|restore|pin|unpin|tag`: one act on one memory or on many."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import click

from backend import Backend
from backend.types import ActOutcome, MemoryChange, MemoryEntry
from tui.cli.base import Command, act_on_home, utf8
from tui.cli.memories import resolved, tell_outcome, typed_ids
from tui.person import PERSON

_ids = click.argument("ids", metavar="ID…", nargs=-1, required=True, type=utf8)


@click.command(
    cls=Command,
    bot=True,
    examples=[
        "boternity memory delete 1a2b3c4d 5e6f7a8b",
        "boternity memory list tag:old --json | jq -r .items[].id | boternity memory delete -",
    ],
)
@_ids
def delete(ids: Sequence[str]) -> None:
    """Put memories into the trash as one act; “-” reads the ids from stdin."""
    _mark(ids, lambda backend, found: backend.memories.delete(found, actor=PERSON))


@click.command(cls=Command, bot=True, examples=["boternity memory restore 1a2b3c4d"])
@_ids
def restore(ids: Sequence[str]) -> None:
    """Take memories out of the trash (“memory list is:deleted” shows it)."""
    _mark(ids, lambda backend, found: backend.memories.restore(found, actor=PERSON))


@click.command(cls=Command, bot=True, examples=["boternity memory pin 1a2b3c4d"])
@_ids
def pin(ids: Sequence[str]) -> None:
    """Pin memories: age does not weaken them."""
    _change(ids, MemoryChange(pinned=True))


@click.command(cls=Command, bot=True, examples=["boternity memory unpin 1a2b3c4d"])
@_ids
def unpin(ids: Sequence[str]) -> None:
    """Take the pin off memories."""
    _change(ids, MemoryChange(pinned=False))


@click.command(
    cls=Command,
    bot=True,
    examples=["boternity memory tag 1a2b3c4d --tag ui --untag draft"],
)
@_ids
@click.option("-t", "--tag", "tags", metavar="T", type=utf8, multiple=True, help="Add a tag.")
@click.option("--untag", "untags", metavar="T", type=utf8, multiple=True, help="Take a tag away.")
def tag(ids: Sequence[str], tags: Sequence[str], untags: Sequence[str]) -> None:
    """Give memories tags, or take tags away."""
    if not (tags or untags):
        raise click.UsageError("Say which tags: --tag T adds one, --untag T takes one away.")
    _change(ids, MemoryChange(add_tags=tuple(tags), remove_tags=tuple(untags)))


def _change(ids: Sequence[str], change: MemoryChange) -> None:
    _mark(ids, lambda backend, found: backend.memories.edit(found, change, actor=PERSON))


def _mark(
    ids: Sequence[str], what: Callable[[Backend, Sequence[UUID]], Awaitable[ActOutcome]]
) -> None:
    async def act(backend: Backend) -> tuple[ActOutcome, list[MemoryEntry]]:
        found = await resolved(backend, typed_ids(ids))
        outcome = await what(backend, found)
        return outcome, [await backend.memories.get(memory_id) for memory_id in found]

    tell_outcome(*act_on_home(act))
