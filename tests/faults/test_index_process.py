"""What can happen to the index process, with real processes: nothing but time is ever lost."""

from __future__ import annotations

import asyncio
import random
import shutil
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import pytest

from backend.core.memory.vector_index import VectorIndex
from backend.infra.index.client import SocketVectorIndex
from backend.infra.index.protocol import socket_path
from backend.types.config import EmbedderSettings, Settings
from backend.types.index import IndexState, VectorHits
from tests.doubles.embeddings_server import EmbeddingsServer
from tests.doubles.index_home import IndexHome, endpoint

WAIT = 30.0
FACTS = [f"Fact number {n} is about subject{n} and place{n % 7}" for n in range(60)]

Opened = Callable[..., SocketVectorIndex]


@pytest.fixture
def server() -> Iterator[EmbeddingsServer]:
    with EmbeddingsServer() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Iterator[IndexHome]:
    made = IndexHome(tmp_path / "home")
    yield made
    if made.path.exists():
        made.end()


@pytest.fixture
async def opened(home: IndexHome, server: EmbeddingsServer) -> AsyncIterator[Opened]:
    """Opens indexes of the home that are closed at the end."""
    async with AsyncExitStack() as stack:

        def open_index(settings: Settings | None = None, **options: float) -> SocketVectorIndex:
            index = home.index(settings or endpoint(server.url), **options)
            stack.push_async_callback(index.close)
            return index

        yield open_index


def rounded(found: VectorHits) -> list[tuple[str, float]]:
    return sorted((str(hit.memory_id), round(hit.similarity, 5)) for hit in found.hits)


async def until_indexed(index: VectorIndex) -> None:
    async with asyncio.timeout(WAIT):
        while (status := await index.status()).pending or status.state is not IndexState.READY:
            pass


async def until_nobody_listens(home: IndexHome) -> None:
    """Return when the process has hung up; it tells so by ending the connection."""
    line = home.call()
    if line is not None:
        reader, writer = await asyncio.open_unix_connection(sock=line)
        async with asyncio.timeout(WAIT):
            await reader.read()
        writer.close()


async def test_kills_at_random_lose_no_memory(home: IndexHome, opened: Opened) -> None:
    dice = random.Random(2)
    index, bot = opened(), home.bot()
    home.remember(bot, *FACTS[:10])
    await index.search(bot, FACTS[0], limit=1)

    for start in range(10, 60, 25):
        home.remember(bot, *FACTS[start : start + 25])
        left = dice.randrange(1, 25)
        while home.jobs > left:
            await index.status()
        home.kill()
    await until_indexed(index)
    report = await index.reconcile()

    for fact in dice.sample(FACTS, 10):
        assert (await index.search(bot, fact, limit=1)).hits[0].similarity > 0.9999
    assert (report.checked, report.without_vector, report.lost, report.stray) == (60, 0, 0, 0)


async def test_deleting_the_vectors_leads_to_the_same_results(
    home: IndexHome, opened: Opened
) -> None:
    index, bot = opened(), home.bot()
    home.remember(bot, *FACTS[:20])
    before = await index.search(bot, "place3", limit=20, wait=WAIT)

    shutil.rmtree(home.path / "vectors")
    await until_nobody_listens(home)
    await until_indexed(index)
    after = await index.search(bot, "place3", limit=20)

    assert len(before.hits) == 20
    assert rounded(after) == rounded(before)


async def test_a_damaged_collection_is_built_again(home: IndexHome, opened: Opened) -> None:
    index, bot, other = opened(), home.bot(), home.bot()
    home.remember(bot, *FACTS[:5])
    home.remember(other, *FACTS[5:10])
    before = await index.search(bot, "place3", limit=20, wait=WAIT)
    await index.search(other, "place3", limit=20, wait=WAIT)
    home.kill()
    for storage in (home.path / "vectors").glob(f"{bot}-*/**/storage.sqlite"):
        storage.write_bytes(b"not a database" * 100)
    for storage in (home.path / "vectors").glob(f"{other}-*/meta.json"):
        storage.write_text("{")

    after = await index.search(bot, "place3", limit=20, wait=WAIT)
    report = await index.reconcile(repair=True)
    await until_indexed(index)

    assert rounded(after) == rounded(before)
    assert report.state is IndexState.READY
    assert len((await index.search(other, "place3", limit=20)).hits) == 5


async def test_many_programs_that_start_at_once_share_one_process(
    home: IndexHome, opened: Opened
) -> None:
    bot = home.bot()
    home.remember(bot, *FACTS[:3])
    programs = [opened() for _ in range(4)]

    found = await asyncio.gather(
        *(program.search(bot, FACTS[0], limit=1, wait=WAIT) for program in programs)
    )

    assert [hits.hits[0].similarity > 0.9999 for hits in found] == [True] * 4
    log = (home.path / "index.log").read_text()
    assert log.count("listening") == 1


async def test_a_program_that_does_not_wait_hears_that_the_index_is_starting(
    home: IndexHome, opened: Opened
) -> None:
    index, bot = opened(wait_for_start=0.0), home.bot()

    found = await asyncio.wait_for(index.search(bot, "dark mode", limit=1, wait=2.0), 0.5)

    assert (found.state, found.hits) == (IndexState.STARTING, ())


