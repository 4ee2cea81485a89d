"""The endpoint's manners: batches, the key, errors, answers that are none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backend.infra.embedders.openai_endpoint import OpenAiEndpointEmbedder
from backend.types.config import EmbedderEngine, EmbedderSettings
from backend.types.errors import EmbedderUnavailable
from tests.doubles.embeddings_server import EmbeddingsServer

FACT = "Prefers dark mode"
KEY_ENV = "BOTERNITY_TEST_EMBEDDINGS_KEY"
KEY = "sk-test-5ecret"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingsServer]:
    for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
        monkeypatch.delenv(proxy.lower(), raising=False)
    with EmbeddingsServer() as running:
        yield running


def settings_for(server: EmbeddingsServer, **changes: Any) -> EmbedderSettings:
    values = {"engine": EmbedderEngine.OPENAI, "url": server.url, "model": "fake-words"}
    return EmbedderSettings(**values | changes)


async def test_takes_the_dimension_that_it_is_sent(server: EmbeddingsServer) -> None:
    embedder = OpenAiEndpointEmbedder(settings_for(server))
    assert embedder.dimension == 0

    await embedder.embed([FACT])

    assert embedder.dimension == 64
    await embedder.close()


async def test_refuses_vectors_of_another_length_than_the_settings_say(
    server: EmbeddingsServer,
) -> None:
    embedder = OpenAiEndpointEmbedder(settings_for(server, dimension=128))

    with pytest.raises(EmbedderUnavailable, match="of length 64, not 128"):
        await embedder.embed([FACT])
    await embedder.close()


async def test_refuses_a_dimension_that_changes_under_way(server: EmbeddingsServer) -> None:
    embedder = OpenAiEndpointEmbedder(settings_for(server))
    await embedder.embed([FACT])
    server.dimension = 32

    with pytest.raises(EmbedderUnavailable, match="another model than before"):
        await embedder.embed([FACT])
    await embedder.close()


async def test_sends_at_most_64_texts_and_never_an_empty_one(server: EmbeddingsServer) -> None:
    embedder = OpenAiEndpointEmbedder(settings_for(server))

    await embedder.embed([""] * 130)

    assert [len(batch) for batch in server.batches] == [64, 64, 2]
    assert server.batches[0][0] == " "
    await embedder.close()


async def test_a_connection_that_was_reset_is_tried_once_more(server: EmbeddingsServer) -> None:
    embedder = OpenAiEndpointEmbedder(settings_for(server))
    server.resets = 1

    vectors = await embedder.embed([FACT])

    assert vectors.shape == (1, 64)
    await embedder.close()


async def test_a_connection_that_is_reset_twice_is_given_up(server: EmbeddingsServer) -> None:
    embedder = OpenAiEndpointEmbedder(settings_for(server))
    server.resets = 2

    with pytest.raises(EmbedderUnavailable, match="cannot be reached"):
        await embedder.embed([FACT])
    assert server.resets == 0
    await embedder.close()


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 429, 500, 503])
async def test_an_error_tells_its_status_and_nothing_of_its_body(
    server: EmbeddingsServer, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_ENV, KEY)
    embedder = OpenAiEndpointEmbedder(settings_for(server, key_env=KEY_ENV))
    server.status = status

    with pytest.raises(EmbedderUnavailable, match=f"HTTP {status}") as caught:
        await embedder.embed([FACT])

    assert KEY not in str(caught.value)
    assert len(server.authorizations) == 1  # an answer is never asked for twice
    await embedder.close()


async def test_the_key_goes_into_the_header_and_nowhere_else(
    server: EmbeddingsServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv(KEY_ENV, KEY)
    embedder = OpenAiEndpointEmbedder(settings_for(server, key_env=KEY_ENV))

    with caplog.at_level("DEBUG"):
        await embedder.embed([FACT])

    assert server.authorizations == [f"Bearer {KEY}"]
    assert KEY not in repr(embedder) + repr(vars(embedder)) + caplog.text
    await embedder.close()


@pytest.mark.parametrize("key", ["", " ", "two words", "kéy", "line\nbreak"])
async def test_a_key_that_cannot_be_one_is_named_but_not_shown(
    server: EmbeddingsServer, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv(KEY_ENV, key)
    embedder = OpenAiEndpointEmbedder(settings_for(server, key_env=KEY_ENV))

    with pytest.raises(EmbedderUnavailable, match=KEY_ENV) as caught:
        await embedder.embed([FACT])

    assert not key.strip() or key not in str(caught.value)
    await embedder.close()


@pytest.mark.parametrize(
    "alter",
    [
        lambda answer: {},
        lambda answer: {"data": None},
        lambda answer: {"data": answer["data"] * 2},
        lambda answer: {"data": []},
        lambda answer: {"data": [{"index": 7, "embedding": [1.0]}]},
        lambda answer: {"data": [{"index": 0, "embedding": []}]},
        lambda answer: {"data": [{"index": 0, "embedding": [0.0, 0.0]}]},
        lambda answer: {"data": [{"index": 0, "embedding": [float("nan")]}]},
        lambda answer: {"data": [{"index": 0, "embedding": [[1.0]]}]},
        lambda answer: {"data": [{"index": 0, "embedding": "AAAA"}]},
        lambda answer: {"data": [{"index": [0], "embedding": [1.0]}]},
        lambda answer: {"data": [[]]},
        lambda answer: {"pad": "x" * (33 * 2**20)},
    ],
)
async def test_an_answer_that_is_not_one_vector_a_text_is_refused(
    server: EmbeddingsServer, alter: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    embedder = OpenAiEndpointEmbedder(settings_for(server))
    server.alter = alter

    with pytest.raises(EmbedderUnavailable, match="one vector a text"):
        await embedder.embed([FACT])
    await embedder.close()


async def test_nobody_listening_is_a_sentence_with_the_next_step(server: EmbeddingsServer) -> None:
    with EmbeddingsServer() as gone:
        settings = settings_for(gone)
    embedder = OpenAiEndpointEmbedder(settings)

    with pytest.raises(EmbedderUnavailable, match=r"cannot be reached\. Check embedder\.url"):
        await embedder.embed([FACT])
    await embedder.close()


async def test_closing_ends_a_request_that_is_under_way(server: EmbeddingsServer) -> None:
    embedder = OpenAiEndpointEmbedder(settings_for(server))
    server.gate.clear()
    work = asyncio.create_task(embedder.embed([FACT]))
    await asyncio.to_thread(server.arrived.wait, 10)

    await embedder.close()
    (outcome,) = await asyncio.gather(work, return_exceptions=True)

    assert isinstance(outcome, EmbedderUnavailable)


async def test_a_proxy_variable_that_is_nonsense_is_embedder_unavailable(
    server: EmbeddingsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "nonsense://x")
    embedder = OpenAiEndpointEmbedder(settings_for(server))

    with pytest.raises(EmbedderUnavailable, match="proxy"):
        await embedder.embed([FACT])
    await embedder.close()
