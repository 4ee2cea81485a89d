"""A list of any length that costs what is on the screen.

The list is an ordered array of row numbers (`set_keys`); rows come in pages of 256, by number,
from the coroutine it was made with: what is in view before what may come into view. A line is
drawn once and kept as a strip under (row, revision, look); a cursor that moves repaints two
lines. Sorting, removing, marking and undo edit the array and the set of marks, never widgets.

A subclass draws its rows in `render_row` and binds keys to the `action_` methods: this class has
no bindings of its own, and takes none from Textual's scroll views. Text from outside goes
through `safe_text.safe_cell` there; the texts given to the list itself are made safe here.

Wrap the list in a container when a border is wanted: without border and padding its strips go to
the terminal as they are, and a key that scrolls costs less.
"""

from __future__ import annotations

from array import array
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeAlias, TypeVar

from textual import events
from textual.geometry import Offset

from tui.widgets import list_messages
from tui.widgets.list_lines import RowStyles
from tui.widgets.list_state import Marks, Place, Row, relocate
from tui.widgets.row_view import CURSOR, FOCUSED, MARKED, RowView

__all__ = ["Row", "RowStyles", "VirtualList"]

R = TypeVar("R", bound=Row)


class VirtualList(RowView[R]):
    """Rows of one line each, with a cursor, marks, mouse and messages.

    Before the first `set_keys` it shows an outline; without keys its empty text; after a failed
    fetch the error's own sentence, until `retry` or the next `set_keys`.
    """

    CursorMoved: TypeAlias = list_messages.CursorMoved
    MarksChanged: TypeAlias = list_messages.MarksChanged
    Opened: TypeAlias = list_messages.Opened
    ContextRequested: TypeAlias = list_messages.ContextRequested
    LoadFailed: TypeAlias = list_messages.LoadFailed

    def __init__(
        self,
        fetch: Callable[[Sequence[int]], Awaitable[Iterable[R]]],
        *,
        empty_text: str = "Nothing here yet.",
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Make a list; `RowView` says what is asked of `fetch`."""
        super().__init__(fetch, empty_text=empty_text, name=name, id=id, classes=classes)
        self._cursor = 0
        self._marks = Marks()
        self._height_before = 0

    # What the list holds

    @property
    def keys(self) -> Sequence[int]:
        """All row numbers in order; not a copy."""
        return self._keys

    @property
    def cursor_index(self) -> int:
        """Position of the cursor; 0 in an empty list."""
        return self._cursor

    @property
    def cursor_key(self) -> int | None:
        """Row number under the cursor, None in an empty list."""
        return self._keys[self._cursor] if len(self._keys) else None

    @property
    def cursor_row(self) -> R | None:
        """Row under the cursor, None while it is being read."""
        key = self.cursor_key
        return None if key is None else self.row_of(key)

    @property
    def mark_count(self) -> int:
        """How many rows are marked."""
        return len(self._marks)

    @property
    def in_range(self) -> bool:
        """Tell whether moving the cursor extends a range of marks."""
        return self._marks.in_range

    def marked_keys(self) -> list[int]:
        """Return the marked row numbers in the order of the list."""
        return self._marks.in_order(self._keys)

    def target_keys(self) -> list[int]:
        """Return what an act applies to: the marked rows, else the one under the cursor."""
        key = self.cursor_key
        return self.marked_keys() or ([] if key is None else [key])

    # Changing it

    def set_keys(self, keys: Iterable[int], *, keep_cursor: bool = True) -> None:
        """Show these rows in this order.

        With `keep_cursor` the cursor stays on its row (gone: on the next one) and on its line of
        the screen; otherwise it goes to the top. Marks on rows that left the list are forgotten.
        """
        new = keys if isinstance(keys, array) else array("q", keys)
        old_key, old_marks = self.cursor_key, len(self._marks)
        place = Place(0, 0)
        if keep_cursor:
            place = relocate(self._keys, new, Place(self._cursor, self._top), self._height)
        self._keys, self._cursor, self._are_keys_known = new, place.cursor, True
        self._error_text = self._message = None
        self._marks.keep_only(new)
        self._set_extent(place.top)
        self._load_rows()
        if self.cursor_key != old_key:
            self.post_message(self.CursorMoved(self, self.cursor_key))
        if len(self._marks) != old_marks:
            self._report_marks()

    def remove_keys(self, keys: Iterable[int]) -> None:
        """Take rows out of the list at once, before the store has said so."""
        gone = set(keys)
        self.set_keys(array("q", [key for key in self._keys if key not in gone]))

    def move_to_key(self, key: int) -> bool:
        """Put the cursor on a row; return False when it is not in the list."""
        try:
            index = self._keys.index(key)
        except ValueError:
            return False
        self._move_to(index)
        return True

    def mark_keys(self, keys: Iterable[int]) -> None:
        """Mark these rows and no others, for instance after a restart."""
        self._marks.clear()
        self._marks.fill(keys)
        self._marks.keep_only(self._keys)
        self._report_marks()

    # Moving

    def action_cursor_down(self) -> None:
        """Move to the next row."""
        self._move_to(self._cursor + 1)

    def action_cursor_up(self) -> None:
        """Move to the row before."""
        self._move_to(self._cursor - 1)

    def action_first(self) -> None:
        """Move to the first row."""
        self._move_to(0)

    def action_last(self) -> None:
        """Move to the last row."""
        self._move_to(len(self._keys) - 1)

    def action_page_down(self) -> None:
        """Move a screen down."""
        self._turn(max(1, self._height - 1))

    def action_page_up(self) -> None:
        """Move a screen up."""
        self._turn(-max(1, self._height - 1))

    def action_half_page_down(self) -> None:
        """Move half a screen down."""
        self._turn(max(1, self._height // 2))

    def action_half_page_up(self) -> None:
        """Move half a screen up."""
        self._turn(-max(1, self._height // 2))

    def _turn(self, rows: int) -> None:
        """Move cursor and view together, so that the cursor keeps its line."""
        self._scroll_top(self._top + rows)
        self._move_to(self._cursor + rows)

    def _move_to(self, index: int) -> None:
        if not len(self._keys):
            return
        old, new = self._cursor, max(0, min(index, len(self._keys) - 1))
        if new == old:
            self._reveal(new)
            return
        self._cursor = new
        in_range = self._marks.in_range
        self._marks.extend(self._keys, old, new)
        if not self._reveal(new):
            self._refresh_visible(old)
            self._refresh_visible(new)
            if in_range and abs(new - old) > 1:
                self._refresh_rows()
        if in_range:
            self.post_message(self.MarksChanged(self, len(self._marks)))
        self.post_message(self.CursorMoved(self, self._keys[new]))

    def _reveal(self, index: int) -> bool:
        """Scroll as little as needed to show the line; return False when it was in view."""
        top, height = self._top, self._height
        if top <= index < top + height or height < 1:
            return False
        self._scroll_top(index if index < top else index - height + 1)
        return True

    def _scroll_top(self, top: int) -> None:
        self.scroll_to(y=top, animate=False, force=True)

    def _refresh_visible(self, index: int) -> None:
        if self._top <= index < self._top + self._height:
            self.refresh_line(index)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in view when the pane shrinks under it."""
        if self._top <= self._cursor < self._top + self._height_before:
            self._reveal(self._cursor)
        self._height_before = self._height

    # Marking

    def action_toggle_mark(self) -> None:
        """Mark the row or take its mark away, and move on."""
        if (key := self.cursor_key) is not None:
            self._marks.toggle(key)
            self._report_marks(only=self._cursor)
            self._move_to(self._cursor + 1)

    def action_mark_range(self) -> None:
        """Begin a range here, or keep the one that the cursor has drawn."""
        if self._marks.in_range:
            self._marks.end_range()
        elif (key := self.cursor_key) is not None:
            self._marks.start_range(key)
            self._report_marks(only=self._cursor)

    def action_mark_all(self) -> None:
        """Mark every row of the list, seen or not."""
        self._marks.fill(self._keys)
        self._report_marks()

    def action_mark_none(self) -> None:
        """Take all marks away."""
        self._marks.clear()
        self._report_marks()

    def _report_marks(self, *, only: int | None = None) -> None:
        """Repaint and tell; `only` when the mark of a single line changed."""
        if only is None:
            self._refresh_rows()
        else:
            self._refresh_visible(only)
        self.post_message(self.MarksChanged(self, len(self._marks)))

    def _look_of(self, index: int, key: int) -> int:
        look = MARKED if key in self._marks else 0
        if index == self._cursor:
            look += CURSOR + FOCUSED if self.has_focus else CURSOR
        return look

    # Opening, and the mouse

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if (key := self.cursor_key) is not None:
            self.post_message(self.Opened(self, key))

    def action_context(self) -> None:
        """Ask for the acts of the row under the cursor."""
        if (key := self.cursor_key) is not None:
            at = self.content_region.offset + Offset(0, self._cursor - self._top)
            self.post_message(self.ContextRequested(self, key, at))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor; with shift mark up to here, with ctrl mark just this; twice opens."""
        at = event.get_content_offset(self)
        if at is None or not self._top + at.y < len(self._keys):
            return
        event.stop()
        index = self._top + at.y
        if event.button == 3:
            self._move_to(index)
            self.post_message(self.ContextRequested(self, self._keys[index], event.screen_offset))
        elif event.shift:
            first, last = sorted((self._cursor, index))
            self._marks.fill(self._keys[first : last + 1])
            self._move_to(index)
            self._report_marks()
        elif event.ctrl:
            self._marks.toggle(self._keys[index])
            self._move_to(index)
            self._report_marks()
        else:
            self._move_to(index)
            if event.chain == 2:
                self.action_open()
