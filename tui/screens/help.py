"""Every key of what has the focus, and the filter language where it is at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import ClassVar

from textual.app import RenderResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tui.keymap import character_of
from tui.keys import GROUPS
from tui.screens.dialogs import Dialog
from tui.widgets.safe_text import safe_cell

_KEY_WIDTH = 12
_TWO_COLUMNS = 100
TYPING = "Text"
FILTER = "The filter language"

FILTER_SHEET: tuple[tuple[str, str], ...] = (
    ("dark mode", "words, in any order; the last one may be a beginning"),
    ('"dark mode"', "exactly these words, in this order"),
    ("cat:fact,pref", "category: preference, fact, decision, context, correction"),
    ("imp>=3", "importance, 1 to 5; also = < <= >"),
    ("age>30d", "time since it was written: h, d, w, mo, y"),
    ("created:2026-05", "written in this year, month or on this day; also < >"),
    ("updated>2026", "last changed; reads like created"),
    ("tag:home", "has this tag; tag:home,work is any of them"),
    ("by:user", "who wrote it: user, bot, import, or a name"),
    ("source:CLAUDE.md", "where it came from, any part of it"),
    ("session:4f21", "the beginning of the conversation's id"),
    ("is:pinned", "pinned, live, superseded, merged, deleted, imported, shared, candidate"),
    ("uses>3", "how often agents recalled it"),
    ("seen>1", "how often the same fact came in"),
    ("accessed", "was recalled at least once"),
    ("-accessed", "a minus turns any condition round"),
    ("a or (b c)", "either; without “or” all must hold"),
)
"""Every key of the filter language with an example that parses; a test compares both."""


class KeyTable(Widget):
    """A heading and rows of (key, meaning); meanings wrap beside their keys."""

    def __init__(self, title: str, rows: Sequence[tuple[str, str]], *, key_width: int) -> None:
        super().__init__()
        self.heading, self.rows, self._key_width = title, tuple(rows), key_width

    @property
    def rough_height(self) -> int:
        """Lines when nothing wraps, for balancing columns."""
        return len(self.rows) + 2

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines that the rows need."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """Return heading and rows."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        lines = [Content.from_markup("[bold $text-muted]$title[/]", title=self.heading)]
        for key, meaning in self.rows:
            shown = safe_cell(key, self._key_width)
            for part in wrap(meaning, max(10, width - self._key_width - 1)) or [""]:
                lines.append(Content.from_markup("[$accent]$key[/] $part", key=shown, part=part))
                shown = " " * self._key_width
        return lines


class Help(Dialog[None]):
    """All keys that work where the focus is, by group; `focused` is the widget's id."""

    SIZE = "-page"
    CLICK_AWAY = True
    HORIZONTAL_BREAKPOINTS = [(0, "-one"), (_TWO_COLUMNS, "-two")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "leave", "close", show=False),
        Binding("j,down", "scroll('down')", show=False),
        Binding("k,up", "scroll('up')", show=False),
        Binding("space,ctrl+d,pagedown", "scroll('page_down')", show=False),
        Binding("ctrl+u,pageup", "scroll('page_up')", show=False),
        Binding("g,home", "scroll('home')", show=False),
        Binding("G,end", "scroll('end')", show=False),
    ]

    def __init__(self, active: Sequence[ActiveBinding], focused: str) -> None:
        super().__init__(f"Keys of the {focused.replace('-', ' ')}" if focused else "Keys")
        self._active = tuple(active)
        self._focused = focused

    def compose_body(self) -> Iterable[Widget]:
        left, right = _balanced(self._tables())
        with VerticalScroll(id="help-scroll", can_focus=False), Horizontal(id="help-columns"):
            yield Vertical(*left, classes="help-column")
            yield Vertical(*right, classes="help-column")

    def on_mount(self) -> None:
        """Say in the border how to leave."""
        self.query_one(".dialog").border_subtitle = " j k scroll · esc close "

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_scroll(self, where: str) -> None:
        """Move the page."""
        getattr(self.query_one("#help-scroll"), f"scroll_{where}")(animate=False)

    def _tables(self) -> list[KeyTable]:
        groups = self._grouped()
        tables = [
            KeyTable(title, rows, key_width=_KEY_WIDTH) for title, rows in groups.items() if rows
        ]
        if self._filters():
            width = max(len(example) for example, _ in FILTER_SHEET) + 1
            tables.insert(1, KeyTable(FILTER, FILTER_SHEET, key_width=width))
        return tables

    def _grouped(self) -> dict[str, list[tuple[str, str]]]:
        """Return group → rows, what is nearest to the focus first."""
        group_of = {key.id: title for title, keys in GROUPS.items() for key in keys}
        help_of = {key.id: key.help for keys in GROUPS.values() for key in keys}
        typing = self._is_typing()
        keys: dict[str, list[str]] = {}
        place: dict[str, tuple[str, str]] = {}
        for bound in self._active:
            binding = bound.binding
            registered = binding.id in group_of
            typed = (character_of(binding.key) or "\0").isprintable()
            if binding.system or not binding.description or (typing and typed):
                continue
            name = binding.id if registered and binding.id else binding.description
            keys.setdefault(name, []).append(self.app.get_key_display(binding))
            place[name] = (
                (group_of[name], help_of[name]) if registered else (TYPING, binding.description)
            )
        order = [*reversed(GROUPS), TYPING] if not typing else [TYPING, *reversed(GROUPS)]
        groups: dict[str, list[tuple[str, str]]] = {title: [] for title in order}
        for name, (title, meaning) in place.items():
            groups[title].append((" ".join(dict.fromkeys(keys[name])), meaning))
        return groups

    def _is_typing(self) -> bool:
        """Tell whether letters go into a field."""
        return any(isinstance(bound.node, Input | TextArea) for bound in self._active)

    def _filters(self) -> bool:
        ids = {bound.binding.id for bound in self._active}
        return self._focused == "filter" or "memory.filter" in ids


def _balanced(tables: Sequence[KeyTable]) -> tuple[list[KeyTable], list[KeyTable]]:
    """Return the tables in order, cut where both columns are most alike in height."""
    heights = [table.rough_height for table in tables]
    cuts = range(len(tables) + 1)
    best = min(cuts, key=lambda cut: abs(sum(heights[:cut]) - sum(heights[cut:])))
    return list(tables[:best]), list(tables[best:])
