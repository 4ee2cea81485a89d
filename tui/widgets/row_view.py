"""The part of a `VirtualList` that paints: rows by page, strips by look, scrolling by line.

It knows an ordered array of keys and how to get rows for them; cursor and marks are its
subclass's business and reach it as `_look_of`.
"""

from __future__ import annotations

from array import array
from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar, Final, Generic, TypeVar

from rich.segment import Segment
from textual import events
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import Worker

from tui.widgets.list_lines import (
    GUTTER,
    RowStyles,
    gutter,
    line_strip,
    message_lines,
    skeleton_line,
    strip_of,
)
from tui.widgets.list_messages import LoadFailed
from tui.widgets.list_state import Keys, Request, Row, RowCache

__all__ = ["CURSOR", "FOCUSED", "MARKED", "RowView"]

R = TypeVar("R", bound=Row)

# How a row looks: a sum of these.
CURSOR: Final = 1
MARKED: Final = 2
FOCUSED: Final = 4
_LOOKS = range(8)

_KEPT_STRIPS = 2048


class RowView(ScrollView, Generic[R], can_focus=True, inherit_bindings=False):
    """Scrolls over rows of one line each."""

    ALLOW_SELECT = False  # dragging over rows is for marks; copying a row is an act

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "virtual-list--row",
        "virtual-list--muted",
        "virtual-list--accent",
        "virtual-list--marked",
        "virtual-list--cursor",
        "virtual-list--error",
    }

    DEFAULT_CSS = """
    RowView {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        & > .virtual-list--row { color: $foreground; }
        & > .virtual-list--muted { color: $text-muted; }
        & > .virtual-list--accent { color: $text-accent; }
        & > .virtual-list--marked { text-style: bold; }
        & > .virtual-list--cursor { background: $block-cursor-blurred-background; }
        & > .virtual-list--error { color: $text-error; }
        &:focus > .virtual-list--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """

    def __init__(
        self,
        fetch: Callable[[Sequence[int]], Awaitable[Iterable[R]]],
        *,
        empty_text: str = "Nothing here yet.",
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Make a list of the rows that `fetch` returns for at most 256 row numbers at a time.

        `fetch` may return them in any order, leaves out what no longer exists, and may be
        cancelled. What it raises is shown in the list and posted as `LoadFailed`.
        """
        super().__init__(name=name, id=id, classes=classes)
        self.auto_links = False
        self._fetch = fetch
        self._empty_text = empty_text
        self._error_text: str | None = None
        self._keys: Keys = array("q")
        self._are_keys_known = False
        self._rows: RowCache[R] = RowCache()
        self._strips: LRUCache[tuple[int, int, int], Strip] = LRUCache(_KEPT_STRIPS)
        self._styles_of_look: dict[int, RowStyles] = {}
        self._drawn_size = Size(0, 0)
        self._message: list[str] | None = None  # wrapped lines of the empty or error text
        self._thumb = -1  # where the scrollbar's thumb was last drawn, in eighths of a cell
        self._forward = True  # direction of travel, for prefetching
        self._loader: Worker[None] | None = None
        self._request: Request | None = None  # under way

    def render_row(
        self, row: R, width: int, *, marked: bool, is_cursor: bool, styles: RowStyles
    ) -> Iterable[Segment]:
        """Return the segments of a row, all text in them safe, `width` cells or less.

        Called once for each (row, revision, look); the gutter with cursor and mark is already
        drawn. Use at most the three `styles`, or two of them and a colour for a state.
        """
        raise NotImplementedError(f"{type(self).__name__} must say how a row is drawn")

    def row_of(self, key: int) -> R | None:
        """Return a row if it was fetched already."""
        return self._rows.get(key)

    def invalidate(self, keys: Iterable[int] | None = None) -> None:
        """Have these rows (or all) read again; they stay as they are until then."""
        self._rows.invalidate(keys)
        self._load_rows()

    def redraw(self) -> None:
        """Draw all rows anew: something beside the rows decides how they look, and changed."""
        self._strips.clear()
        self._refresh_rows()

    def retry(self) -> None:
        """Read again what could not be read."""
        self._error_text = self._message = None
        self.refresh()
        self.invalidate()

    def show_error(self, text: str) -> None:
        """Show an error instead of the rows until the keys are set or `retry` is called."""
        self._error_text, self._message = text, None
        self.refresh()

    def set_empty_text(self, text: str) -> None:
        """Say what an empty list shows: one sentence, and the key that makes the first one."""
        self._empty_text, self._message = text, None
        self.refresh()

    # Fetching

    def _load_rows(self) -> None:
        """Fetch what the view lacks, unless that is already under way."""
        if not self.is_attached or self._error_text is not None:
            return
        top = self._top
        if self._request is not None:
            if self._request.urgent or self._rows.has_all(self._keys, top, top + self._height):
                return  # the loader looks again when its page has come
            if self._loader is not None:
                self._loader.cancel()  # a prefetch must not keep a person waiting
        self._request = self._next_request()
        if self._request is not None:
            # A failing fetch is caught; anything else is a mistake here and may end the program.
            self._loader = self.run_worker(self._load(self._request), group="rows")

    async def _load(self, request: Request | None) -> None:
        while request is not None:
            try:
                rows = await self._fetch(request.keys)
            except CancelledError:
                if self._request is request:
                    self._request = None
                raise
            except Exception as error:  # noqa: BLE001 whatever it is, a person has to see it
                self._request = None
                self.show_error(str(error) or type(error).__name__)
                self.post_message(LoadFailed(self, error))
                return
            changed = self._rows.accept(request, rows)
            self._request = request = self._next_request()
            self._repaint(changed)

    def _next_request(self) -> Request | None:
        top = self._top
        return self._rows.next_request(self._keys, top, top + self._height, forward=self._forward)

    # Painting

    def _look_of(self, index: int, key: int) -> int:
        """Return how the row looks, a sum of CURSOR, MARKED and FOCUSED."""
        return 0

    def _repaint(self, keys: Iterable[int]) -> None:
        """Draw rows anew of which the content, not only the look, has changed."""
        changed = set(keys)
        for key in changed:
            row = self._rows.get(key)
            if row is not None:
                # The same revision may look different: an age, a count of recalls.
                for look in _LOOKS:
                    self._strips.discard((key, row.revision, look))
        top = self._top
        lines = [y for y in range(top, top + self._height) if y < len(self._keys)]
        stale = [y for y in lines if self._keys[y] in changed]
        if len(stale) > len(lines) // 2:
            self._refresh_rows()
        else:
            for y in stale:
                self.refresh_line(y)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the strips of these lines.

        Textual's way composes each line anew with border, padding and effects, and so renders it
        anew on every scroll. Where nothing of the kind is asked for, ours go out as they are.
        """
        # Without the column of the scrollbar, which is painted over the widget.
        size = self.scrollable_content_region.size
        if size != self._drawn_size:
            if size.width != self._drawn_size.width:
                self._strips.clear()
            self._drawn_size, self._message = size, None
        styles = self.styles
        if (
            crop.column_span != (0, self.size.width)
            or styles.gutter.totals != (0, 0)
            or self.opacity != 1.0
            or styles.text_opacity != 1.0
            or styles.tint.a
            or styles.has_rule("hatch")
            or styles.has_rule("outline_left")
        ):
            return super().render_lines(crop)
        strips = [self.render_line(y) for y in crop.line_range]
        if filters := self.get_line_filters():
            background = self.background_colors[1]
            for line_filter in filters:
                strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """Return one line of the view, `y` counted from its top."""
        width = self._drawn_size.width
        styles = self._styles_of(0)
        if self._error_text is not None:
            error = self.get_component_rich_style("virtual-list--error")
            return line_strip(self._message_line("✖ " + self._error_text, y), width, error)
        if not self._are_keys_known:
            return line_strip(skeleton_line(y, width), width, styles.muted)
        if not len(self._keys):
            return line_strip(self._message_line(self._empty_text, y), width, styles.muted)
        index = self._top + y
        if index >= len(self._keys):
            return Strip.blank(width, styles.text)
        return self._row_strip(index, self._keys[index], width)

    def _row_strip(self, index: int, key: int, width: int) -> Strip:
        look = self._look_of(index, key)
        row = self._rows.get(key)
        is_cursor, marked = bool(look & CURSOR), bool(look & MARKED)
        if row is None:
            styles = self._styles_of(look)
            gone = self._rows.is_gone(key)
            text = "no longer there" if gone else skeleton_line(index, width)[GUTTER:]
            lead = gutter(styles, marked=marked, is_cursor=is_cursor)
            return strip_of([lead, Segment(text, styles.muted)], width, styles.text)
        cached = self._strips.get((key, row.revision, look))
        if cached is not None:
            return cached
        styles = self._styles_of(look)
        lead = gutter(styles, marked=marked, is_cursor=is_cursor)
        rest = self.render_row(
            row, width - GUTTER, marked=marked, is_cursor=is_cursor, styles=styles
        )
        strip = strip_of([lead, *rest], width, styles.text)
        self._strips[(key, row.revision, look)] = strip
        return strip

    def _message_line(self, text: str, y: int) -> str:
        if self._message is None:
            self._message = message_lines(text, *self._drawn_size)
        return self._message[y] if y < len(self._message) else ""

    def _styles_of(self, look: int) -> RowStyles:
        if (styles := self._styles_of_look.get(look)) is not None:
            return styles
        part = self.get_component_rich_style
        text = part("virtual-list--row")
        if look & MARKED:
            text += part("virtual-list--marked", partial=True)
        if look & CURSOR:
            # One colour on the cursor's line: its background decides what can be read.
            text += part("virtual-list--cursor", partial=True)
        if look & CURSOR and look & FOCUSED:
            styles = RowStyles(text, text, text)
        else:
            muted = part("virtual-list--muted", partial=True)
            accent = part("virtual-list--accent", partial=True)
            styles = RowStyles(text, text + muted, text + accent)
        self._styles_of_look[look] = styles
        return styles

    def notify_style_update(self) -> None:
        """Forget what was drawn in the old colours."""
        self._styles_of_look.clear()
        self._strips.clear()
        super().notify_style_update()

    # Scrolling

    @property
    def _top(self) -> int:
        """Index of the row on the first line."""
        return round(self.scroll_y)

    @property
    def _height(self) -> int:
        """Rows that can be seen."""
        return self.size.height

    def on_resize(self, event: events.Resize) -> None:
        """Fetch for a view that may have grown."""
        self._load_rows()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Repaint the lines; the scrollbar only when its thumb would look different."""
        if round(old_value) == round(new_value):
            return
        self._forward = new_value > old_value
        if self.show_vertical_scrollbar:
            self._place_thumb(new_value)
        self._refresh_rows()
        self._load_rows()

    def _refresh_rows(self) -> None:
        """Paint all lines again, but neither scrollbar nor border."""
        self.refresh(self.scrollable_content_region.reset_offset)

    def _place_thumb(self, position: float) -> None:
        """Tell the scrollbar where it stands.

        It draws in eighths of a cell: in a list of 100,000 rows nothing is to be seen of a step,
        but Textual would compose all of its segments for each.
        """
        bar = self.vertical_scrollbar
        window, total = self._height, len(self._keys)
        thumb = max(1.0, window * window / max(total, 1))
        eighth = int((window - thumb) * position / max(total - window, 1) * 8)
        if eighth == self._thumb:
            bar.set_reactive(ScrollBar.position, position)
        else:
            self._thumb = eighth
            bar.position = position

    def _set_extent(self, top: int) -> None:
        """Scroll over as many lines as there are keys, from `top` on, in one repaint."""
        # Assigning `virtual_size` would lay out the whole screen; only the scrollbar is concerned.
        self.set_reactive(Widget.virtual_size, Size(self.size.width, len(self._keys)))
        top = max(0, min(top, len(self._keys) - self._height))
        self.set_reactive(Widget.scroll_y, float(top))
        self.set_reactive(Widget.scroll_target_y, float(top))
        self._thumb = -1
        if self.is_attached:
            self._scroll_update(self.virtual_size)
            if self.show_vertical_scrollbar:
                self._place_thumb(top)
        self._refresh_rows()
