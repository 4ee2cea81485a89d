"""Results on stdout, messages on stderr; whatever a person wrote is made safe for the terminal.

JSON is exact: it carries what is stored, with everything that a terminal acts upon escaped.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import JsonValue
from rich.cells import cell_len

from tui.widgets.safe_text import safe_cell, safe_line, safe_text

_ACTED_UPON = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""DEL, C1, bidi controls, line separators, zero-width characters, tags. C0 JSON escapes itself."""
_GAP = "  "
_LEAST_TEXT = 20
"""Cells that the last column keeps in a terminal too narrow for the others."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its title, how wide it may get, and its side."""

    title: str
    most: int = 40
    align: Literal["left", "right"] = "left"


def json_out(value: JsonValue) -> None:
    """Print one JSON value: on a terminal over lines, else on one."""
    plain = _encoding() in ("utf-8", "utf8")
    text = json.dumps(
        value, ensure_ascii=not plain, allow_nan=False, indent=2 if sys.stdout.isatty() else None
    )
    # Outside of its strings JSON is ASCII, so each of these stands inside one.
    sys.stdout.write(_ACTED_UPON.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n")


def out(text: str) -> None:
    """Print a result; what it holds of foreign text is made safe, its lines stay."""
    sys.stdout.write(_printable(safe_text(text)) + "\n")


def note(text: str) -> None:
    """Say something on stderr that is not the result."""
    sys.stderr.write(f"{safe_text(text)}\n")


def fields(pairs: Sequence[tuple[str, str]]) -> None:
    """Print names and values below each other; empty values are left out."""
    width = max(len(name) for name, _ in pairs)
    for name, value in pairs:
        if value:
            first, *more = safe_text(value).split("\n")
            lines = [f"{name:<{width}}{_GAP}{first}", *(f"{'':<{width}}{_GAP}{m}" for m in more)]
            sys.stdout.write(_printable("\n".join(lines)) + "\n")


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Print rows, aligned, the last column as long as it is; in a pipe a line is a row.

    A terminal gets titles above them, and its width cuts the last column.
    """
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else None
    *fixed, _ = range(len(columns))
    widths = [
        max(
            [len(columns[i].title)]
            + [min(columns[i].most, cell_len(safe_line(row[i], columns[i].most))) for row in rows]
        )
        for i in fixed
    ]
    if terminal:
        sys.stdout.write(_line(columns, [c.title for c in columns], widths, width) + "\n")
    for row in rows:
        sys.stdout.write(_printable(_line(columns, row, widths, width)) + "\n")


def moment(at: datetime) -> str:
    """Return a time of the person's own clock, to the minute."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def day(at: datetime) -> str:
    """Return a day of the person's own calendar."""
    return f"{at.astimezone():%Y-%m-%d}"


def _line(
    columns: Sequence[Column], row: Sequence[str], widths: Sequence[int], width: int | None
) -> str:
    cells = [
        safe_cell(text, size, column.align)
        for column, text, size in zip(columns, row, widths, strict=False)
    ]
    last = None
    if width is not None:
        last = max(_LEAST_TEXT, width - sum(widths) - len(_GAP) * len(widths))
    return _GAP.join([*cells, safe_line(row[-1], last)]).rstrip()


def _encoding() -> str:
    return (sys.stdout.encoding or "ascii").lower()


def _printable(text: str) -> str:
    """Return `text` with what the terminal's encoding lacks as question marks."""
    if _encoding() in ("utf-8", "utf8"):
        return text
    return text.encode(_encoding(), "replace").decode(_encoding())
