"""The promises of `VectorIndex`, over a real process and over the index that is off.

One process serves this file; each test has a bot of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from uuid import UUID

import pytest

from backend.core.memory.vector_index import VectorIndex
from backend.infra.index.late import LateVectorIndex
from backend.infra.index.off import OffVectorIndex
from backend.types.index import IndexState
from tests.doubles.embeddings_server import EmbeddingsServer
from tests.doubles.index_home import IndexHome, endpoint

WAIT = 20.0
NOBODY = UUID(int=0)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddingsServer]:
    with EmbeddingsServer() as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, server: EmbeddingsServer) -> Iterator[IndexHome]:
    made = IndexHome(tmp_path_factory.mktemp("home"))
    yield made
    made.end()


@pytest.fixture
async def ready(home: IndexHome, server: EmbeddingsServer) -> AsyncIterator[VectorIndex]:
    """An index whose process runs."""
    index = home.index(endpoint(server.url))
    yield index
    await index.close()


@pytest.fixture(params=["process", "late", "off"])
async def index(
    request: pytest.FixtureRequest, home: IndexHome, server: EmbeddingsServer
) -> AsyncIterator[VectorIndex]:
    """Every implementation."""
    made: dict[str, Callable[[], VectorIndex]] = {
        "process": lambda: home.index(endpoint(server.url)),
        "late": lambda: LateVectorIndex(lambda: home.index(endpoint(server.url))),
        "off": OffVectorIndex,
    }
    index = made[request.param]()
    yield index
    await index.close()


async def test_an_unknown_bot_has_no_hits_and_nothing_is_raised(index: VectorIndex) -> None:
    hits = await index.search(NOBODY, "dark mode", limit=5, wait=1.0)
    near = await index.nearest(NOBODY, NOBODY, limit=5)
    similar = await index.similarities(NOBODY, "dark mode", [NOBODY])

    assert (hits.hits, near.hits, similar) == ((), (), {})


async def test_who_asks_always_hears_whether_the_index_is_there(index: VectorIndex) -> None:
    states = {
        (await index.search(NOBODY, "dark mode", limit=5)).state,
        (await index.nearest(NOBODY, NOBODY, limit=5)).state,
        (await index.status()).state,
        (await index.reconcile()).state,
    }

    assert states in ({IndexState.READY}, {IndexState.OFF})


async def test_closing_twice_and_poking_afterwards_does_nothing(index: VectorIndex) -> None:
    index.poke()

    await index.close()
    await index.close()
    index.poke()

    assert (await index.search(NOBODY, "dark mode", limit=5)).hits == ()


async def test_an_index_that_is_off_says_how_to_turn_it_on() -> None:
    hits = await OffVectorIndex().search(NOBODY, "dark mode", limit=5)

    assert hits.message == (
        "Search by meaning is off: set embedder.engine in the configuration to turn it on."
    )


async def test_a_memory_is_found_by_its_own_text_first(ready: VectorIndex, home: IndexHome) -> None:
    bot = home.bot()
    dark, _, _ = home.remember(bot, "Prefers dark mode", "Lives in Berlin", "Reads at night")

    found = await ready.search(bot, "Prefers dark mode", limit=2, wait=WAIT)

    assert found.hits[0].memory_id == dark
    assert found.hits[0].similarity == pytest.approx(1.0, abs=1e-5)
    assert len(found.hits) == 2
    assert found.hits[0].similarity >= found.hits[1].similarity
    assert found.pending == 0


async def test_nobody_finds_the_memories_of_another_bot(
    ready: VectorIndex, home: IndexHome
) -> None:
    mine, theirs = home.bot(), home.bot()
    home.remember(mine, "Prefers dark mode")
    home.remember(theirs, "Prefers light mode")

    found = await ready.search(mine, "Prefers light mode", limit=5, wait=WAIT)

    assert len(found.hits) == 1
    assert found.hits[0].similarity < 0.9


async def test_a_reworded_memory_is_found_by_its_new_text(
    ready: VectorIndex, home: IndexHome
) -> None:
    bot = home.bot()
    (memory,) = home.remember(bot, "Prefers dark mode")
    await ready.search(bot, "Prefers dark mode", limit=1, wait=WAIT)
    home.reword(bot, memory, "Rides a bicycle")

    found = await ready.search(bot, "Rides a bicycle", limit=1, wait=WAIT)

    assert found.hits[0].similarity == pytest.approx(1.0, abs=1e-5)


async def test_a_deleted_memory_leaves_and_a_restored_one_returns(
    ready: VectorIndex, home: IndexHome
) -> None:
    bot = home.bot()
    (memory,) = home.remember(bot, "Prefers dark mode")

    home.set_status(bot, memory, "deleted")
    without = await ready.search(bot, "Prefers dark mode", limit=1, wait=WAIT)
    home.set_status(bot, memory, "live")
    again = await ready.search(bot, "Prefers dark mode", limit=1, wait=WAIT)

    assert without.hits == ()
    assert [hit.memory_id for hit in again.hits] == [memory]


async def test_a_removed_bot_leaves_no_vectors_behind(ready: VectorIndex, home: IndexHome) -> None:
    bot = home.bot()
    home.remember(bot, "Prefers dark mode", "Lives in Berlin")
    await ready.search(bot, "dark", limit=1, wait=WAIT)
    home.remove_bot(bot)

    found = await ready.search(bot, "dark", limit=5, wait=WAIT)

    assert found.hits == ()
    assert found.pending == 0
    assert not list((home.path / "vectors").glob(f"{bot}-*"))


async def test_similarities_are_the_cosines_that_search_reports(
    ready: VectorIndex, home: IndexHome
) -> None:
    bot = home.bot()
    ids = home.remember(bot, "Prefers dark mode", "dark chocolate", "Lives in Berlin")
    found = await ready.search(bot, "dark", limit=3, wait=WAIT)

    similar = await ready.similarities(bot, "dark", [*ids, NOBODY])

    assert set(similar) == set(ids)
    for hit in found.hits:
        assert similar[hit.memory_id] == pytest.approx(hit.similarity, abs=1e-5)


async def test_the_same_text_is_embedded_once(
    ready: VectorIndex, home: IndexHome, server: EmbeddingsServer
) -> None:
    bot = home.bot()
    ids = home.remember(bot, "Prefers dark mode")
    await ready.search(bot, "asked more than once", limit=1, wait=WAIT)

    await ready.search(bot, "asked more than once", limit=1)
    await ready.similarities(bot, "asked more than once", ids)

    assert server.batches.count(["asked more than once"]) == 1


async def test_the_neighbours_of_a_memory_do_not_include_itself(
    ready: VectorIndex, home: IndexHome
) -> None:
    bot = home.bot()
    dark, light, _ = home.remember(bot, "Prefers dark mode", "Prefers light mode", "Eats fish")
    await ready.search(bot, "mode", limit=1, wait=WAIT)

    near = await ready.nearest(bot, dark, limit=1)

    assert [hit.memory_id for hit in near.hits] == [light]


@pytest.mark.parametrize("text", ["", "  \n", "\ud800 half a character", "a\0b", "🧑‍🚀" * 1000])
async def test_no_text_breaks_a_search(ready: VectorIndex, home: IndexHome, text: str) -> None:
    bot = home.bot()
    home.remember(bot, "Prefers dark mode")

    found = await ready.search(bot, text, limit=1, wait=WAIT)

    assert found.state is IndexState.READY
    assert len(found.hits) == (1 if text.strip() else 0)


async def test_a_text_too_long_to_send_is_refused_with_a_sentence(ready: VectorIndex) -> None:
    found = await ready.search(NOBODY, "word " * 2_000_000, limit=1)

    assert found.state is IndexState.FAILED
    assert found.message == ("This is too long to search by meaning: ask with a shorter text.")


async def test_status_counts_what_is_done_and_what_is_left(
    ready: VectorIndex, home: IndexHome
) -> None:
    before = await ready.status()
    bot = home.bot()
    home.remember(bot, "Prefers dark mode", "Lives in Berlin")
    await ready.search(bot, "dark", limit=1, wait=WAIT)

    after = await ready.status()

    assert after.total == before.total + 2
    assert after.done == before.done + 2
    assert (after.pending, after.model) == (0, "fake-words")


async def test_status_answers_while_memories_are_being_embedded(
    ready: VectorIndex, home: IndexHome, server: EmbeddingsServer
) -> None:
    bot = home.bot()
    await ready.search(bot, "loads the model", limit=1)
    server.gate.clear()
    home.remember(bot, "Prefers dark mode")

    status = await asyncio.wait_for(ready.status(), 2)

    server.gate.set()
    assert status.pending == 1


async def test_a_search_waits_no_longer_than_asked_and_tells_what_is_pending(
    ready: VectorIndex, home: IndexHome, server: EmbeddingsServer
) -> None:
    bot = home.bot()
    await ready.search(bot, "known text", limit=1)
    server.gate.clear()
    home.remember(bot, "Prefers dark mode")

    found = await asyncio.wait_for(ready.search(bot, "known text", limit=1, wait=0.1), 5)

    server.gate.set()
    assert (found.hits, found.pending) == ((), 1)


async def test_what_nobody_waits_for_is_indexed_all_the_same(
    ready: VectorIndex, home: IndexHome
) -> None:
    bot = home.bot()
    await ready.status()
    home.remember(bot, "Prefers dark mode")

    async with asyncio.timeout(10):
        while (await ready.status()).pending:
            pass

    assert (await ready.search(bot, "dark", limit=1)).hits


async def test_a_cancelled_search_leaves_the_connection_usable(
    ready: VectorIndex, home: IndexHome, server: EmbeddingsServer
) -> None:
    bot = home.bot()
    home.remember(bot, "Prefers dark mode")
    await ready.search(bot, "dark", limit=1, wait=WAIT)
    server.gate.clear()
    asked = asyncio.create_task(ready.search(bot, "never embedded before", limit=1))
    await ready.status()
    asked.cancel()
    await asyncio.wait([asked])
    server.gate.set()

    found = await ready.search(bot, "dark", limit=1)

    assert len(found.hits) == 1


async def test_a_healthy_home_has_nothing_to_reconcile(ready: VectorIndex, home: IndexHome) -> None:
    bot = home.bot()
    home.remember(bot, "Prefers dark mode")
    await ready.search(bot, "dark", limit=1, wait=WAIT)

    report = await ready.reconcile(repair=True)

    assert (report.without_vector, report.lost, report.stray) == (0, 0, 0)
    assert report.checked >= 1
