"""`boternity memory list|show|stats`: reading, which changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from uuid import UUID

import click
from pydantic import JsonValue

from backend import Backend
from backend.types import Bot, MemoryEntry, MemorySort, MemoryStats, NotFound
from tui.cli.base import (
    ALL_BOTS,
    Command,
    TextCommand,
    act_on_home,
    session,
    utf8,
    viewed_bot,
)
from tui.cli.memories import entries_of, entry_json, mark, resolved, short, typed_ids
from tui.cli.output import Column, day, fields, json_out, moment, note, out, table

_PAGE = 50
"""Memories that a terminal gets at once; a pipe and --json get all."""


@click.command(
    "list",
    cls=TextCommand,
    filters=True,
    bot=True,
    examples=[
        "boternity memory list -b ana",
        'boternity memory list "cat:decision imp>=4" -b ana --sort importance',
        "boternity memory list is:deleted -b all --json",
    ],
    epilog="The bot may be “all”. A filter is written as in the dashboard: cat: imp>= age> tag: "
    "by: source: is:pinned|deleted|superseded -term “exact words” and free words.",
)
@click.argument("filter_words", metavar="[FILTER]", nargs=-1, type=utf8)
@click.option("--saved", metavar="NAME", type=utf8, help="Also apply a saved filter.")
@click.option(
    "--sort",
    type=click.Choice([word.value for word in MemorySort]),
    default=MemorySort.NEWEST.value,
    show_default=True,
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=0),
    help=f"At most N, 0 for all [default: {_PAGE} on a terminal, else all].",
)
def list_memories(
    filter_words: Sequence[str], saved: str | None, sort: str, limit: int | None
) -> None:
    """List memories, all or those that a filter keeps."""

    async def act(backend: Backend) -> tuple[int, list[MemoryEntry], dict[UUID, Bot]]:
        bot = await viewed_bot(backend)
        words = [*([await _saved(backend, saved)] if saved is not None else []), *filter_words]
        rows = await backend.memories.keys(
            None if bot is None else bot.id, " ".join(words), sort=MemorySort(sort)
        )
        wanted = rows[:most] if (most := _most(limit)) else rows
        bots = {each.bot.id: each.bot for each in await backend.bots.summaries()}
        return len(rows), await entries_of(backend, wanted), bots

    total, entries, bots = act_on_home(act, busy="Reading")
    if session().json:
        items: list[JsonValue] = [entry_json(entry) for entry in entries]
        json_out({"total": total, "items": items})
        return
    _print_list(entries, bots)
    if len(entries) < total:
        note(f"{len(entries):,} of {total:,}. All of them: --limit 0; fewer: add a filter.")
    elif not entries:
        note("No memories match." if filter_words or saved else "There are no memories yet.")


@click.command(cls=Command, bot=True, examples=["boternity memory show 1a2b3c4d"])
@click.argument("ids", metavar="ID…", nargs=-1, required=True, type=utf8)
def show(ids: Sequence[str]) -> None:
    """Show memories with all their fields; the beginning of an id is enough (6 characters)."""

    async def act(backend: Backend) -> list[tuple[MemoryEntry, str]]:
        found = []
        for memory_id in await resolved(backend, typed_ids(ids)):
            entry = await backend.memories.get(memory_id)
            found.append((entry, (await backend.bots.by_id(entry.bot_id)).slug))
        return found

    found = act_on_home(act, busy="Reading")
    if session().json:
        items: list[JsonValue] = [entry_json(entry) for entry, _ in found]
        json_out(items[0] if len(items) == 1 else {"items": items})
        return
    for number, (entry, slug) in enumerate(found):
        if number:
            out("")
        _print_entry(entry, slug)


@click.command(cls=Command, bot=True, examples=["boternity memory stats -b ana"])
def stats() -> None:
    """Count a bot's memories, or all (-b all)."""

    async def act(backend: Backend) -> tuple[str, MemoryStats]:
        bot = await viewed_bot(backend)
        slug = ALL_BOTS if bot is None else bot.slug
        return slug, await backend.memories.stats(None if bot is None else bot.id)

    slug, counts = act_on_home(act, busy="Counting")
    if session().json:
        json_out({"bot": slug, **counts.model_dump(mode="json")})
        return
    fields(
        [
            ("bot", slug),
            ("memories", f"{counts.live:,}"),
            ("pinned", f"{counts.pinned:,}"),
            ("never recalled", f"{counts.never_recalled:,}"),
            ("in the trash", f"{counts.deleted:,}"),
            ("superseded", f"{counts.superseded:,}"),
            ("merged", f"{counts.merged:,}"),
            ("by category", _counts(counts.by_category)),
            ("by importance", _counts(counts.by_importance)),
            ("by month", _counts(counts.by_month)),
            ("in the index", f"{counts.indexed:,}"),
            ("to be indexed", f"{counts.pending:,}"),
        ]
    )


async def _saved(backend: Backend, name: str) -> str:
    known = await backend.workspace.filters()
    for each in known:
        if each.name == name:
            return each.text
    names = ", ".join(each.name for each in known)
    advice = f"The saved filters are: {names}." if names else "None is saved yet."
    raise NotFound(f"There is no saved filter “{name}”. {advice}", kind="filter", key=name)


def _most(limit: int | None) -> int:
    """Return how many memories to print; 0 means all."""
    if limit is not None:
        return limit
    return _PAGE if sys.stdout.isatty() and not session().json else 0


def _print_list(entries: Sequence[MemoryEntry], bots: dict[UUID, Bot]) -> None:
    if not entries:
        return
    several = session().bot == ALL_BOTS
    columns = [Column("ID"), Column("WRITTEN"), Column("CATEGORY"), Column("IMP", align="right")]
    columns += [Column("BOT", 20)] if several else []
    marked = any(mark(entry) for entry in entries)
    columns += [Column("STATE")] if marked else []
    rows = []
    for entry in entries:
        row = [short(entry.id), day(entry.created_at), entry.category.value, str(entry.importance)]
        row += [bots[entry.bot_id].slug if entry.bot_id in bots else ""] if several else []
        row += [mark(entry)] if marked else []
        rows.append([*row, entry.fact])
    table([*columns, Column("FACT")], rows)


def _print_entry(entry: MemoryEntry, slug: str) -> None:
    moments = (entry.confirmed_at, entry.last_accessed_at)
    confirmed, accessed = ("" if at is None else moment(at) for at in moments)
    fields(
        [
            ("id", str(entry.id)),
            ("bot", slug),
            ("fact", entry.fact),
            ("category", entry.category.value),
            ("importance", str(entry.importance)),
            ("tags", ", ".join(entry.tags)),
            ("state", ", ".join(filter(None, ("pinned" * entry.pinned, entry.status.value)))),
            ("source", str(entry.source)),
            ("session", entry.session_id or ""),
            ("written", moment(entry.created_at)),
            ("changed", moment(entry.updated_at)),
            ("confirmed", confirmed),
            ("recalled", f"{entry.access_count:,} times, last {accessed}" if accessed else "never"),
            ("seen", f"{entry.seen_count:,} times" if entry.seen_count > 1 else ""),
            ("superseded by", str(entry.superseded_by or "")),
            ("merged into", str(entry.merged_into or "")),
            ("derived from", str(entry.source_memory_id or "")),
            ("indexed by", entry.embedding_model or ""),
            ("revision", str(entry.revision)),
        ]
    )


def _counts(counts: dict[str, int] | dict[int, int]) -> str:
    return "\n".join(f"{name}: {count:,}" for name, count in counts.items() if count)
