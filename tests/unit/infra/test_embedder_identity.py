"""A model that was swapped behind its name is noticed; noise is not taken for a swap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pytest

from backend.infra.embedders.identity import SENTENCES, identify, same_model
from backend.infra.embedders.minilm import MiniLmEmbedder
from backend.infra.embedders.none import NoEmbedder
from backend.types.errors import EmbedderUnavailable
from tests.doubles.deterministic import DeterministicEmbedder

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Disturbed(DeterministicEmbedder):
    """The same name, but its vectors are `noise` (standard deviation) away from the usual ones."""

    def __init__(self, noise: float, seed: int = 0) -> None:
        super().__init__(dimension=384)
        self._noise, self._dice = noise, np.random.default_rng(seed)

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = await super().embed(texts)
        moved = vectors + self._dice.normal(0, self._noise, vectors.shape)
        unit: NDArray[np.float32] = moved.astype(np.float32)
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        return unit


async def test_the_same_model_has_the_same_identity_every_time() -> None:
    first = await identify(DeterministicEmbedder())
    second = await identify(DeterministicEmbedder())

    assert first == second
    assert same_model(first, second)


async def test_an_identity_names_model_and_dimension() -> None:
    identity = await identify(DeterministicEmbedder(model_name="words@7"))

    assert identity.startswith("words@7/64/")


@pytest.mark.parametrize("seed", range(5))
async def test_rounding_on_another_machine_is_no_swap(seed: int) -> None:
    usual = await identify(Disturbed(0.0))

    assert same_model(usual, await identify(Disturbed(1e-6, seed)))


@pytest.mark.parametrize("seed", range(5))
async def test_the_same_model_in_another_number_format_is_no_swap(seed: int) -> None:
    usual = await identify(Disturbed(0.0))

    assert same_model(usual, await identify(Disturbed(1.6e-3, seed)))  # cosine 0.9995


@pytest.mark.parametrize("seed", range(5))
async def test_another_model_behind_the_same_name_is_noticed(seed: int) -> None:
    usual = await identify(Disturbed(0.0))

    assert not same_model(usual, await identify(Disturbed(0.05, seed)))  # cosine 0.7


async def test_another_name_or_dimension_is_another_model() -> None:
    usual = await identify(DeterministicEmbedder())

    assert not same_model(usual, await identify(DeterministicEmbedder(model_name="other")))
    assert not same_model(usual, await identify(DeterministicEmbedder(dimension=32)))


@pytest.mark.parametrize(
    "known", ["", "/", "fake-words@1", "fake-words@1/64/zz", "fake-words@1/64/"]
)
async def test_what_is_no_identity_is_never_the_same_model(known: str) -> None:
    usual = await identify(DeterministicEmbedder())

    assert not same_model(known, usual)
    assert not same_model(usual, known)


async def test_no_embedder_is_the_same_as_no_embedder() -> None:
    identity = await identify(NoEmbedder())

    assert identity == "none/0/"
    assert same_model(identity, "none/0/")


async def test_an_outage_is_no_identity() -> None:
    embedder = DeterministicEmbedder()
    embedder.outage = "The endpoint is down. Start it."

    with pytest.raises(EmbedderUnavailable):
        await identify(embedder)


async def test_the_offline_model_is_the_one_that_was_released() -> None:
    embedder = MiniLmEmbedder()

    identity = await identify(embedder)

    assert same_model(
        identity,
        "all-MiniLM-L6-v2-int8@8199be6f699a/384/"
        "2293091747a9fe2e0c4e06efda2f1243f5c8c9386016128c1f80efc2f5f5e51c",
    )
    await embedder.close()


def test_there_are_eight_sentences() -> None:
    assert len(set(SENTENCES)) == 8
