"""The lines a `VirtualList` draws besides its rows, and how a row becomes a strip."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.widgets.safe_text import safe_cell, safe_line, safe_text

__all__ = ["GUTTER", "RowStyles", "gutter", "message_lines", "skeleton_line", "strip_of"]

GUTTER = 3
"""Cells before each row: cursor, mark, space. Glyphs, so that no colour is needed to see them."""


class RowStyles(NamedTuple):
    """The styles of one row as it looks now (under the cursor, marked, focused or not).

    Three are enough: each further style on a line costs terminal output on every scroll.
    """

    text: Style
    muted: Style
    accent: Style


def gutter(styles: RowStyles, *, marked: bool, is_cursor: bool) -> Segment:
    """Return the `GUTTER` cells that say where the cursor is and what is marked."""
    text = ("▌" if is_cursor else " ") + ("✓ " if marked else "  ")
    return Segment(text, styles.accent if marked or is_cursor else styles.text)


def strip_of(segments: Iterable[Segment], width: int, fill: Style) -> Strip:
    """Return a strip of exactly `width` cells; what is too long ends in "…".

    Neighbours of one style become one segment, for each segment costs an escape sequence.
    """
    joined: list[Segment] = []
    room = width
    for text, style, _ in segments:
        cells = len(text) if text.isascii() else cell_len(text)
        if cells > room:
            text = safe_line(text, room)
            cells = cell_len(text)
        if not text:
            continue
        room -= cells
        if joined and joined[-1].style == style:
            joined[-1] = Segment(joined[-1].text + text, style)
        else:
            joined.append(Segment(text, style))
    if room > 0:
        if joined and joined[-1].style == fill:
            joined[-1] = Segment(joined[-1].text + " " * room, fill)
        else:
            joined.append(Segment(" " * room, fill))
    return Strip(joined, width)


def skeleton_line(index: int, width: int) -> str:
    """Return the outline of a row that is still being read; it does not move."""
    cells = max(0, min(width - GUTTER, width * (3 + index * 7 % 4) // 8))
    return " " * GUTTER + "┄" * cells


def message_lines(text: str, width: int, height: int) -> list[str]:
    """Return `text` wrapped and centred in a pane of `width` x `height` cells."""
    inner = max(1, width - 2 * GUTTER)
    lines = [line for part in safe_text(text).split("\n") for line in wrap(part, inner) or [""]]
    above = max(0, (height - len(lines)) // 3)
    shown = [safe_line(line, inner) for line in lines[: max(1, height)]]
    return [""] * above + [" " * ((width - cell_len(line)) // 2) + line for line in shown]


def line_strip(text: str, width: int, style: Style) -> Strip:
    """Return one line of the list's own words as a strip of `width` cells."""
    return Strip([Segment(safe_cell(text, width), style)], width)
