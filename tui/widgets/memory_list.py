"""The list of memories: importance, category, text, age, and how well it fits a search."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from rich.segment import Segment

from backend.types import MemoryLine
from tui.keys import LIST, bindings
from tui.widgets.list_lines import RowStyles
from tui.widgets.safe_text import safe_cell, safe_line
from tui.widgets.virtual_list import VirtualList
from tui.words import CATEGORY, STATUS, age, dots

_AGE = 5
_SCORE = 7
_OWNER = 9
_NARROW = 50


class MemoryList(VirtualList[MemoryLine]):
    """Draws `MemoryLine`s. `set_owners` names whose they are while all bots are shown."""

    BINDINGS = bindings(LIST)

    def __init__(
        self,
        fetch: Callable[[Sequence[int]], Awaitable[Iterable[MemoryLine]]],
        *,
        now: Callable[[], float],
        id: str,
    ) -> None:
        super().__init__(fetch, id=id)
        self._now = now
        self._scores: dict[int, float] = {}
        self._owners: dict[str, str] = {}

    def set_owners(self, owners: dict[str, str]) -> None:
        """Name the bots, by id, in a column of their own; an empty dict shows none."""
        if owners != self._owners:
            self._owners = owners
            self.redraw()

    def set_scores(self, scores: dict[int, float]) -> None:
        """Show how well each row fits, in [0, 1]; an empty dict shows none."""
        if scores != self._scores:
            self._scores = scores
            self.notify_style_update()

    def render_row(
        self, row: MemoryLine, width: int, *, marked: bool, is_cursor: bool, styles: RowStyles
    ) -> Iterable[Segment]:
        """Draw one memory; a narrow list drops what can be read in the detail."""
        text, muted, accent = styles
        state = STATUS[row.status]
        pin = "◆" if row.pinned else " "
        head = f"{pin}★{row.importance} "
        label = safe_cell(state or CATEGORY[row.category], 5)
        score = self._scores.get(row.row)
        tail = safe_cell(age(self._now() - row.created_at / 1e6), _AGE, "right")
        if score is not None and width >= _NARROW:
            tail += safe_cell(dots(score), _SCORE, "right")
        owner = self._owners.get(row.bot_id, "")
        who = safe_cell(safe_line(owner, _OWNER - 1), _OWNER) if self._owners else ""
        beside = len(head) + len(label) + (_OWNER if who else 0) + len(tail)
        room = width - beside - 1
        yield Segment(head, accent if row.importance >= 5 or row.pinned else muted)
        yield Segment(label + who, muted)
        yield Segment(safe_cell(row.fact, max(0, room)), muted if state else text)
        yield Segment(" " + tail, muted)
