"""Choosing one of a few hundred things by typing a part of its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.screens.dialogs import Dialog
from tui.screens.form_fields import LineField
from tui.widgets.safe_text import safe_cell, safe_line

_WIDEST_LABEL = 32
_MATCH = "bold underline $accent"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: what is returned, what is read, and a few muted words."""

    key: str
    label: str
    detail: str = ""


def fuzzy(query: str, text: str) -> tuple[int, ...] | None:
    """Return where the letters of `query` stand in `text`, in order; None when they do not.

    A part of the text wins over scattered letters. Time grows with the text alone (Textual's own
    matcher tries every combination, which a name of repeated letters turns into minutes).
    """
    query, text = query.casefold(), text.casefold()
    start = text.find(query)
    if start >= 0:
        return tuple(range(start, start + len(query)))
    places: list[int] = []
    for letter in query:
        if letter.isspace():
            continue
        place = text.find(letter, places[-1] + 1 if places else 0)
        if place < 0:
            return None
        places.append(place)
    return tuple(places)


def closeness(places: Sequence[int]) -> float:
    """Return how good a match of `fuzzy` is, in (0, 1]: together and early is better."""
    if not places:
        return 1.0
    spread = places[-1] - places[0] + 1
    return len(places) / spread * (0.5 + 0.5 / (1 + places[0]))


def highlighted(text: str, places: Sequence[int]) -> Content:
    """Return `text` with the matched letters marked."""
    content = Content(text)
    for place in places:
        if place < len(text):
            content = content.stylize(_MATCH, place, place + 1)
    return content


class Picker(Dialog["str | None"]):
    """Type to narrow, arrows to move, Enter or a click to choose; None when left."""

    SIZE = "-list"
    CLICK_AWAY = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False),
        Binding("down,ctrl+n", "move('cursor_down')", show=False),
        Binding("up", "move('cursor_up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], *, current: str | None) -> None:
        super().__init__(title)
        self._choices = tuple(choices)
        self._current = current
        widest = max((len(choice.label) for choice in self._choices), default=0)
        self._label_width = min(_WIDEST_LABEL, widest)

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="line-box"):
            yield LineField(placeholder="type a part of the name", id="line")
        options = OptionList(id="choices", markup=False, compact=True)
        options.can_focus = False
        yield options

    def on_mount(self) -> None:
        """Show everything, on the current one."""
        self._show("")
        self.query_one(LineField).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._show(event.value.strip())

    def on_input_submitted(self) -> None:
        """Choose what is under the cursor."""
        self.query_one(OptionList).action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return the choice; keys stand as numbers, for an id may be any text."""
        if event.option_id is not None:
            self.dismiss(self._choices[int(event.option_id)].key)

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    def action_move(self, action: str) -> None:
        """Move in the list while the line keeps the focus."""
        getattr(self.query_one(OptionList), f"action_{action}")()

    def _show(self, query: str) -> None:
        found = [
            (closeness(places), number, places)
            for number, choice in enumerate(self._choices)
            if (places := fuzzy(query, safe_line(choice.label, self._label_width))) is not None
        ]
        if query:
            found.sort(key=lambda hit: (-hit[0], hit[1]))
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(
            Option(self._line(self._choices[number], places), id=str(number))
            for _, number, places in found
        )
        if not found:
            nothing = Content.from_markup(
                "[$text-muted]Nothing is called “$query”.[/]", query=safe_line(query, 30)
            )
            options.add_option(Option(nothing, disabled=True))
            return
        numbers = [number for _, number, _ in found]
        current = [n for n in numbers if self._choices[n].key == self._current]
        options.highlighted = numbers.index(current[0]) if current and not query else 0

    def _line(self, choice: Choice, places: Sequence[int]) -> Content:
        label = highlighted(safe_cell(choice.label, self._label_width), places)
        mark = "●" if choice.key == self._current else " "
        detail = safe_line(choice.detail, 80)
        return Content.assemble((mark, "$accent"), " ", label, "  ", (detail, "$text-muted"))
