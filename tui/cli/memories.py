"""What the memory commands share: ids as people type them, and memories as they print."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from uuid import UUID

from pydantic import JsonValue

from backend import Backend
from backend.types import ActOutcome, Invalid, MemoryEntry, MemoryStatus, VectorMemoryEntry
from tui.cli.base import ALL_BOTS, session
from tui.cli.output import json_out, note, out

SHORT_ID = 8
_CHUNK = 500


def short(memory_id: UUID) -> str:
    """Return an id as people read and type it."""
    return str(memory_id)[:SHORT_ID]


def entry_json(entry: VectorMemoryEntry) -> dict[str, JsonValue]:
    """Return a memory with all its fields."""
    return dict(entry.model_dump(mode="json"))


def stdin_bytes(limit: int) -> bytes:
    """Return what stands on stdin; raises Invalid above `limit` bytes."""
    stream = getattr(sys.stdin, "buffer", None)
    data: bytes = sys.stdin.read().encode() if stream is None else stream.read(limit + 1)
    if len(data) > limit:
        raise Invalid(f"The input has more than {limit:,} bytes: give it in parts.")
    return data


def stdin_text(limit: int) -> str:
    """Return the text on stdin without its last line end; raises Invalid."""
    try:
        text = stdin_bytes(limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("The input is not UTF-8 text: convert it, then give it again.") from error
    return text.removesuffix("\n").removesuffix("\r")


def typed_ids(ids: Sequence[str]) -> list[str]:
    """Return the ids as typed; a single "-" reads them from stdin, separated by white space."""
    if list(ids) != ["-"]:
        return list(ids)
    typed = stdin_text(64 * 1024 * 1024).split()
    if not typed:
        raise Invalid("There are no ids on stdin: nothing was changed.")
    return typed


async def resolved(backend: Backend, ids: Sequence[str]) -> list[UUID]:
    """Return the ids in full; with --bot, raises Invalid for a memory of another one."""
    found = await backend.memories.resolve(ids)
    name = session().bot
    if name is not None and name != ALL_BOTS:
        bot = await backend.bots.get(name)
        for memory_id in found:
            entry = await backend.memories.get(memory_id)
            if entry.bot_id != bot.id:
                owner = await backend.bots.by_id(entry.bot_id)
                raise Invalid(
                    f"The memory {short(memory_id)} belongs to {owner.slug}, not to {bot.slug}: "
                    "nothing was changed. Leave --bot out, or name the right one."
                )
    return found


async def entries_of(backend: Backend, rows: Sequence[int]) -> list[MemoryEntry]:
    """Return whole memories by row number, read in parts."""
    found: list[MemoryEntry] = []
    for start in range(0, len(rows), _CHUNK):
        found += await backend.memories.entries(rows[start : start + _CHUNK])
    return found


def tell_outcome(outcome: ActOutcome, entries: Sequence[MemoryEntry]) -> None:
    """Print what an act did to these memories, as they are now."""
    if session().json:
        items: list[JsonValue] = [entry_json(entry) for entry in entries]
        json_out({**outcome.model_dump(mode="json"), "items": items})
        return
    for entry in entries:
        out(short(entry.id))
    undo = " To take it back: boternity history undo" if outcome.event is not None else ""
    note(f"{outcome.summary[:1].upper()}{outcome.summary[1:]}.{undo}")


def mark(entry: VectorMemoryEntry) -> str:
    """Return in a word what sets a memory apart in a list."""
    if entry.status is not MemoryStatus.LIVE:
        return entry.status.value
    return "pinned" if entry.pinned else ""
