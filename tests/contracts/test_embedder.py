"""What every embedder promises: `backend/core/memory/embedder.py`, over all of them.

The second half holds what only one of them can be asked; the endpoint has more in
`tests/unit/infra/test_openai_endpoint.py`.
"""

from __future__ import annotations

import asyncio
import math
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from backend.core.memory.embedder import Embedder
from backend.infra.embedders.minilm import MiniLmEmbedder
from backend.infra.embedders.none import NoEmbedder
from backend.infra.embedders.openai_endpoint import OpenAiEndpointEmbedder
from backend.infra.embedders.registry import make_embedder
from backend.types.config import EmbedderEngine, EmbedderSettings
from backend.types.errors import ConfigError, EmbedderUnavailable
from tests.doubles.deterministic import DeterministicEmbedder
from tests.doubles.embeddings_server import EmbeddingsServer

FACT = "Prefers dark mode"
HOSTILE = {
    "nothing": "",
    "spaces": " \t\n ",
    "NUL": "a\0b",
    "only NUL": "\0\0",
    "escape sequence": "\x1b[31mred\x1b[0m",
    "markup": "[bold]x[/bold] [SEP] [MASK]",
    "bidi": "\u202eabc\u202c",
    "zero width": "\u200b\u200d",
    "family emoji": "👩‍👩‍👧‍👦",
    "lone surrogate": "\ud800",
    "Chinese": "我喜欢深色模式",
    "combining": "e\u0301" * 500,
    "one word of a megabyte": "x" * 2**20,
    "a megabyte": "word " * (2**20 // 5),
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingsServer]:
    for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
        monkeypatch.delenv(proxy.lower(), raising=False)
    with EmbeddingsServer() as running:
        yield running


@pytest.fixture(params=["minilm", "openai_on_loopback", "deterministic"])
async def embedder(
    request: pytest.FixtureRequest, server: EmbeddingsServer
) -> AsyncIterator[Embedder]:
    """Every maker of vectors, fresh; afterwards no thread of it is left."""
    makers: dict[str, Callable[[], Embedder]] = {
        "minilm": MiniLmEmbedder,
        "openai_on_loopback": lambda: OpenAiEndpointEmbedder(
            EmbedderSettings(engine=EmbedderEngine.OPENAI, url=server.url, model="fake-words")
        ),
        "deterministic": DeterministicEmbedder,
    }
    made = makers[request.param]()
    yield made
    await made.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("minilm")]


async def test_every_vector_has_length_one_and_is_float32(embedder: Embedder) -> None:
    vectors = await embedder.embed([FACT, "The port is 8090", ""])

    assert vectors.shape == (3, embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


async def test_no_texts_give_no_rows_of_the_right_width(embedder: Embedder) -> None:
    vectors = await embedder.embed([])

    assert vectors.shape == (0, embedder.dimension)
    assert vectors.dtype == np.float32
    assert embedder.dimension > 0


async def test_rows_come_in_the_order_of_the_texts(embedder: Embedder) -> None:
    texts = [f"fact {number} " + "more " * (number * 7 % 13) for number in range(70)]

    together = await embedder.embed(texts)

    for place in (0, 1, 33, 63, 64, 69):
        alone = (await embedder.embed([texts[place]]))[0]
        assert int(np.argmax(together @ alone)) == place


async def test_a_vector_does_not_depend_on_its_neighbours(embedder: Embedder) -> None:
    alone = await embedder.embed([FACT])
    in_a_crowd = await embedder.embed(["word " * 500, FACT, ""])  # forces padding

    assert float(alone[0] @ in_a_crowd[1]) >= 0.999


async def test_texts_that_say_similar_things_are_nearer(embedder: Embedder) -> None:
    fact, similar, other = await embedder.embed(
        [FACT, "Likes dark mode", "Invoices above two thousand euros need a signature"]
    )

    assert float(fact @ similar) > float(fact @ other) + 0.2


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_any_text_gets_a_unit_vector(embedder: Embedder, text: str) -> None:
    vectors = await embedder.embed([text])

    assert vectors.shape == (1, embedder.dimension)
    assert math.isclose(float(np.linalg.norm(vectors[0])), 1, abs_tol=1e-5)


async def test_callers_at_the_same_time_get_their_own_vectors(embedder: Embedder) -> None:
    texts = [f"The port of service {number} is {8000 + number}" for number in range(6)]
    expected = await embedder.embed(texts)

    answers = await asyncio.gather(*(embedder.embed([text] * 3) for text in texts))

    for answer, row in zip(answers, expected, strict=True):
        assert (answer @ row >= 0.999).all()


async def test_a_cancelled_caller_leaves_the_embedder_usable(embedder: Embedder) -> None:
    cancelled = asyncio.create_task(embedder.embed([FACT] * 100))
    await asyncio.wait([cancelled], timeout=0)  # let it begin
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)

    vectors = await embedder.embed([FACT])

    assert vectors.shape == (1, embedder.dimension)


