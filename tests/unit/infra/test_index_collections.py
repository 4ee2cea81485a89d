"""The Qdrant adapter on real folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
import pytest

from backend.infra.index.collections import Collections
from tests.doubles.deterministic import DIMENSION, bag_of_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

BOT, OTHER = UUID(int=1), UUID(int=2)
IDS = [UUID(int=number) for number in range(100, 110)]


def vectors(*texts: str) -> NDArray[np.float32]:
    return np.array([bag_of_words(text) for text in texts], dtype=np.float32)


Opened = Callable[..., Collections]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    made: list[Collections] = []

    def open_collections(most_points: int = 30_000) -> Collections:
        root = tmp_path / "vectors"
        root.mkdir(exist_ok=True)
        collections = Collections(
            root, model="fake-words", dimension=DIMENSION, most_points=most_points
        )
        made.append(collections)
        return collections

    yield open_collections
    for collections in made:
        collections.close()


def test_what_was_stored_is_there_after_reopening(opened: Opened) -> None:
    first = opened()
    first.upsert(BOT, IDS[:2], vectors("dark mode", "light mode"))
    first.upsert(BOT, IDS[:1], vectors("blue mode"))
    first.close()

    found = opened().search(BOT, vectors("blue mode")[0], 5)

    assert [memory for memory, _ in found] == IDS[:2]
    assert found[0][1] == pytest.approx(1.0, abs=1e-5)


def test_the_least_recently_used_collection_is_closed_above_the_limit(opened: Opened) -> None:
    collections = opened(most_points=3)
    collections.upsert(BOT, IDS[:2], vectors("one", "two"))
    collections.upsert(OTHER, IDS[2:4], vectors("three", "four"))

    held = collections.open_points
    found = collections.search(BOT, vectors("one")[0], 5)

    assert held == 2
    assert len(found) == 2
    assert collections.open_points == 2


def test_a_single_collection_may_be_larger_than_the_limit(opened: Opened) -> None:
    collections = opened(most_points=1)

    collections.upsert(BOT, IDS[:3], vectors("one", "two", "three"))

    assert len(collections.search(BOT, vectors("one")[0], 5)) == 3


def test_asking_about_a_bot_without_vectors_makes_no_folder(opened: Opened, tmp_path: Path) -> None:
    collections = opened()

    found = collections.search(BOT, vectors("one")[0], 5)
    collections.delete(BOT, IDS[:1])

    assert (found, collections.vectors(BOT, IDS), collections.ids(BOT)) == ([], {}, set())
    assert list((tmp_path / "vectors").iterdir()) == []


def test_clearing_keeps_the_known_bots_of_this_model(opened: Opened, tmp_path: Path) -> None:
    collections = opened()
    collections.upsert(BOT, IDS[:1], vectors("one"))
    collections.upsert(OTHER, IDS[1:2], vectors("two"))
    (tmp_path / "vectors" / f"{BOT}-othermodel").mkdir()

    collections.clear_others({BOT}, keep_models=True)
    kept = {folder.name for folder in (tmp_path / "vectors").iterdir()}
    collections.clear_others({BOT}, keep_models=False)

    assert f"{BOT}-othermodel" in kept
    assert not any(name.startswith(str(OTHER)) for name in kept)
    assert collections.exists(BOT)
    assert len(list((tmp_path / "vectors").iterdir())) == 1
