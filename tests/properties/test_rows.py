"""Whatever a thing holds, its row and its image hold it exactly."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given

from backend import Backend
from backend.core.images import image
from backend.core.journal import Change
from backend.core.memory.facts import fact_hash
from backend.infra.sqlite.bots import SqliteBots
from backend.infra.sqlite.connection import connect
from backend.infra.sqlite.filters import SqliteFilters, SqliteState
from backend.infra.sqlite.images import SqliteImages
from backend.infra.sqlite.memories import SqliteMemories
from backend.infra.sqlite.migrate import migrate
from backend.infra.sqlite.values import micros, moment
from backend.types import (
    Actor,
    Bot,
    EntityKind,
    Invalid,
    MemoryChange,
    MemoryDraft,
    SavedFilter,
    VectorMemoryEntry,
)
from backend.types.memory import MAX_FACT_BYTES
from tests.doubles.clock import START
from tests.properties.strategies import (
    HOSTILE,
    bots,
    facts,
    instants,
    memories,
    saved_filters,
    texts,
)

USER = Actor.user()
BOT = Bot(id=UUID(int=1), slug="b", name="B", created_at=START, updated_at=START)


@contextmanager
def empty() -> Iterator[sqlite3.Connection]:
    """A migrated database, rolled back to its beginning afterwards."""
    connection = _shared()
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        connection.execute("ROLLBACK")


_connections: list[sqlite3.Connection] = []


def _shared() -> sqlite3.Connection:
    if not _connections:
        connection = connect(Path(":memory:"))
        migrate(connection, Path(tempfile.gettempdir()), now=START)
        _connections.append(connection)
    return _connections[0]


@pytest.fixture(scope="module", autouse=True)
def _closed_at_the_end() -> Iterator[None]:
    yield
    while _connections:
        _connections.pop().close()


def images(connection: sqlite3.Connection) -> SqliteImages:
    return SqliteImages(
        SqliteBots(connection), SqliteMemories(connection), SqliteFilters(connection)
    )


@given(bot=bots)
def test_a_bot_is_stored_exactly(bot: Bot) -> None:
    with empty() as connection:
        table = SqliteBots(connection)

        table.put(bot)

        assert table.get(bot.id) == table.by_slug(bot.slug) == bot


@given(entry=memories)
def test_a_memory_is_stored_exactly(entry: VectorMemoryEntry) -> None:
    entry = entry.model_copy(update={"bot_id": BOT.id})
    with empty() as connection:
        SqliteBots(connection).put(BOT)
        table = SqliteMemories(connection)

        table.put([entry])

        stored = table.get(entry.id)
        assert stored is not None
        assert VectorMemoryEntry.model_validate(stored.model_dump(exclude={"row"})) == entry
        assert table.get_many([entry.id]) == {entry.id: stored}
        assert table.of_bot(BOT.id) == [stored]


@given(saved=saved_filters)
def test_a_saved_filter_is_stored_exactly(saved: SavedFilter) -> None:
    with empty() as connection:
        table = SqliteFilters(connection)

        table.put(saved)

        assert table.by_name(saved.name) == saved
        assert table.all() == [saved]


@given(key=texts, value=texts)
def test_what_a_program_keeps_is_stored_exactly(key: str, value: str) -> None:
    with empty() as connection:
        SqliteState(connection).set(key, value)

        assert SqliteState(connection).get(key) == value


@given(entry=memories)
def test_the_image_of_a_memory_brings_it_back_but_for_its_revision(
    entry: VectorMemoryEntry,
) -> None:
    entry = entry.model_copy(update={"bot_id": BOT.id})
    key, grown = str(entry.id), entry.model_copy(update={"revision": entry.revision + 1})
    with empty() as connection:
        SqliteBots(connection).put(BOT)

        (back,) = images(connection).put_back(EntityKind.MEMORY, {key: read(entry)})
        stored = SqliteMemories(connection).get(entry.id)
        (gone,) = images(connection).put_back(EntityKind.MEMORY, {key: None})

        assert stored is not None
        assert image(stored) == image(grown)
        assert back == Change(EntityKind.MEMORY, key, None, image(grown))
        assert gone == Change(EntityKind.MEMORY, key, image(grown), None)
        assert SqliteMemories(connection).get(entry.id) is None


@given(bot=bots)
def test_the_image_of_a_bot_brings_it_back_but_for_its_revision(bot: Bot) -> None:
    grown = bot.model_copy(update={"revision": bot.revision + 1})
    with empty() as connection:
        (back,) = images(connection).put_back(EntityKind.BOT, {str(bot.id): read(bot)})

        assert SqliteBots(connection).get(bot.id) == grown
        assert back == Change(EntityKind.BOT, str(bot.id), None, image(grown))


@given(saved=saved_filters)
def test_the_image_of_a_filter_brings_it_back_but_for_its_revision(saved: SavedFilter) -> None:
    grown = saved.model_copy(update={"revision": saved.revision + 1})
    with empty() as connection:
        images(connection).put_back(EntityKind.SAVED_FILTER, {str(saved.id): read(saved)})

        assert SqliteFilters(connection).all() == [grown]


def read(thing: Bot | VectorMemoryEntry | SavedFilter) -> dict[str, Any]:
    """Return an image as the journal hands it out."""
    members: dict[str, Any] = json.loads(image(thing))
    return members


@given(thing=bots | memories | saved_filters)
def test_every_thing_survives_json(thing: Bot | VectorMemoryEntry | SavedFilter) -> None:
    assert type(thing).model_validate_json(thing.model_dump_json()) == thing


@given(at=instants)
@example(START.replace(microsecond=999_999))
def test_a_time_is_stored_to_the_microsecond(at: datetime) -> None:
    assert moment(micros(at)) == at


@given(fact=facts)
def test_spaces_around_a_sentence_do_not_make_another_one(fact: str) -> None:
    assert fact_hash(f"  {fact}\n") == fact_hash(fact)


@given(entry=memories)
def test_the_word_indexes_forget_exactly_what_they_learned(entry: VectorMemoryEntry) -> None:
    entry = entry.model_copy(update={"bot_id": BOT.id})
    with empty() as connection:
        SqliteBots(connection).put(BOT)
        table = SqliteMemories(connection)

        table.put([entry])
        table.put([entry.model_copy(update={"fact": "something else", "tags": ("x",)})])
        agree(connection)
        table.remove([entry.id])
        agree(connection)


def agree(connection: sqlite3.Connection) -> None:
    for name in ("memories_stem", "memories_plain", "memories_trigram"):
        connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")


def ascii_start(text: str) -> str:
    return ascii(text[:12])


@pytest.mark.parametrize(
    "text", [*HOSTILE, "é" * (MAX_FACT_BYTES // 2), "x " * (MAX_FACT_BYTES // 2)], ids=ascii_start
)
async def test_hostile_text_and_a_megabyte_go_through_the_door_unharmed(
    backend: Backend, text: str
) -> None:
    ana = await backend.bots.add("Ana", actor=USER)
    if not text.strip():
        text += "x"

    entry = (await backend.memories.add(ana.id, MemoryDraft(fact=text), actor=USER)).entry
    await backend.memories.edit([entry.id], MemoryChange(add_tags=(text[:20],)), actor=USER)
    await backend.memories.delete([entry.id], actor=USER)
    await backend.history.undo(actor=USER)

    stored = await backend.memories.get(entry.id)
    assert stored.fact == entry.fact == text
    exported = (await backend.exchange.export_text(ana.id)).encode()
    ben = await backend.bots.add("Ben", actor=USER)
    await backend.exchange.import_text(ben.id, exported, name="e", actor=USER, accept=True)
    (copy,) = await backend.memories.entries(await backend.memories.keys(ben.id))
    assert copy.fact == text
    assert (await backend.health.check()).ok


async def test_a_text_above_the_limit_is_refused_and_nothing_is_stored(backend: Backend) -> None:
    ana = await backend.bots.add("Ana", actor=USER)
    kept = (await backend.memories.add(ana.id, MemoryDraft(fact="x"), actor=USER)).entry

    for text in ("x" * (MAX_FACT_BYTES + 1), "é" * MAX_FACT_BYTES):
        with pytest.raises(Invalid, match="Split it into facts"):
            await backend.memories.add(ana.id, MemoryDraft(fact=text), actor=USER)
        with pytest.raises(Invalid, match="Split it into facts"):
            await backend.memories.edit([kept.id], MemoryChange(fact=text), actor=USER)

    assert await backend.memories.get(kept.id) == kept


def test_a_database_is_left_as_it_was_between_examples() -> None:
    with empty() as connection, closing(connection.execute("SELECT COUNT(*) FROM bots")) as counted:
        assert counted.fetchone() == (0,)