async def test_closing_twice_is_closing_once(embedder: Embedder) -> None:
    await embedder.embed([FACT])

    await embedder.close()
    await embedder.close()


async def test_a_closed_embedder_says_that_it_is_unavailable(embedder: Embedder) -> None:
    await embedder.close()

    with pytest.raises(EmbedderUnavailable):
        await embedder.embed([FACT])


async def test_closing_under_load_ends_the_work_with_embedder_unavailable(
    embedder: Embedder,
) -> None:
    work = asyncio.create_task(embedder.embed([FACT] * 200))
    await asyncio.wait([work], timeout=0)  # let it begin

    await embedder.close()
    (outcome,) = await asyncio.gather(work, return_exceptions=True)

    assert isinstance(outcome, np.ndarray | EmbedderUnavailable)


class TestNone:
    async def test_makes_a_row_of_nothing_for_each_text(self) -> None:
        embedder = NoEmbedder()

        vectors = await embedder.embed([FACT, "\0"])

        assert vectors.shape == (2, 0)
        assert vectors.dtype == np.float32
        assert (embedder.model_name, embedder.dimension) == ("none", 0)

    async def test_can_be_closed_twice(self) -> None:
        embedder = NoEmbedder()

        await embedder.close()
        await embedder.close()


class TestMiniLm:
    async def test_weights_other_than_the_known_ones_are_not_loaded(self, tmp_path: Path) -> None:
        swapped = tmp_path / "model.onnx"
        swapped.write_bytes(b"another model")
        embedder = MiniLmEmbedder(model_file=swapped)

        with pytest.raises(EmbedderUnavailable, match="not the expected one"):
            await embedder.embed([FACT])
        await embedder.close()

    async def test_missing_weights_name_the_way_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        embedder = MiniLmEmbedder()

        with pytest.raises(EmbedderUnavailable, match="Reinstall Boternity"):
            await embedder.embed([FACT])
        await embedder.close()

    async def test_a_platform_without_onnxruntime_names_the_way_out(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "onnxruntime", None)
        embedder = MiniLmEmbedder()

        with pytest.raises(EmbedderUnavailable, match="onnxruntime is not installed"):
            await embedder.embed([FACT])
        await embedder.close()

    async def test_a_query_does_not_wait_for_a_whole_import(self) -> None:
        embedder = MiniLmEmbedder()
        await embedder.embed([FACT])
        import_ = asyncio.create_task(embedder.embed(["a fact of an import"] * 200))
        await asyncio.wait([import_], timeout=0)  # let it begin

        await embedder.embed([FACT])

        assert not import_.done()
        import_.cancel()
        await embedder.close()


class TestRegistry:
    @pytest.mark.parametrize("engine", EmbedderEngine)
    def test_every_engine_of_the_configuration_has_an_embedder(
        self, engine: EmbedderEngine
    ) -> None:
        settings = EmbedderSettings(engine=engine, url="http://127.0.0.1:9/v1", model="m")

        assert make_embedder(settings).model_name

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "http://h:port/v1",
            "http://u:secret@h/v1",
            "http://h/v1?key=secret",
        ],
    )
    def test_an_address_that_is_none_is_refused_without_showing_it(self, url: str) -> None:
        settings = EmbedderSettings(engine=EmbedderEngine.OPENAI, url=url, model="m")

        with pytest.raises(ConfigError, match=r"embedder\.url") as caught:
            make_embedder(settings)

        assert "secret" not in str(caught.value)

    def test_an_endpoint_needs_a_model(self) -> None:
        settings = EmbedderSettings(engine=EmbedderEngine.OPENAI, url="http://127.0.0.1:9/v1")

        with pytest.raises(ConfigError, match=r"embedder\.model"):
            make_embedder(settings)

    def test_knowing_the_embedders_loads_no_heavy_library(self) -> None:
        script = (
            "import sys; from backend.infra.embedders.registry import make_embedder; "
            "from backend.types.config import EmbedderSettings; make_embedder(EmbedderSettings()); "
            "print(sorted({'numpy', 'onnxruntime', 'httpx'} & set(sys.modules)))"
        )

        run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

        assert (run.stdout, run.stderr) == ("[]\n", "")
