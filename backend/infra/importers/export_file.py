"""The lossless export of a bot's memories: written by `memory export`, read back by import.

One JSON object with one memory a line, so that two exports can be compared line by line:

    {"boternity": {"format": "memories", "version": 1},
    "bot": {"slug": "ana", "name": "Ana"},
    "memories": [
    {"id": …, "fact": …, …}
    ]}

A memory has every field of `VectorMemoryEntry` but three: the bot is the one that it is imported
into, and the row and the embedding model belong to the home, not to the memory. Memories stand in
the order in which they were written, times in UTC with microseconds. Read into an empty home and
written again, the bytes are the same (`tests/properties/test_importers.py`). Characters that a
terminal acts upon are escaped, so an export may be printed. Any layout of the same JSON is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

from pydantic import ValidationError

from backend.core.memory.facts import check_fact, check_tags
from backend.core.memory.importing import NO_BOT, ImportedFact, Rejected
from backend.infra.importers.strict_json import NotJson, decode_at
from backend.types.bots import Bot
from backend.types.errors import Invalid
from backend.types.memory import MemoryDraft, MemoryEntry, VectorMemoryEntry

FORMAT = "memories"
VERSION = 1

_OF_THE_HOME = {"bot_id", "embedding_model", "row"}
_FIELDS = frozenset(VectorMemoryEntry.model_fields) - _OF_THE_HOME
_MARK = re.compile(r'\s*\{.*?"boternity"\s*:\s*\{', re.DOTALL)
_SPACE = re.compile(r"[ \t\r\n]*")
_ACTED_UPON = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""DEL, C1, bidi controls, line separators, zero-width characters, tags. C0 JSON escapes itself."""


def export_text(bot: Bot, entries: Iterable[MemoryEntry]) -> str:
    """Return the export of `entries`, all of them memories of `bot`, in any order."""
    head = _json({"format": FORMAT, "version": VERSION})
    owner = _json({"slug": bot.slug, "name": bot.name})
    in_order = sorted(entries, key=lambda entry: entry.row)
    lines = ",\n".join(_json(entry.model_dump(exclude=_OF_THE_HOME)) for entry in in_order)
    return f'{{"boternity": {head},\n"bot": {owner},\n"memories": [\n{lines}\n]}}\n'


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    # Outside of its strings JSON is ASCII, so each of these stands inside one.
    return _ACTED_UPON.sub(lambda found: json.dumps(found[0])[1:-1], text)


def _plain(value: object) -> str:
    match value:
        case UUID():
            return str(value)
        case datetime():
            at = value.astimezone(UTC).replace(tzinfo=None)
            return at.isoformat(timespec="microseconds") + "Z"
        case _:
            raise TypeError(f"a memory has no field of type {type(value).__name__}")


class ExportImporter:
    """Reads what `export_text` wrote."""

    name = "export"
    expects = "the JSON that `boternity memory export` writes"

    def recognises(self, name: str, head: str) -> bool:
        return _MARK.match(head.removeprefix("\ufeff")) is not None

    def read(self, text: str, *, where: str) -> Iterator[ImportedFact | Rejected]:
        text = text.removeprefix("\ufeff")
        try:
            members, memories = _top_level(text)
        except NotJson as error:
            line = text.count("\n", 0, error.position or 0) + 1
            raise Invalid(
                f"“{where}” is not a whole export, line {line}: {error}. Export it again."
            ) from error
        _check_header(members, where)
        yield from _facts(text, memories)


def _facts(text: str, memories: list[tuple[int, object]]) -> Iterator[ImportedFact | Rejected]:
    line, counted = 1, 0
    seen: set[UUID] = set()
    for start, member in memories:
        line += text.count("\n", counted, start)
        counted = start
        try:
            entry = _entry(member)
        except Invalid as error:
            yield Rejected(line, str(error))
            continue
        if entry.id in seen:
            yield Rejected(line, f"the memory {entry.id} stands twice: keep one of them")
            continue
        seen.add(entry.id)
        yield ImportedFact(_draft(entry), line, entry)


