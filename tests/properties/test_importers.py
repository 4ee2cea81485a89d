"""Whatever is in a memory survives an export; whatever is in a file, an importer ends in peace."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from backend.core.memory.importing import ImportedFact, Rejected
from backend.infra.importers.export_file import ExportImporter, export_text
from backend.infra.importers.jsonl import JsonlImporter
from backend.infra.importers.markdown import MarkdownImporter
from backend.types.bots import Bot
from backend.types.errors import Invalid
from backend.types.memory import (
    MemoryCategory,
    MemoryEntry,
    MemorySource,
    MemoryStatus,
    SourceKind,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
facts = texts.filter(lambda text: bool(text.strip()))
tags = st.lists(facts.map(str.strip), max_size=4, unique=True).map(tuple)
instants = st.datetimes(timezones=st.just(UTC))
counts = st.integers(0, 2**31)
bots = st.builds(
    Bot,
    id=st.uuids(),
    slug=texts,
    name=texts,
    created_at=instants,
    updated_at=instants,
    trusted_bots=st.just(()),
    fallback_chain=st.none(),
)
entries = st.builds(
    MemoryEntry,
    id=st.uuids(version=4),
    bot_id=st.uuids(),
    fact=facts,
    category=st.sampled_from(MemoryCategory),
    importance=st.integers(1, 5),
    tags=tags,
    pinned=st.booleans(),
    status=st.sampled_from(MemoryStatus),
    source=st.builds(MemorySource, kind=st.sampled_from(SourceKind), name=texts, where=texts),
    session_id=st.none() | texts,
    session_position=st.none() | counts,
    source_memory_id=st.none() | st.uuids(),
    created_at=instants,
    updated_at=instants,
    confirmed_at=st.none() | instants,
    last_accessed_at=st.none() | instants,
    access_count=counts,
    seen_count=counts.map(lambda count: count + 1),
    superseded_by=st.none() | st.uuids(),
    merged_into=st.none() | st.uuids(),
    embedding_model=st.none() | texts,
    revision=counts.map(lambda count: count + 1),
    row=counts,
)
stores = st.lists(entries, max_size=5, unique_by=(lambda e: e.id, lambda e: e.row))


@given(bot=bots, store=stores, home=bots)
def test_an_export_read_into_an_empty_home_is_exported_byte_for_byte(
    bot: Bot, store: Sequence[MemoryEntry], home: Bot
) -> None:
    text = export_text(bot, store)

    rows = []
    for row, item in enumerate(ExportImporter().read(text, where="x"), start=1):
        assert isinstance(item, ImportedFact)
        assert item.entry is not None
        rows.append(MemoryEntry(**{**dict(item.entry), "bot_id": home.id, "row": row}))

    same_name = home.model_copy(update={"slug": bot.slug, "name": bot.name})
    assert export_text(same_name, rows) == text


@given(bot=bots, store=stores)
def test_an_export_is_json_that_any_program_reads(bot: Bot, store: Sequence[MemoryEntry]) -> None:
    read = json.loads(export_text(bot, store))

    in_order = sorted(store, key=lambda entry: entry.row)
    assert [memory["fact"] for memory in read["memories"]] == [entry.fact for entry in in_order]


@given(
    st.lists(
        st.fixed_dictionaries(
            {"fact": facts},
            optional={
                "category": st.sampled_from([word.value for word in MemoryCategory]),
                "importance": st.integers(1, 5),
                "tags": tags.map(list),
                "session": texts,
                "created_at": instants.map(datetime.isoformat),
                "pinned": st.booleans(),
            },
        ),
        max_size=5,
    ),
    st.booleans(),
)
@example([{"fact": "one\u2028two\x85three"}], False)
def test_every_line_that_the_contract_allows_is_kept_exactly(
    lines: list[dict[str, object]], ascii_only: bool
) -> None:
    text = "\n".join(json.dumps(line, ensure_ascii=ascii_only) for line in lines)

    read = list(JsonlImporter().read(text, where="x"))

    drafts = [item.draft for item in read if isinstance(item, ImportedFact)]
    assert [draft.fact for draft in drafts] == [line["fact"] for line in lines]
    assert [draft.session_id for draft in drafts] == [line.get("session") for line in lines]
    assert [list(draft.tags) for draft in drafts] == [line.get("tags", []) for line in lines]


JSON_PIECES = [
    "{",
    "}",
    "[",
    "]",
    '"fact"',
    ":",
    ",",
    '"',
    "1",
    "NaN",
    "null",
    "\n",
    "\\u",
    "\\ud800",
]
MARKDOWN_PIECES = [
    "- ",
    "  ",
    "\n",
    "#",
    "```",
    "<!--",
    "-->",
    "<p>",
    ":",
    "| a |",
    "---",
    "> ",
    "x",
    "`",
]


def _of(pieces: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces) | texts, max_size=25).map("".join)


@given(_of(JSON_PIECES))
def test_any_text_read_as_json_lines_gives_facts_and_reasons(text: str) -> None:
    for item in JsonlImporter().read(text, where="x"):
        assert isinstance(item, ImportedFact | Rejected)
        assert 1 <= item.line <= text.count("\n") + 1


@given(_of(MARKDOWN_PIECES))
def test_any_text_read_as_markdown_gives_facts_in_order(text: str) -> None:
    lines = [item.line for item in MarkdownImporter().read(text, where="x")]

    assert lines == sorted(lines)
    assert all(1 <= line <= len(text) + 1 for line in lines)


@given(_of([*JSON_PIECES, '{"boternity": {"format": "memories", "version": 1}, "memories": [']))
def test_any_text_read_as_an_export_is_read_or_refused(text: str) -> None:
    with suppress(Invalid):
        for item in ExportImporter().read(text, where="x"):
            assert isinstance(item, ImportedFact | Rejected)
