"""What a `VirtualList` knows, without any widget: its rows, its marks, and where it stands.

Everything here works on the ordered array of keys (row numbers of the store) and on plain
indices. The widget paints and talks to Textual; these classes decide.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeAlias, TypeVar

__all__ = ["PAGE", "Keys", "Marks", "Place", "Request", "Row", "RowCache", "relocate"]

PAGE = 256
"""Rows asked for at a time."""

Keys: TypeAlias = "array[int]"
"""Row numbers in the order of the list, typecode "q"."""


class Row(Protocol):
    """What a list needs to know of a row; everything else is for the one who draws it."""

    @property
    def row(self) -> int:
        """Key of the row: unique in the list and stable, for instance the SQLite rowid."""
        ...

    @property
    def revision(self) -> int:
        """Changes whenever the row looks different."""
        ...


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Request:
    """Keys to fetch; `urgent` when a person is looking at the gap."""

    keys: Sequence[int]
    urgent: bool


class RowCache(Generic[R]):
    """Rows by key, at most `capacity` of them, and the decision which to fetch next.

    An outdated row stays readable until its successor arrives, so that nothing flickers.
    """

    def __init__(self, capacity: int = 32 * PAGE) -> None:
        self.capacity = capacity
        self._rows: dict[int, R] = {}
        self._outdated: set[int] = set()
        self._gone: set[int] = set()
        self._spoiled: set[int] = set()  # invalidated while a request was under way

    def get(self, key: int) -> R | None:
        """Return the row if it was fetched, be it outdated."""
        return self._rows.get(key)

    def is_gone(self, key: int) -> bool:
        """Tell whether the row was asked for and does not exist (any more)."""
        return key in self._gone

    def invalidate(self, keys: Iterable[int] | None = None) -> None:
        """Have these rows (or all) fetched again before they are next relied upon."""
        known = self._rows.keys() | self._gone
        changed = known if keys is None else set(keys)
        self._spoiled |= changed
        self._outdated |= changed & self._rows.keys()
        self._gone -= changed

    def has_all(self, keys: Keys, top: int, bottom: int) -> bool:
        """Tell whether a view of `keys[top:bottom]` lacks nothing."""
        return self._first_gap(keys, top, bottom) is None

    def next_request(self, keys: Keys, top: int, bottom: int, *, forward: bool) -> Request | None:
        """Begin and return the next request for a view of `keys[top:bottom]`, if any is due.

        What is in view comes first; then the page that the view will reach within half a page,
        ahead in the direction of travel. One request at a time: give its rows to `accept`.
        """
        if not len(keys):
            return None
        urgent = True
        index = self._first_gap(keys, top, bottom)
        if index is None:
            urgent = False
            index = bottom + PAGE // 2 if forward else top - PAGE // 2
            index = min(max(index, 0), len(keys) - 1)
            if self._is_settled(keys[index]):
                return None
        start = index - index % PAGE
        page = [key for key in keys[start : start + PAGE] if not self._is_settled(key)]
        self._spoiled.clear()
        return Request(page, urgent)

    def accept(self, request: Request, rows: Iterable[R]) -> list[int]:
        """Take in what a request brought; return the keys that look different now."""
        changed: list[int] = []
        missing = set(request.keys) - self._spoiled
        for row in rows:
            key = row.row
            if key not in missing:
                continue  # not asked for, or older than an invalidation
            missing.discard(key)
            self._outdated.discard(key)
            if self._rows.pop(key, None) != row:
                changed.append(key)
            self._rows[key] = row
        for key in missing:
            self._rows.pop(key, None)
            self._outdated.discard(key)
            changed.append(key)
        self._gone |= missing
        self._shrink()
        return changed

    def _is_settled(self, key: int) -> bool:
        if key in self._rows:
            return key not in self._outdated
        return key in self._gone

    def _first_gap(self, keys: Keys, top: int, bottom: int) -> int | None:
        for index in range(max(top, 0), min(bottom, len(keys))):
            if not self._is_settled(keys[index]):
                return index
        return None

    def _shrink(self) -> None:
        for key in list(self._rows)[: max(0, len(self._rows) - self.capacity)]:
            del self._rows[key]
            self._outdated.discard(key)


class Marks:
    """The set of marked keys, with a range that grows and shrinks while the cursor moves."""

    def __init__(self) -> None:
        self._keys: set[int] = set()
        self._anchor: int | None = None  # key where the range began
        self._before: frozenset[int] = frozenset()  # marks from before the range

    def __contains__(self, key: int) -> bool:
        return key in self._keys

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def in_range(self) -> bool:
        """Tell whether moving the cursor extends a range."""
        return self._anchor is not None

    def in_order(self, keys: Keys) -> list[int]:
        """Return the marked keys in the order of the list."""
        return [key for key in keys if key in self._keys] if self._keys else []

    def toggle(self, key: int) -> None:
        """Mark the key, or take its mark away; ends a range."""
        self.end_range()
        self._keys ^= {key}

    def fill(self, keys: Iterable[int]) -> None:
        """Mark all of these; ends a range."""
        self.end_range()
        self._keys.update(keys)

    def clear(self) -> None:
        """Take all marks away; ends a range."""
        self.end_range()
        self._keys.clear()

    def keep_only(self, keys: Keys) -> None:
        """Forget marks on keys that left the list: an act must not reach what nobody sees."""
        if self._keys:
            present = set(keys)
            self._keys &= present
            self._before &= present
            if self._anchor not in present:
                self.end_range()

    def start_range(self, key: int) -> None:
        """Begin a range at the key, which is marked."""
        self._anchor = key
        self._before = frozenset(self._keys)
        self._keys.add(key)

    def end_range(self) -> None:
        """Keep what is marked; the cursor moves freely again."""
        self._anchor, self._before = None, frozenset()

    def extend(self, keys: Keys, old: int, new: int) -> None:
        """Let the end of the range move from index `old` to index `new`; does nothing without."""
        if self._anchor is None:
            return
        start = keys.index(self._anchor)
        first, last = min(start, new), max(start, new)
        for index in range(min(old, new), max(old, new) + 1):
            key = keys[index]
            if first <= index <= last:
                self._keys.add(key)
            elif key not in self._before:
                self._keys.discard(key)


class Place(NamedTuple):
    """Where a list stands: index of the cursor and index of the row on its first line."""

    cursor: int
    top: int


def relocate(old: Keys, new: Keys, place: Place, height: int) -> Place:
    """Return the place in `new` that looks like `place` did in `old`, `height` lines being seen.

    The cursor stays on its key; when that is gone, it goes to the next key that is still there,
    else to the one before. The line of the cursor (or, when it is out of view, the first line)
    stays where it is on the screen: rows inserted above move the scroll offset, not the picture.
    """
    if not len(new) or not len(old):
        return Place(0, 0)
    cursor = _survivor(old, new, place.cursor)
    in_view = place.top <= place.cursor < place.top + height
    anchor = place.cursor if in_view else place.top
    landed = cursor if in_view else _survivor(old, new, anchor)
    top = landed - (anchor - place.top)
    return Place(cursor, max(0, min(top, len(new) - height)))


def _survivor(old: Keys, new: Keys, index: int) -> int:
    """Return the index in `new` of `old[index]`, or of its nearest neighbour still there."""
    try:
        return new.index(old[index])
    except ValueError:
        pass  # gone: look at the neighbours
    present = set(new)
    for key in old[index + 1 :]:
        if key in present:
            return new.index(key)
    for key in reversed(old[:index]):
        if key in present:
            return new.index(key)
    return 0
