"""What all property tests draw from: texts that hurt, instants, and every entity of the store."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import strategies as st

from backend.types import (
    Bot,
    BotStatus,
    MemoryCategory,
    MemoryChange,
    MemoryDraft,
    MemorySource,
    MemoryStatus,
    SavedFilter,
    SourceKind,
    VectorMemoryEntry,
)

HOSTILE = [
    "a\0b",
    "\0",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J",
    "\x7f\x80\x9f",
    "[bold]markup[/bold] [/] [link=file:///etc]x[/link]",
    "\u202egnirts sdrawkcab\u202c \u2066isolate\u2069",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽",
    "zero\u200bwidth\ufeffjoin\u2060er",
    "line\u2028paragraph\u2029\x0b\x0c\x85end",
    "é e\u0301 ﬁ Å Å",
    "'; DROP TABLE memories; -- \" ` % _ \\",
    '{"json": "[1, 2"}',
    "NEAR(a b) AND NOT * ^ : fact:",
    "日本語の事実 한국어 ไทย",
    "\U0010ffff \uffff",
    "z" * 5_000,
    "̀" * 50 + "x",
]
"""Each is stored exactly, or refused in words; the terminal is not reached by any of them."""

letters = st.characters(exclude_categories=["Cs"])
texts = st.text(letters, max_size=60) | st.sampled_from(HOSTILE)
facts = texts.filter(lambda text: bool(text.strip()))
tags = st.lists(
    st.text(letters, min_size=1, max_size=64).map(str.strip).filter(bool), max_size=4, unique=True
).map(tuple)
instants = st.datetimes(
    min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)
)
counts = st.integers(0, 2**40)
positive = counts.map(lambda count: count + 1)
ids: st.SearchStrategy[UUID] = st.uuids(version=4)
sources = st.builds(MemorySource, kind=st.sampled_from(SourceKind), name=texts, where=texts)
names = st.sampled_from(["Ana", "Ben", "Chi Wu", "Dan 2"])

bots = st.builds(
    Bot,
    id=ids,
    slug=texts,
    name=texts,
    description=texts,
    status=st.sampled_from(BotStatus),
    created_at=instants,
    updated_at=instants,
    trusted_bots=st.lists(ids, max_size=3).map(tuple),
    fallback_chain=st.none() | st.lists(texts, max_size=3).map(tuple),
    revision=positive,
)
memories = st.builds(
    VectorMemoryEntry,
    id=ids,
    bot_id=ids,
    fact=facts,
    category=st.sampled_from(MemoryCategory),
    importance=st.integers(1, 5),
    tags=tags,
    pinned=st.booleans(),
    status=st.sampled_from(MemoryStatus),
    source=sources,
    session_id=st.none() | texts,
    session_position=st.none() | counts,
    source_memory_id=st.none() | ids,
    created_at=instants,
    updated_at=instants,
    confirmed_at=st.none() | instants,
    last_accessed_at=st.none() | instants,
    access_count=counts,
    seen_count=positive,
    superseded_by=st.none() | ids,
    merged_into=st.none() | ids,
    embedding_model=st.none(),
    revision=positive,
)
saved_filters = st.builds(
    SavedFilter, id=ids, name=texts, text=texts, created_at=instants, revision=positive
)
drafts = st.builds(
    MemoryDraft,
    fact=facts,
    category=st.sampled_from(MemoryCategory),
    importance=st.integers(1, 5),
    tags=tags,
    pinned=st.booleans(),
    session_id=st.none() | st.sampled_from(["s", "t"]),
    source=sources,
    created_at=st.none() | instants,
)
changes = st.builds(
    MemoryChange,
    fact=st.none() | facts,
    category=st.none() | st.sampled_from(MemoryCategory),
    importance=st.none() | st.integers(1, 5),
    pinned=st.none() | st.booleans(),
    tags=st.none() | tags,
    add_tags=tags,
    remove_tags=tags,
)