async def test_new_settings_replace_the_process_and_the_older_program_says_so(
    home: IndexHome, opened: Opened, server: EmbeddingsServer
) -> None:
    old, bot = opened(), home.bot()
    home.remember(bot, *FACTS[:3])
    await old.search(bot, FACTS[0], limit=1, wait=WAIT)
    first = home.welcome().pid

    new = opened(endpoint(server.url, model="other-words"))
    found = await new.search(bot, FACTS[0], limit=1, wait=WAIT)
    status = await new.status()
    async with asyncio.timeout(WAIT):
        while (refused := await old.search(bot, FACTS[0], limit=1)).state is not IndexState.FAILED:
            pass

    assert home.welcome().pid != first
    assert found.hits[0].similarity > 0.9999
    assert status.model == "other-words"
    assert refused.message.startswith("Another program on this home runs a different version")


async def test_an_idle_process_leaves_and_the_next_question_starts_it_again(
    home: IndexHome, opened: Opened
) -> None:
    index, bot = opened(idle_seconds=0.4), home.bot()
    home.remember(bot, *FACTS[:3])
    await index.status()
    await index.search(bot, FACTS[0], limit=1, wait=WAIT)

    await until_nobody_listens(home)
    await asyncio.to_thread(home.wait_until_ended)
    resting = await index.status()
    still_gone = home.call()
    found = await index.search(bot, FACTS[0], limit=1)

    assert (resting.state, resting.pending) == (IndexState.READY, 0)
    assert still_gone is None
    assert found.hits[0].similarity > 0.9999


async def test_the_process_goes_with_its_home(home: IndexHome, opened: Opened) -> None:
    index = opened()
    await index.status()
    line = home.call()
    assert line is not None

    shutil.rmtree(home.path, ignore_errors=True)
    shutil.rmtree(home.path, ignore_errors=True)

    reader, writer = await asyncio.open_unix_connection(sock=line)
    async with asyncio.timeout(WAIT):
        await reader.read()
    writer.close()


async def test_a_model_that_changed_under_its_name_is_refused(
    home: IndexHome, opened: Opened, server: EmbeddingsServer
) -> None:
    index, bot = opened(), home.bot()
    home.remember(bot, *FACTS[:3])
    await index.search(bot, FACTS[0], limit=1, wait=WAIT)
    home.kill()
    server.alter = lambda answer: (
        answer
        | {
            "data": [
                each | {"embedding": each["embedding"][::-1][:32] + each["embedding"][:32]}
                for each in answer["data"]
            ]
        }
    )

    found = await index.search(bot, FACTS[0], limit=1)

    assert found.state is IndexState.FAILED
    assert "is not the model that it was" in found.message
    assert "remove the folder “vectors”" in found.message


async def test_an_endpoint_that_is_down_is_told_and_tried_again(
    home: IndexHome, opened: Opened, server: EmbeddingsServer
) -> None:
    server.status = 500
    index, bot = opened(), home.bot()
    home.remember(bot, *FACTS[:3])
    down = await index.search(bot, FACTS[0], limit=1)

    server.status = 200
    async with asyncio.timeout(WAIT):
        while not (up := await index.search(bot, FACTS[0], limit=1, wait=5.0)).hits:
            pass

    assert down.state is IndexState.FAILED
    assert "answered HTTP 500" in down.message
    assert up.hits[0].similarity > 0.9999


async def test_a_missing_home_is_a_sentence(tmp_path: Path) -> None:
    index = SocketVectorIndex(tmp_path / "nowhere", Settings(), wait_for_start=3.0)

    async with asyncio.timeout(WAIT):
        while (found := await index.search(UUID(int=0), "x", limit=1)).state is (
            IndexState.STARTING
        ):
            pass
    await index.close()

    assert found.message == "This home has no database any more: open it again."


async def test_only_the_owner_can_ask_or_read_and_the_log_holds_no_fact(
    home: IndexHome, opened: Opened, server: EmbeddingsServer
) -> None:
    server.status = 500
    index, bot = opened(), home.bot()
    home.remember(bot, "The secret word is xylophone")
    await index.search(bot, "xylophone", limit=1)
    server.status = 200
    await until_indexed(index)
    server.status = 400
    home.remember(bot, "The other word is marimba")
    await index.search(bot, "xylophone", limit=1, wait=1.0)

    modes = {
        name: stat.S_IMODE((home.path / name).stat().st_mode)
        for name in ("index.log", "index.sock", "vectors", "vectors/.lock", "vectors/model.json")
    }
    log = (home.path / "index.log").read_text()

    assert modes == {
        "index.log": 0o600,
        "index.sock": 0o600,
        "vectors": 0o700,
        "vectors/.lock": 0o600,
        "vectors/model.json": 0o600,
    }
    assert "failed" in log
    assert "xylophone" not in log
    assert "marimba" not in log


async def test_a_home_with_a_long_path_is_served_too(
    tmp_path: Path, server: EmbeddingsServer
) -> None:
    deep = tmp_path / ("long" * 20) / ("name" * 20)
    deep.mkdir(parents=True)
    home = IndexHome(deep / "home")
    index, bot = home.index(endpoint(server.url)), home.bot()
    home.remember(bot, *FACTS[:1])

    found = await index.search(bot, FACTS[0], limit=1, wait=WAIT)
    await index.close()
    address = socket_path(home.path)
    mode = stat.S_IMODE(address.parent.stat().st_mode)
    home.end()

    assert len(found.hits) == 1
    assert not address.is_relative_to(home.path)
    assert mode == 0o700


async def test_the_offline_model_finds_by_meaning(home: IndexHome, opened: Opened) -> None:
    index = opened(Settings(embedder=EmbedderSettings()))
    bot = home.bot()
    theme, _, _ = home.remember(
        bot, "Prefers dark mode in the editor", "Allergic to peanuts", "Lives in Berlin"
    )

    found = await index.search(bot, "which colour theme does the user like?", limit=1, wait=WAIT)

    assert found.hits[0].memory_id == theme
