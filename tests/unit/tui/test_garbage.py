"""The dashboard collects garbage by itself, and only when it looks."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from tui.garbage import Housekeeping


class Knot:
    """Garbage that only a collection finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _switched_off() -> Iterator[None]:
    """As `open_dashboard` does before a start."""
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


def knots(count: int) -> list[weakref.ref[Knot]]:
    """Make garbage and return what tells when it is gone."""
    return [weakref.ref(Knot()) for _ in range(count)]


def test_garbage_stays_until_somebody_looks() -> None:
    housekeeping = Housekeeping()

    made = knots(6_000)
    assert all(knot() is not None for knot in made)
    housekeeping.look()

    assert all(knot() is None for knot in made)


def test_what_was_set_aside_is_collected_at_rest() -> None:
    kept = [Knot() for _ in range(10)]
    told = [weakref.ref(knot) for knot in kept]
    housekeeping = Housekeeping()
    for _ in range(20):
        knots(6_000)
        housekeeping.look()

    kept.clear()
    for _ in range(20):
        housekeeping.look()

    assert all(knot() is None for knot in told)