def _top_level(text: str) -> tuple[dict[str, object], list[tuple[int, object]]]:
    """Return the members beside "memories", and each memory with its offset; raises NotJson."""
    members: dict[str, object] = {}
    memories: list[tuple[int, object]] = []
    at, more = _after(text, 0, "{"), True
    while more:
        key, at = _value(text, at)
        if not isinstance(key, str) or key in members:
            raise NotJson("a key is missing or stands twice", position=at)
        at = _after(text, at, ":")
        if key == "memories":
            memories, at = _array(text, at)
            members[key] = True
        else:
            members[key], at = _value(text, at)
        at, more = _comma_or(text, at, "}")
    if (at := _skip(text, at)) < len(text):
        raise NotJson("there is more after the end of the object", position=at)
    return members, memories


def _array(text: str, at: int) -> tuple[list[tuple[int, object]], int]:
    items: list[tuple[int, object]] = []
    at = _skip(text, _after(text, at, "["))
    if text.startswith("]", at):
        return items, at + 1
    more = True
    while more:
        start = _skip(text, at)
        item, at = _value(text, start)
        items.append((start, item))
        at, more = _comma_or(text, at, "]")
    return items, at


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _value(text: str, at: int) -> tuple[object, int]:
    start = _skip(text, at)
    try:
        return decode_at(text, start)
    except NotJson as error:
        # What is wrong inside a value but not with its syntax has no offset of its own.
        position = start if error.position is None else error.position
        raise NotJson(str(error), position=position) from error


def _after(text: str, at: int, mark: str) -> int:
    at = _skip(text, at)
    if not text.startswith(mark, at):
        raise NotJson(f"expected “{mark}”", position=at)
    return at + 1


def _comma_or(text: str, at: int, end: str) -> tuple[int, bool]:
    """Return the offset after the next mark, and whether it was a comma."""
    at = _skip(text, at)
    if text.startswith(end, at):
        return at + 1, False
    if text.startswith(",", at):
        return at + 1, True
    raise NotJson(f"expected “,” or “{end}”", position=at)


def _check_header(members: dict[str, object], where: str) -> None:
    match members.get("boternity"):
        case {"format": str(kind)} if kind != FORMAT:
            raise Invalid(
                f"“{where}” is an export of {kind}, not of memories: give the file that "
                "`boternity memory export` wrote."
            )
        case {"format": str(), "version": int(version)} if version > VERSION:
            raise Invalid(
                f"“{where}” was written by a newer Boternity (format version {version}; this one "
                f"reads {VERSION}): update Boternity, then import it again."
            )
        case {"format": str(), "version": int(version)} if version == VERSION:
            pass
        case _:
            raise Invalid(
                f"“{where}” does not say which format and version it is: export it again with "
                "`boternity memory export`."
            )
    if "memories" not in members:
        raise Invalid(f"“{where}” has no list of memories: export it again.")


def _entry(member: object) -> VectorMemoryEntry:
    if not isinstance(member, dict):
        raise Invalid("a memory must be an object with at least an id, a fact and its times")
    if unknown := member.keys() - _FIELDS:
        raise Invalid(f"“{min(unknown)}” is not a field of an exported memory: take it out")
    try:
        entry = VectorMemoryEntry.model_validate({**member, "bot_id": NO_BOT})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"“{field}” is not as an export writes it: {first['msg']}") from error
    check_fact(entry.fact)
    check_tags(entry.tags)
    return entry


def _draft(entry: VectorMemoryEntry) -> MemoryDraft:
    return MemoryDraft(
        fact=entry.fact,
        category=entry.category,
        importance=entry.importance,
        tags=entry.tags,
        pinned=entry.pinned,
        session_id=entry.session_id,
        source=entry.source,
        source_memory_id=entry.source_memory_id,
        created_at=entry.created_at,
    )
