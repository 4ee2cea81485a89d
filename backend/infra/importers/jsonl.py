"""JSON Lines: one memory a line, as the command contract defines it.

A line is `{"fact", "category"?, "importance"?, "tags"?, "session"?, "created_at"?, "pinned"?}`;
the order in the file is the order in the session. `null` is the same as leaving a field out. A
session may be a text or a whole number. A field that is not in this list is refused rather than
dropped: what a person wrote down would be lost without a word. Only a line feed ends a line, for
U+2028 and its like are legal inside a JSON text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, StrictStr, ValidationError

from backend.core.memory.facts import check_fact, check_tags
from backend.core.memory.importing import ImportedFact, Rejected
from backend.infra.importers.strict_json import NotJson, decode_at
from backend.types.base import UtcDatetime, Value
from backend.types.errors import Invalid
from backend.types.memory import MemoryCategory, MemoryDraft, MemorySource, SourceKind

_BLANK = " \t\r"
_LOOKS_LIKE = re.compile(r'\s*\{[^\n]*"fact"\s*:')
_SUFFIXES = (".jsonl", ".ndjson")

_EXPECTED = {
    "fact": "a text",
    "category": "one of " + ", ".join(MemoryCategory),
    "importance": "a whole number from 1 to 5",
    "tags": "a list of texts",
    "session": "a text or a whole number",
    "created_at": "a time with a zone, for example 2026-11-22T09:00:00Z",
    "pinned": "true or false",
}


class _Line(Value):
    """What a line may say, before it is a draft."""

    fact: StrictStr
    category: MemoryCategory = MemoryCategory.FACT
    importance: Annotated[int, Field(strict=True, ge=1, le=5)] = 3
    tags: tuple[StrictStr, ...] = ()
    session: StrictStr | StrictInt | None = None
    created_at: UtcDatetime | None = None
    pinned: StrictBool = False


class JsonlImporter:
    """Reads JSON Lines."""

    name = "jsonl"
    expects = 'JSON Lines (.jsonl), one object a line such as {"fact": "Prefers dark mode"}'

    def recognises(self, name: str, head: str) -> bool:
        if name.lower().endswith(_SUFFIXES):
            return True
        return _LOOKS_LIKE.match(head.removeprefix("\ufeff")) is not None

    def read(self, text: str, *, where: str) -> Iterator[ImportedFact | Rejected]:
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
            content = line.strip(_BLANK)
            if not content:
                continue
            try:
                yield ImportedFact(_draft(content, f"{where}:{number}"), number)
            except (NotJson, Invalid) as error:
                yield Rejected(number, str(error))


def _draft(content: str, where: str) -> MemoryDraft:
    """Raises NotJson and Invalid."""
    line = _validated(_members(content))
    return MemoryDraft(
        fact=check_fact(line.fact),
        category=line.category,
        importance=line.importance,
        tags=check_tags(line.tags),
        pinned=line.pinned,
        session_id=None if line.session is None else str(line.session),
        source=MemorySource(kind=SourceKind.IMPORT, name=JsonlImporter.name, where=where),
        created_at=line.created_at,
    )


def _members(content: str) -> dict[str, object]:
    try:
        value, end = decode_at(content, 0)
    except NotJson as error:
        if error.position is None:
            raise
        raise NotJson(f"{error} (column {error.position + 1})") from error
    if not isinstance(value, dict):
        raise Invalid('a line must be an object such as {"fact": "Prefers dark mode"}')
    if content[end:].strip(_BLANK):
        raise NotJson(f"there is more after the object (column {end + 1}): one object a line")
    return {key: member for key, member in value.items() if member is not None}


def _validated(members: dict[str, object]) -> _Line:
    if unknown := members.keys() - _EXPECTED.keys():
        raise Invalid(_unknown(min(unknown)))
    if not isinstance(members.get("created_at", ""), str):
        # A number would be read as seconds or milliseconds, whichever looks likelier.
        raise Invalid(f"“created_at” must be {_EXPECTED['created_at']}")
    try:
        return _Line.model_validate(members)
    except ValidationError as error:
        field = str(error.errors(include_url=False)[0]["loc"][0])
        if field not in members:
            raise Invalid(f"“{field}” is missing: a line needs it") from error
        raise Invalid(f"“{field}” must be {_EXPECTED[field]}") from error


def _unknown(field: str) -> str:
    from difflib import get_close_matches

    if near := get_close_matches(field, _EXPECTED, n=1):
        return f"“{field}” is not a field of a memory: the nearest is “{near[0]}”"
    return f"“{field}” is not a field of a memory: the fields are {', '.join(_EXPECTED)}"
