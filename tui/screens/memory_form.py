"""Writing and changing memories: a form for one, and one for all that are marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ScreenResultType
from textual.widget import Widget
from textual.widgets import Input, Label, TextArea

from backend.types import MAX_TAG_LENGTH, MAX_TAGS, MemoryCategory, MemoryChange
from tui.screens.dialogs import Answer, Answers, Confirm, Dialog, Explanation
from tui.screens.form_fields import FactField, LineField, OneOf, Option
from tui.widgets.safe_text import safe_line
from tui.words import counted

_TAG = re.compile(r'"([^"]+)"|([^\s,"]+)')
_AS_IT_IS = "as is"
_CATEGORIES = tuple(Option(word.value, word.value, word.value[0]) for word in MemoryCategory)
_STARS = tuple(Option(str(number), "★" * number, str(number)) for number in range(1, 6))
_LEAVE = Option("", _AS_IT_IS, "-")
# A text area wraps the whole text at every key; beyond this the wait can be felt.
_LONGEST_HERE = 50_000


@dataclass(frozen=True, slots=True)
class FormResult:
    """What a person wrote."""

    fact: str
    category: MemoryCategory
    importance: int
    tags: tuple[str, ...]


def tags_as_line(tags: Sequence[str]) -> str:
    """Return tags as a person writes them: separated by commas, in quotes where they need them."""
    return ", ".join(f'"{tag}"' if re.search(r"[\s,]", tag) else tag for tag in tags)


def tags_of_line(line: str) -> tuple[str, ...]:
    """Return the tags of a line: words, or phrases in quotes, with commas or spaces between."""
    found = ((quoted or word).strip() for quoted, word in _TAG.findall(line))
    return tuple(dict.fromkeys(tag for tag in found if tag))


def tags_problem(tags: Sequence[str]) -> str | None:
    """Return why these cannot be the tags of a memory; None when they can."""
    if len(tags) > MAX_TAGS:
        return f"A memory holds at most {MAX_TAGS} tags; these are {len(tags)}."
    long = next((tag for tag in tags if len(tag) > MAX_TAG_LENGTH), None)
    if long is not None:
        return f"A tag has at most {MAX_TAG_LENGTH} characters; “{long[:20]}…” is longer."
    return None


class Form(Dialog[ScreenResultType], Generic[ScreenResultType]):
    """Fields in a box: Enter goes on, ctrl+s takes it, Escape asks before typed text is lost."""

    SIZE = "-form"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "save", show=False),
        Binding("escape", "leave", "leave", show=False),
        Binding("enter,down", "app.focus_next", "next field", show=False),
        Binding("up", "app.focus_previous", "last field", show=False),
    ]

    def problem(self) -> str | None:
        """Return why the form cannot be taken; None when it can."""
        return None

    def is_changed(self) -> bool:
        """Tell whether something would be lost."""
        return False

    def result(self) -> ScreenResultType | None:
        """Return what the form says."""
        return None

    def look_again(self) -> None:
        """Show the problem there is after a change."""
        self.query_one(Explanation).say(self.problem() if self.is_changed() else None)

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(OneOf.Changed)
    def _changed(self) -> None:
        if self.is_mounted:
            self.look_again()

    @on(Input.Submitted)
    def _go_on(self) -> None:
        self.focus_next()

    @on(Answer.Pressed, "#save")
    def action_save(self) -> None:
        """Take the form, or say why not."""
        problem = self.problem()
        if problem is None:
            self.dismiss(self.result())
            return
        self.query_one(Explanation).say(problem)
        self.app.bell()

    @on(Answer.Pressed, "#leave")
    @work(exclusive=True, exit_on_error=False)
    async def action_leave(self) -> None:
        """Leave; ask first when something was typed."""
        if self.is_changed():
            question = Confirm(
                "Discard what you wrote?", "It is not saved anywhere.", verb="discard it"
            )
            if not await self.app.push_screen_wait(question):
                return
        self.dismiss(None)


def row(label: str, field: Widget) -> Horizontal:
    """Return a field with its label before it."""
    field.add_class("field")
    return Horizontal(Label(label, classes="label", markup=False), field, classes="row")


class MemoryForm(Form["FormResult | None"]):
    """One memory. `check_fact` returns why a text cannot be a memory, or None."""

    def __init__(
        self,
        title: str,
        *,
        fact: str,
        category: MemoryCategory,
        importance: int,
        tags: Sequence[str],
        editing: bool,
        check_fact: Callable[[str], str | None],
        unsaved: bool = False,
    ) -> None:
        super().__init__(title)
        self._unsaved = unsaved  # it comes back from a refusal: leaving would lose it
        self._before = FormResult(fact, category, importance, tuple(tags))
        self._verb = "save" if editing else "add"
        self._check_fact = check_fact
        self._too_long = len(fact) > _LONGEST_HERE

    def compose_body(self) -> Iterable[Widget]:
        before = self._before
        fact = FactField(before.fact[:_LONGEST_HERE], id="fact")
        fact.read_only = self._too_long
        yield fact
        yield row("category", OneOf(_CATEGORIES, before.category.value, id="category"))
        yield row("importance", OneOf(_STARS, str(before.importance), id="importance"))
        line = tags_as_line(before.tags)
        yield row("tags", LineField(line, placeholder="home, work", id="tags"))
        yield Explanation(
            f"Only the first {_LONGEST_HERE:,} characters are shown: change the text with E."
            if self._too_long
            else "One fact, in one sentence."
        )
        with Answers():
            yield Answer(self.app.get_key_display(Binding("ctrl+s", "")), self._verb, id="save")
            yield Answer("esc", "leave", id="leave")

    def on_mount(self) -> None:
        """Begin in the text."""
        self.query_one("#fact").focus()

    def problem(self) -> str | None:
        """Check the text first, then the tags."""
        now = self.result()
        return self._check_fact(now.fact) or tags_problem(now.tags)

    def is_changed(self) -> bool:
        """Compare with what the form began with."""
        return self._unsaved or self.result() != self._before

    def result(self) -> FormResult:
        """Return the memory; what was not touched is exactly as it was."""
        tags = self.query_one("#tags", LineField).text
        unchanged = tags == tags_as_line(self._before.tags)
        return FormResult(
            fact=self._before.fact if self._too_long else self.query_one(FactField).fact,
            category=MemoryCategory(self.query_one("#category", OneOf).value),
            importance=int(self.query_one("#importance", OneOf).value),
            tags=self._before.tags if unchanged else tags_of_line(tags),
        )


class BulkForm(Form["MemoryChange | None"]):
    """Fields of many memories at once; what is left as it is does not change."""

    def __init__(self, count: int) -> None:
        """Make a form for `count` memories."""
        super().__init__(f"Change {counted(count)}")
        self._count = count

    def compose_body(self) -> Iterable[Widget]:
        yield row("category", OneOf((_LEAVE, *_CATEGORIES), "", id="category"))
        yield row("importance", OneOf((_LEAVE, *_STARS), "", id="importance"))
        yield row("add tags", LineField(placeholder="home, work", id="add"))
        yield row("take away", LineField(placeholder="draft", id="remove"))
        yield Explanation(self._preview())
        with Answers():
            keys = self.app.get_key_display(Binding("ctrl+s", ""))
            yield Answer(keys, f"change {counted(self._count)}", id="save")
            yield Answer("esc", "leave", id="leave")

    def on_mount(self) -> None:
        """Begin at the category."""
        self.query_one(".dialog").add_class("-bulk")
        self.query_one("#category").focus()

    def look_again(self) -> None:
        """Show what would change."""
        self.query_one(Explanation).say(self._tags_problem(), hint=self._preview())

    def problem(self) -> str | None:
        """Check the tags, and that there is something to do."""
        nothing = None if self.is_changed() else "Nothing is chosen yet: pick what changes."
        return self._tags_problem() or nothing

    def is_changed(self) -> bool:
        """Tell whether anything is chosen."""
        return self.result() != MemoryChange()

    def result(self) -> MemoryChange:
        """Return the change."""
        category = self.query_one("#category", OneOf).value
        importance = self.query_one("#importance", OneOf).value
        return MemoryChange(
            category=MemoryCategory(category) if category else None,
            importance=int(importance) if importance else None,
            add_tags=tags_of_line(self.query_one("#add", LineField).text),
            remove_tags=tags_of_line(self.query_one("#remove", LineField).text),
        )

    def _tags_problem(self) -> str | None:
        return tags_problem(self.result().add_tags)

    def _preview(self) -> str:
        if not self.is_mounted:
            return "Nothing is chosen yet."
        change = self.result()
        parts = []
        if change.category is not None:
            parts.append(f"category → {change.category.value}")
        if change.importance is not None:
            parts.append(f"importance → {'★' * change.importance}")
        parts += [f"+ {tag}" for tag in change.add_tags]
        parts += [f"− {tag}" for tag in change.remove_tags]
        if not parts:
            return "Nothing is chosen yet."
        return safe_line(f"changes {counted(self._count)}: {', '.join(parts)}", 200)
