"""Fields of the dialogs: a line, a text, and one of several.

What is edited is the safe form of a text (`tui.widgets.editable_text`), for Textual's own fields
send escape sequences to the terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tui.widgets.editable_text import editable, restored


class LineField(Input):
    """One line of foreign text."""

    def __init__(self, text: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(
            editable(text), placeholder=placeholder, id=id, compact=True, select_on_focus=False
        )
        self._original = text

    @property
    def text(self) -> str:
        """What the line means now."""
        return restored(self._original, self.value)

    def _on_paste(self, event: events.Paste) -> None:
        event.text = editable(" ".join(event.text.split()))


class FactField(TextArea):
    """A text of several lines; tab leaves it."""

    def __init__(self, text: str, *, id: str | None = None) -> None:
        super().__init__(
            editable(text, lines=True),
            id=id,
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            highlight_cursor_line=False,
        )
        self._original = text
        self.move_cursor(self.document.end)

    @property
    def fact(self) -> str:
        """What the text means now."""
        return restored(self._original, self.text, lines=True)

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = editable(event.text.replace("\r\n", "\n").replace("\r", "\n"), lines=True)


@dataclass(frozen=True, slots=True)
class Option:
    """A value with its label; typing `key` chooses it, or the next one that shares the key."""

    value: str
    label: str
    key: str


class OneOf(Widget, can_focus=True):
    """Options side by side; where they do not fit, the chosen one between arrows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step('-1')", "the one before", show=False),
        Binding("right,space", "step('1')", "the next one", show=False),
    ]
    DEFAULT_CSS = "OneOf { height: 1; width: 1fr; }"

    chosen: reactive[int] = reactive(0)

    class Changed(Message):
        """Another option is chosen."""

    def __init__(self, options: Sequence[Option], value: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.auto_links = False  # the options have colours of their own
        self._options = tuple(options)
        values = [option.value for option in self._options]
        self.set_reactive(OneOf.chosen, values.index(value) if value in values else 0)

    @property
    def value(self) -> str:
        """The chosen option's value."""
        return self._options[self.chosen].value

    def watch_chosen(self) -> None:
        """Tell the form."""
        self.post_message(self.Changed())

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Draw the cursor, or take it away."""
        self.refresh()

    def render(self) -> RenderResult:
        """Return the options on one line."""
        spread = Content("").join(self._part(index) for index in range(len(self._options)))
        if spread.cell_length <= self.size.width:
            return spread
        before = Content.from_markup("[@click=step('-1')][$text-muted]‹[/][/]")
        after = Content.from_markup("[@click=step('1')][$text-muted]›[/][/]")
        return before + self._part(self.chosen) + after

    def _part(self, index: int) -> Content:
        if index != self.chosen:
            style = "$text-muted"
        elif self.has_focus:
            style = "bold $block-cursor-foreground on $block-cursor-background"
        else:
            style = "bold $accent"
        label = Content(f" {self._options[index].label} ")
        return label.stylize(style).stylize(f"@click=choose({index})")

    def action_step(self, by: str) -> None:
        """Choose the option beside, round the ends."""
        self.chosen = (self.chosen + int(by)) % len(self._options)

    def action_choose(self, index: int) -> None:
        """Choose the clicked option."""
        self.chosen = index
        self.focus()

    def on_key(self, event: events.Key) -> None:
        """Choose by letter."""
        typed = event.character
        matching = [i for i, option in enumerate(self._options) if typed and option.key == typed]
        if matching:
            event.stop()
            self.chosen = next((i for i in matching if i > self.chosen), matching[0])
