"""Small questions: yes or no, one line, and a notice. All text given to them is data.

A dialog is one box with its title in the border and its keys on the last line. Nothing that
cannot be undone happens by Enter: `Confirm` has its focus on No, and only its own key says yes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar, Generic

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen, ScreenResultType
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.screens.form_fields import LineField
from tui.themes import STYLES
from tui.widgets.safe_text import safe_line, safe_text

_TITLE_WIDTH = 44
_ANSWER_WIDTH = 26
"""Cells of an answer's words: two of them fit a dialog at 60 columns."""


class Dialog(ModalScreen[ScreenResultType], Generic[ScreenResultType]):
    """A titled box over the screen; subclasses give its content and its size as a class."""

    CSS_PATH = STYLES / "dialogs.tcss"
    SIZE: ClassVar[str] = "-question"
    CLICK_AWAY: ClassVar[bool] = False
    """Whether a click beside the box closes it; not where something can be lost."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        with Vertical(classes=f"dialog {self.SIZE}") as box:
            box.border_title = Content(f" {safe_line(self._title, _TITLE_WIDTH)} ")
            yield from self.compose_body()

    def compose_body(self) -> Iterable[Widget]:
        """Yield what stands in the box."""
        yield from ()

    def on_click(self, event: events.Click) -> None:
        """Close at a click beside the box, where that is safe."""
        box = self.query_one(".dialog").region
        if self.CLICK_AWAY and not box.contains(event.screen_x, event.screen_y):
            self.dismiss(None)


class Answer(Static, can_focus=True):
    """A key and what it does, at the foot of a dialog; a click or Enter on it does the same."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "press", "do it", show=False)]

    class Pressed(Message):
        """The answer was given by mouse, or by Enter while it had the focus."""

        def __init__(self, answer: Answer) -> None:
            super().__init__()
            self.answer = answer

        @property
        def control(self) -> Answer:
            """The answer itself."""
            return self.answer

    def __init__(self, key: str, words: str, *, id: str) -> None:
        super().__init__(
            Content.from_markup(
                "[bold $accent]$key[/] $words", key=key, words=safe_line(words, _ANSWER_WIDTH)
            ),
            id=id,
            classes="answer",
        )

    def on_click(self) -> None:
        """Give the answer."""
        self.action_press()

    def action_press(self) -> None:
        """Give the answer."""
        self.post_message(self.Pressed(self))


class Answers(Widget):
    """The row at the foot of a dialog."""

    DEFAULT_CSS = "Answers { layout: horizontal; height: 1; width: 100%; }"


class Confirm(Dialog[bool]):
    """Asks before an act. Only `key` or a click on it says yes; Enter, n and Escape say no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n,enter", "answer(False)", "no", show=False),
        Binding("down,j", "scroll_text(1)", show=False),
        Binding("up,k", "scroll_text(-1)", show=False),
    ]

    def __init__(self, title: str, text: str, *, verb: str, key: str = "y") -> None:
        """Make a question; `verb` names the act and what it takes ("forget 3 memories")."""
        super().__init__(title)
        self._text, self._verb, self._key = text, verb, key
        if key in ("enter", "escape", "n"):
            raise ValueError(f"{key} says no in every question: choose another key")

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="words", can_focus=False):
            yield Static(Content(safe_text(self._text)))
        with Answers():
            yield Answer("n", "no, leave it", id="no")
            yes = Answer(self._key, self._verb, id="yes")
            yes.can_focus = False  # Enter must never reach it
            yield yes

    def on_mount(self) -> None:
        """Stand on No."""
        self.query_one("#no").focus()

    def on_answer_pressed(self, event: Answer.Pressed) -> None:
        """Take a click."""
        self.dismiss(event.answer.id == "yes")

    def on_key(self, event: events.Key) -> None:
        """Take the one key that says yes."""
        if event.key == self._key:
            event.stop()
            self.dismiss(True)

    def action_answer(self, yes: bool) -> None:
        """Take a key."""
        self.dismiss(yes)

    def action_scroll_text(self, by: int) -> None:
        """Move a text that is longer than the box."""
        self.query_one(".words").scroll_relative(y=by, animate=False)


class Prompt(Dialog["str | None"]):
    """Asks for one line; returns it, or None when left with Escape.

    `check` returns why the line cannot be taken, as a sentence, or None. It runs at every change;
    its sentence shows once something was typed, and Enter is refused as long as there is one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False),
    ]

    def __init__(
        self,
        title: str,
        *,
        value: str = "",
        hint: str = "",
        check: Callable[[str], str | None] | None = None,
    ) -> None:
        super().__init__(title)
        self._value, self._hint, self._check = value, hint, check

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="line-box"):
            yield LineField(self._value, id="line")
        yield Explanation(self._hint)
        with Answers():
            yield Answer("⏎", "take it", id="take")
            yield Answer("esc", "leave", id="leave")

    def on_mount(self) -> None:
        """Stand at the end of the line."""
        line = self.query_one(LineField)
        line.focus()
        line.cursor_position = len(line.value)

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Say at once what cannot be taken."""
        self.query_one(Explanation).say(self._problem())

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """Take the line."""
        self._take()

    def on_answer_pressed(self, event: Answer.Pressed) -> None:
        """Take a click."""
        if event.answer.id == "take":
            self._take()
        else:
            self.dismiss(None)

    def action_leave(self) -> None:
        """Take nothing."""
        self.dismiss(None)

    def _problem(self) -> str | None:
        return self._check(self.query_one(LineField).text) if self._check else None

    def _take(self) -> None:
        problem = self._problem()
        self.query_one(Explanation).say(problem)
        if problem is None:
            self.dismiss(self.query_one(LineField).text)


class Explanation(Static):
    """The line of a form that explains, or says why the form cannot be taken yet."""

    def __init__(self, hint: str) -> None:
        super().__init__(classes="message")
        self._hint = hint

    def on_mount(self) -> None:
        """Begin with the hint."""
        self.say(None)

    def say(self, problem: str | None, *, hint: str | None = None) -> None:
        """Show a problem, or without one the hint; `hint` becomes the new one."""
        self._hint = self._hint if hint is None else hint
        self.set_class(problem is not None, "-refused")
        self.update(Content(safe_text(f"✖ {problem}" if problem else self._hint)))


class Notice(Dialog[None]):
    """Says something that needs more room than a toast."""

    SIZE = "-page"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "leave", "close", show=False),
        Binding("down,j", "scroll_text(1)", show=False),
        Binding("up,k", "scroll_text(-1)", show=False),
    ]

    def __init__(self, title: str, content: Content) -> None:
        """Make a notice; foreign text in `content` must have been made safe."""
        super().__init__(title)
        self._content = content

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="words", can_focus=False):
            yield Static(self._content)
        with Answers():
            yield Answer("esc", "close", id="close")

    def on_mount(self) -> None:
        """Stand on the only answer."""
        self.query_one("#close").focus()

    def on_answer_pressed(self) -> None:
        """Take a click."""
        self.dismiss(None)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_scroll_text(self, by: int) -> None:
        """Move a text that is longer than the box."""
        self.query_one(".words").scroll_relative(y=by, animate=False)
