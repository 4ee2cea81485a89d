"""What becomes of a memory in each act."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from backend.core.memory.editing import changed, created, deleted, restored, seen_again
from backend.types.errors import Conflict, Invalid
from backend.types.memory import (
    MemoryCategory,
    MemoryChange,
    MemoryDraft,
    MemorySource,
    MemoryStatus,
    SourceKind,
    VectorMemoryEntry,
)
from tests.doubles.clock import START

ID, BOT, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
LATER = START + timedelta(hours=1)
ENTRY = VectorMemoryEntry(
    id=ID,
    bot_id=BOT,
    fact="Prefers dark mode",
    tags=("ui", "taste"),
    created_at=START,
    updated_at=START,
)


def test_a_new_memory_gets_the_defaults_of_a_person_who_adds() -> None:
    entry = created(
        MemoryDraft(fact="Likes tea"), memory_id=ID, bot_id=BOT, position=None, now=LATER
    )

    assert entry == VectorMemoryEntry(
        id=ID, bot_id=BOT, fact="Likes tea", created_at=LATER, updated_at=LATER
    )
    assert (entry.category, entry.importance) == (MemoryCategory.FACT, 3)


def test_a_draft_keeps_what_it_says() -> None:
    draft = MemoryDraft(
        fact="Likes tea",
        category=MemoryCategory.PREFERENCE,
        importance=5,
        tags=(" drink ", "drink"),
        pinned=True,
        session_id="s1",
        source=MemorySource(kind=SourceKind.IMPORT, name="jsonl", where="x:1"),
        source_memory_id=OTHER,
        created_at=START,
    )

    entry = created(draft, memory_id=ID, bot_id=BOT, position=4, now=LATER)

    assert entry == VectorMemoryEntry(
        id=ID,
        bot_id=BOT,
        fact="Likes tea",
        category=MemoryCategory.PREFERENCE,
        importance=5,
        tags=("drink",),
        pinned=True,
        session_id="s1",
        session_position=4,
        source=MemorySource(kind=SourceKind.IMPORT, name="jsonl", where="x:1"),
        source_memory_id=OTHER,
        created_at=START,
        updated_at=LATER,
    )


def test_a_sentence_said_again_is_counted_and_confirmed() -> None:
    again = seen_again(ENTRY, now=LATER)

    assert again == ENTRY.model_copy(update={"seen_count": 2, "confirmed_at": LATER, "revision": 2})


@pytest.mark.parametrize(
    "change",
    [
        MemoryChange(),
        MemoryChange(fact="Prefers dark mode", importance=3, pinned=False),
        MemoryChange(add_tags=("ui",)),
        MemoryChange(remove_tags=("nothing",)),
        MemoryChange(tags=("ui", "taste")),
    ],
)
def test_an_edit_that_changes_nothing_returns_the_memory_as_it_is(change: MemoryChange) -> None:
    assert changed(ENTRY, change, now=LATER) is ENTRY


def test_an_edit_changes_what_it_names_and_the_revision() -> None:
    change = MemoryChange(
        fact="Prefers light mode", category=MemoryCategory.CORRECTION, importance=1, pinned=True
    )

    assert changed(ENTRY, change, now=LATER) == ENTRY.model_copy(
        update={
            "fact": "Prefers light mode",
            "category": MemoryCategory.CORRECTION,
            "importance": 1,
            "pinned": True,
            "updated_at": LATER,
            "revision": 2,
        }
    )


@pytest.mark.parametrize(
    ("change", "tags"),
    [
        (MemoryChange(add_tags=("new",)), ("ui", "taste", "new")),
        (MemoryChange(remove_tags=("ui",)), ("taste",)),
        (MemoryChange(remove_tags=(" ui ",)), ("taste",)),
        (MemoryChange(add_tags=("a",), remove_tags=("taste",)), ("ui", "a")),
        (MemoryChange(add_tags=("a",), remove_tags=("a",)), ("ui", "taste")),
        (MemoryChange(add_tags=(" a ",), remove_tags=("a",)), ("ui", "taste")),
        (MemoryChange(tags=("only",)), ("only",)),
        (MemoryChange(tags=("only",), add_tags=("more",)), ("only", "more")),
        (MemoryChange(tags=()), ()),
    ],
)
def test_tags_are_set_added_and_taken_away(change: MemoryChange, tags: tuple[str, ...]) -> None:
    if tags == ENTRY.tags:
        assert changed(ENTRY, change, now=LATER) is ENTRY
    else:
        assert changed(ENTRY, change, now=LATER).tags == tags


def test_an_edit_cannot_take_the_text_away() -> None:
    with pytest.raises(Invalid):
        changed(ENTRY, MemoryChange(fact="  "), now=LATER)


@pytest.mark.parametrize(
    "status", [MemoryStatus.DELETED, MemoryStatus.SUPERSEDED, MemoryStatus.MERGED]
)
def test_a_memory_that_is_not_live_must_be_restored_before_it_is_edited(
    status: MemoryStatus,
) -> None:
    gone = ENTRY.model_copy(update={"status": status})

    with pytest.raises(Conflict, match=f"{status.value}: restore it first"):
        changed(gone, MemoryChange(importance=5), now=LATER)


def test_a_deleted_memory_keeps_everything_but_its_status() -> None:
    assert deleted(ENTRY, now=LATER) == ENTRY.model_copy(
        update={"status": MemoryStatus.DELETED, "updated_at": LATER, "revision": 2}
    )


def test_a_restored_memory_forgets_what_had_taken_it_out() -> None:
    gone = ENTRY.model_copy(
        update={"status": MemoryStatus.SUPERSEDED, "superseded_by": OTHER, "merged_into": OTHER}
    )

    assert restored(gone, now=LATER) == ENTRY.model_copy(
        update={"updated_at": LATER, "revision": 2}
    )
