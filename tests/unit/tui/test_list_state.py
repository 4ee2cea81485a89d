"""Which rows a list fetches, what is marked, and where it stands after it has changed."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import pytest

from tui.widgets.list_state import PAGE, Keys, Marks, Place, RowCache, relocate


@dataclass(frozen=True)
class Fact:
    row: int
    revision: int = 1


def keys(*numbers: int) -> Keys:
    return array("q", numbers)


def load(cache: RowCache[Fact], all_keys: Keys, top: int, bottom: int) -> list[list[int]]:
    """Fetch until nothing is wanted; return the keys of each request."""
    asked: list[list[int]] = []
    while (request := cache.next_request(all_keys, top, bottom, forward=True)) is not None:
        asked.append(list(request.keys))
        cache.accept(request, [Fact(key) for key in request.keys])
    return asked


def test_what_is_in_view_is_asked_for_before_what_comes_next() -> None:
    all_keys = array("q", range(1000))
    cache: RowCache[Fact] = RowCache()

    asked = load(cache, all_keys, 250, 290)

    assert asked == [list(range(256)), list(range(256, 512))]


def test_a_page_ahead_is_asked_for_half_a_page_before_it_is_reached() -> None:
    all_keys = array("q", range(1000))
    cache: RowCache[Fact] = RowCache()
    load(cache, all_keys, 0, 40)

    early = cache.next_request(all_keys, 80, 120, forward=True)
    near = cache.next_request(all_keys, 100, 140, forward=True)

    assert early is None
    assert near is not None
    assert (near.keys[0], near.urgent) == (PAGE, False)


def test_a_row_that_does_not_come_is_not_asked_for_again() -> None:
    cache: RowCache[Fact] = RowCache()
    request = cache.next_request(keys(1, 2), 0, 2, forward=True)
    assert request is not None

    changed = cache.accept(request, [Fact(2)])

    assert sorted(changed) == [1, 2]
    assert cache.is_gone(1)
    assert cache.next_request(keys(1, 2), 0, 2, forward=True) is None


def test_a_row_that_changed_while_it_was_read_is_read_again() -> None:
    cache: RowCache[Fact] = RowCache()
    request = cache.next_request(keys(1, 2), 0, 2, forward=True)
    assert request is not None

    cache.invalidate([2])
    cache.accept(request, [Fact(1), Fact(2)])
    again = cache.next_request(keys(1, 2), 0, 2, forward=True)

    assert again is not None
    assert list(again.keys) == [2]


def test_an_outdated_row_stays_readable_until_its_successor_comes() -> None:
    cache: RowCache[Fact] = RowCache()
    load(cache, keys(1), 0, 1)

    cache.invalidate()

    assert cache.get(1) == Fact(1)
    assert not cache.has_all(keys(1), 0, 1)
    request = cache.next_request(keys(1), 0, 1, forward=True)
    assert request is not None
    assert cache.accept(request, [Fact(1, revision=2)]) == [1]
    assert cache.get(1) == Fact(1, revision=2)


def test_rows_read_long_ago_are_let_go() -> None:
    all_keys = array("q", range(10 * PAGE))
    cache: RowCache[Fact] = RowCache(capacity=3 * PAGE)

    for top in range(0, 9 * PAGE, PAGE):
        load(cache, all_keys, top, top + 40)

    assert cache.get(0) is None
    assert cache.get(8 * PAGE) == Fact(8 * PAGE)


def test_a_range_grows_shrinks_and_turns_around_without_losing_earlier_marks() -> None:
    all_keys = keys(10, 11, 12, 13, 14)
    marks = Marks()
    marks.toggle(10)
    marks.start_range(12)

    marks.extend(all_keys, 2, 4)
    assert marks.in_order(all_keys) == [10, 12, 13, 14]
    marks.extend(all_keys, 4, 3)
    assert marks.in_order(all_keys) == [10, 12, 13]
    marks.extend(all_keys, 3, 0)
    assert marks.in_order(all_keys) == [10, 11, 12]
    marks.extend(all_keys, 0, 2)
    assert marks.in_order(all_keys) == [10, 12]


def test_a_mark_leaves_with_its_row() -> None:
    marks = Marks()
    marks.fill([1, 2, 3])

    marks.keep_only(keys(3, 2))

    assert marks.in_order(keys(3, 2)) == [3, 2]
    assert len(marks) == 2


@pytest.mark.parametrize(
    ("new", "place", "expected"),
    [
        pytest.param([8, 9, 1, 2, 3, 4], Place(1, 0), Place(3, 2), id="inserted above"),
        pytest.param([1, 2, 3, 4, 9], Place(1, 0), Place(1, 0), id="inserted below"),
        pytest.param([1, 3, 4], Place(1, 1), Place(1, 1), id="removed: the next one"),
        pytest.param([1, 2, 3], Place(3, 2), Place(2, 1), id="the last removed: the one before"),
        pytest.param([3, 4], Place(0, 0), Place(0, 0), id="several removed"),
        pytest.param([4, 3, 2, 1], Place(0, 0), Place(3, 2), id="turned around"),
        pytest.param([8, 1, 2, 3, 4], Place(0, 2), Place(1, 3), id="cursor out of view"),
        pytest.param([7, 8], Place(2, 1), Place(0, 0), id="another list"),
        pytest.param([], Place(2, 1), Place(0, 0), id="emptied"),
    ],
)
def test_after_a_change_the_cursor_keeps_its_row_and_its_line(
    new: list[int], place: Place, expected: Place
) -> None:
    assert relocate(keys(1, 2, 3, 4), keys(*new), place, 2) == expected
