"""`boternity memory add|edit`: writing and correcting single memories, and many at once."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

import click

from backend import Backend
from backend.types import (
    MAX_FACT_BYTES,
    ActOutcome,
    Added,
    BoternityError,
    Invalid,
    MemoryCategory,
    MemoryChange,
    MemoryDraft,
    MemoryEntry,
)
from tui.cli.base import TextCommand, act_on_home, chosen_bot, session, utf8
from tui.cli.memories import (
    entry_json,
    resolved,
    short,
    stdin_text,
    tell_outcome,
    typed_ids,
)
from tui.cli.output import json_out, note, out
from tui.editor import edited, editor_command
from tui.person import PERSON

F = TypeVar("F", bound=Callable[..., None])

_MAX_INPUT = 4 * MAX_FACT_BYTES
"""Enough that the store itself refuses a text that is too long, with its own sentence."""


def _category(command: F) -> F:
    words = [word.value for word in MemoryCategory]
    return click.option("-c", "--category", type=click.Choice(words))(command)


def _importance(command: F) -> F:
    return click.option(
        "-i", "--importance", type=click.IntRange(1, 5), metavar="N", help="How much it matters."
    )(command)


@click.command(
    cls=TextCommand,
    bot=True,
    examples=[
        'boternity memory add "Prefers dark mode" -b ana --category preference --tag ui',
        "pbpaste | boternity memory add - -b ana",
    ],
)
@click.argument("fact", type=utf8)
@_category
@_importance
@click.option("-t", "--tag", "tags", metavar="T", type=utf8, multiple=True, help="May be repeated.")
@click.option("--session", "session_id", metavar="S", type=utf8, help="The session it belongs to.")
@click.option("--pin", is_flag=True, help="Pin it at once.")
def add(
    fact: str,
    category: str | None,
    importance: int | None,
    tags: Sequence[str],
    session_id: str | None,
    pin: bool,
) -> None:
    """Add a fact and print its id; “-” reads it from stdin.

    A sentence that the bot knows already is counted and confirmed, not doubled.
    """
    draft = MemoryDraft(
        fact=stdin_text(_MAX_INPUT) if fact == "-" else fact,
        category=MemoryCategory(category or MemoryCategory.FACT),
        importance=importance or 3,
        tags=tuple(tags),
        pinned=pin,
        session_id=session_id,
    )

    async def act(backend: Backend) -> tuple[Added, str]:
        bot = await chosen_bot(backend)
        return await backend.memories.add(bot.id, draft, actor=PERSON), bot.slug

    added, slug = act_on_home(act)
    if session().json:
        json_out({**entry_json(added.entry), "repeated": added.repeated})
        return
    out(short(added.entry.id))
    if added.repeated:
        note(f"{slug} knew this already: confirmed, seen {added.entry.seen_count:,} times.")
    else:
        note(f"Added to {slug}.")


@click.command(
    cls=TextCommand,
    bot=True,
    examples=[
        'boternity memory edit 1a2b3c4d --fact "Prefers light mode"',
        "boternity memory edit 1a2b3c4d 5e6f7a8b --importance 5 --tag ui --untag draft",
        "boternity memory edit 1a2b3c4d                 opens $EDITOR",
    ],
)
@click.argument("ids", metavar="ID…", nargs=-1, required=True, type=utf8)
@click.option("--fact", metavar="T", type=utf8, help="The new text; “-” reads it from stdin.")
@_category
@_importance
@click.option("-t", "--tag", "tags", metavar="T", type=utf8, multiple=True, help="Add a tag.")
@click.option("--untag", "untags", metavar="T", type=utf8, multiple=True, help="Take a tag away.")
def edit(
    ids: Sequence[str],
    fact: str | None,
    category: str | None,
    importance: int | None,
    tags: Sequence[str],
    untags: Sequence[str],
) -> None:
    """Change memories as one act; without options, edit the text of one in $EDITOR."""
    if fact is not None and len(ids) > 1:
        raise click.UsageError("--fact changes one memory: two cannot have the same text.")
    change = MemoryChange(
        fact=stdin_text(_MAX_INPUT) if fact == "-" else fact,
        category=None if category is None else MemoryCategory(category),
        importance=importance,
        add_tags=tuple(tags),
        remove_tags=tuple(untags),
    )
    if change == MemoryChange():
        _edit_in_editor(ids)
        return

    async def act(backend: Backend) -> tuple[ActOutcome, list[MemoryEntry]]:
        found = await resolved(backend, typed_ids(ids))
        outcome = await backend.memories.edit(found, change, actor=PERSON)
        return outcome, [await backend.memories.get(memory_id) for memory_id in found]

    tell_outcome(*act_on_home(act))


def _edit_in_editor(ids: Sequence[str]) -> None:
    if len(ids) > 1 or ids[0] == "-":
        raise click.UsageError(
            "An editor changes one memory. For several, say what changes: --category, "
            "--importance, --tag or --untag."
        )
    if not sys.stdin.isatty() and not (os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        raise click.UsageError("Say what changes: --fact, --category, --importance, --tag.")

    async def read(backend: Backend) -> MemoryEntry:
        return await backend.memories.get((await resolved(backend, ids))[0])

    before = act_on_home(read)
    text = edited_text(before.fact)
    if text == before.fact:
        tell_outcome(ActOutcome(event=None, count=0, summary="nothing to change"), [before])
        return

    async def write(backend: Backend) -> tuple[ActOutcome, list[MemoryEntry]]:
        outcome = await backend.memories.edit(
            [before.id], MemoryChange(fact=text), actor=PERSON, seen_revision=before.revision
        )
        return outcome, [await backend.memories.get(before.id)]

    try:
        tell_outcome(*act_on_home(write, warn=False))
    except BoternityError as error:
        raise refused_but_kept(error, text, before.id) from error


def edited_text(text: str) -> str:
    """Return `text` after the person's editor; raises Invalid when that did not work."""
    command = editor_command()
    if not command or shutil.which(command[0]) is None:
        raise Invalid(
            "There is no editor to open: set EDITOR to yours, or give the new text with --fact."
        )
    changed = edited(text)
    if changed is None:
        raise Invalid(f"The editor ({command[0]}) ended with an error: nothing was changed.")
    return changed


def refused_but_kept(error: BoternityError, text: str, memory_id: UUID) -> Invalid:
    """Return the refusal of an edited text that tells where the text was kept (0600)."""
    handle, name = tempfile.mkstemp(prefix=f"boternity-{short(memory_id)}-", suffix=".md")
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode("utf-8", "surrogatepass"))
    return Invalid(f"{error} Your text is kept in {name}.")
