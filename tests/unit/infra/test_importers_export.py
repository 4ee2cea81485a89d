"""The export: lossless, comparable by lines, safe to print, and refused when not whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from backend.core.memory.importing import ImportedFact, Rejected
from backend.infra.importers.export_file import ExportImporter, export_text
from backend.types.bots import Bot
from backend.types.errors import Invalid
from backend.types.memory import (
    MemoryCategory,
    MemoryEntry,
    MemorySource,
    MemoryStatus,
    SourceKind,
    VectorMemoryEntry,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ANA = Bot(id=UUID(int=7), slug="ana", name="Ana", created_at=NOW, updated_at=NOW)


def _entry(number: int, **fields: object) -> MemoryEntry:
    plain = {"fact": f"fact {number}", "created_at": NOW, "updated_at": NOW, "bot_id": ANA.id}
    return MemoryEntry.model_validate({"row": number, "id": UUID(int=number), **plain, **fields})


FULL = _entry(
    2,
    fact="Prefers dark mode",
    category=MemoryCategory.PREFERENCE,
    importance=5,
    tags=("ui",),
    pinned=True,
    status=MemoryStatus.SUPERSEDED,
    source=MemorySource(kind=SourceKind.BOT, name="ana", where="chat"),
    session_id="4f21",
    session_position=3,
    source_memory_id=UUID(int=1),
    confirmed_at=datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC),
    last_accessed_at=NOW,
    access_count=12,
    seen_count=3,
    superseded_by=UUID(int=8),
    merged_into=UUID(int=9),
    embedding_model="minilm",
    revision=4,
)


def _items(text: str) -> list[ImportedFact | Rejected]:
    return list(ExportImporter().read(text, where="ana.json"))


def _whole(text: str) -> list[VectorMemoryEntry]:
    found = [item.entry for item in _items(text) if isinstance(item, ImportedFact)]
    return [entry for entry in found if entry is not None]


def test_every_field_but_those_of_the_home_comes_back() -> None:
    [entry] = _whole(export_text(ANA, [FULL]))

    of_the_home = {"row", "bot_id", "embedding_model"}
    assert entry.model_dump(exclude=of_the_home) == FULL.model_dump(exclude=of_the_home)


def test_the_text_is_one_memory_a_line() -> None:
    text = export_text(ANA, [_entry(1)])

    assert text == (
        '{"boternity": {"format": "memories", "version": 1},\n'
        '"bot": {"slug": "ana", "name": "Ana"},\n'
        '"memories": [\n'
        '{"id": "00000000-0000-0000-0000-000000000001", "fact": "fact 1", "category": "fact", '
        '"importance": 3, "tags": [], "pinned": false, "status": "live", '
        '"source": {"kind": "user", "name": "", "where": ""}, "session_id": null, '
        '"session_position": null, "source_memory_id": null, '
        '"created_at": "2026-11-22T09:00:00.000000Z", "updated_at": "2026-11-22T09:00:00.000000Z", '
        '"confirmed_at": null, "last_accessed_at": null, "access_count": 0, "seen_count": 1, '
        '"superseded_by": null, "merged_into": null, "revision": 1}\n'
        "]}\n"
    )


def test_memories_stand_in_the_order_of_writing_whatever_order_they_are_given_in() -> None:
    entries = [_entry(number) for number in (3, 1, 2)]

    assert [entry.fact for entry in _whole(export_text(ANA, entries))] == [
        "fact 1",
        "fact 2",
        "fact 3",
    ]


def test_an_export_of_no_memories_is_whole() -> None:
    text = export_text(ANA, [])

    assert json.loads(text)["memories"] == []
    assert _items(text) == []


def test_an_export_can_be_printed_and_loses_nothing() -> None:
    fact = (
        "\x1b[2J \x9b31m \u202eevil\u202c \u2028 👩\u200d👩\u200d👧 naïve 日本 \U000e0041 \0 \x7f"
    )

    text = export_text(ANA, [_entry(1, fact=fact)])

    assert all(line.isprintable() or "👩" in line for line in text.split("\n"))
    assert "naïve 日本" in text
    assert [entry.fact for entry in _whole(text)] == [fact]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("sort", [False, True])
def test_any_layout_of_the_same_json_is_read_and_recognised(indent: int | None, sort: bool) -> None:
    text = json.dumps(json.loads(export_text(ANA, [FULL])), indent=indent, sort_keys=sort)

    assert ExportImporter().recognises("-", text)
    assert [entry.id for entry in _whole(text)] == [FULL.id]


def _broken(number: int, old: str, new: str) -> str:
    lines = export_text(ANA, [_entry(1), _entry(2), _entry(3)]).split("\n")
    assert old in lines[number]
    lines[number] = lines[number].replace(old, new)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"importance": 3', '"importance": 9', "“importance” is not as an export writes it"),
        ('"pinned"', '"pined"', "“pined” is not a field of an exported memory"),
        ('"fact 2"', '" "', "needs a text"),
        ("000000000002", "000000000001", "stands twice"),
        ("T09:00:00.000000Z", "T09:00:00", "“created_at” is not as an export writes it"),
        ('"pinned"', '"bot_id": "x", "pinned"', "“bot_id” is not a field"),
    ],
)
def test_a_damaged_memory_is_rejected_with_its_line_and_the_others_come(
    old: str, new: str, why: str
) -> None:
    items = _items(_broken(4, old, new))

    assert [type(item) for item in items] == [ImportedFact, Rejected, ImportedFact]
    assert items[1].line == 5
    assert why in getattr(items[1], "why", "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (export_text(ANA, [FULL])[:-40], "is not a whole export, line 4"),
        (export_text(ANA, [FULL]) + "x", "is not a whole export, line 6"),
        (_broken(4, '"fact"', '"id"'), "line 5: the key “id” stands twice"),
        (_broken(0, '"version": 1', '"version": 2'), "update Boternity, then import it again"),
        (_broken(0, '"version": 1', '"version": "x"'), "does not say which format and version"),
        (_broken(0, '"memories"', '"keys"'), "is an export of keys, not of memories"),
        (_broken(2, '"memories"', '"things"'), "has no list of memories"),
        (_broken(2, '"memories"', '"bot"'), "a key is missing or stands twice"),
        ('{"boternity": 5, "memories": []}', "does not say which format and version"),
        ('{"boternity": {"format": "memories", "version": 1}, "memories": {}}', "expected “[”"),
        ("{}", "is not a whole export"),
        ("", "is not a whole export, line 1"),
    ],
)
def test_a_file_that_is_not_a_whole_export_is_refused_before_the_first_memory(
    text: str, says: str
) -> None:
    with pytest.raises(Invalid) as caught:
        next(ExportImporter().read(text, where="ana.json"))

    assert says in str(caught.value)
