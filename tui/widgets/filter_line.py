"""The filter line: what is typed, completions as ghost text, and how many memories match."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.suggester import Suggester
from textual.timer import Timer
from textual.widgets import Input, Static

from tui.widgets.editable_text import editable
from tui.widgets.safe_text import safe_line

Complete = Callable[[str], list[str]]

_REST_SECONDS = 0.3
"""A word that is half typed is no mistake yet."""


class _Completer(Suggester):
    def __init__(self, complete: Complete) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        """Return the line with its last word completed."""
        return next((line for line in self._complete(value) if line != value), None)


class _Line(Input):
    # As in Widget, but a longer text lays out nothing anew: the line has the room that is left.
    virtual_size = Reactive(Size(0, 0))

    def validate_value(self, value: str) -> str:
        """Show what steers a terminal as symbols: a filter may have been pasted."""
        return editable(value)


class _Count(Static):
    virtual_size = Reactive(Size(0, 0))  # likewise: laid out once, not once more for its own size


class FilterLine(Horizontal):
    """An input and, at its right, the count or the refusal."""

    def __init__(self, complete: Complete) -> None:
        super().__init__()
        self._complete = complete
        self._refusal: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static("/", id="filter-mark")
        yield _Line(
            placeholder="words  cat:preference  imp>=3  tag:home  is:pinned",
            suggester=_Completer(self._complete),
            id="filter",
            compact=True,
            select_on_focus=False,
        )
        yield _Count("", id="filter-count", markup=False)

    @property
    def input(self) -> Input:
        """The line itself."""
        return self.query_one("#filter", Input)

    @property
    def value(self) -> str:
        """What is typed."""
        return self.input.value

    @value.setter
    def value(self, text: str) -> None:
        self.input.value = text
        self.input.cursor_position = len(text)

    def accept(self, text: str) -> None:
        """Show how many memories match, and in which order."""
        self._forget_refusal()
        self.remove_class("-refused")
        # Its width is fixed by the stylesheet: another one would lay out the whole screen anew.
        self.query_one("#filter-count", Static).update(Content(safe_line(text)), layout=False)

    def refuse(self, sentence: str) -> None:
        """Show why the line cannot be read, once typing rests; the list stays as it was."""
        self._forget_refusal()
        if self.input.has_focus:
            self._refusal = self.set_timer(_REST_SECONDS, partial(self._show_refusal, sentence))
        else:
            self._show_refusal(sentence)

    def _forget_refusal(self) -> None:
        if self._refusal is not None:
            self._refusal.stop()
            self._refusal = None

    def _show_refusal(self, sentence: str) -> None:
        self.add_class("-refused")
        self.query_one("#filter-count", Static).update(Content(safe_line(sentence)))
