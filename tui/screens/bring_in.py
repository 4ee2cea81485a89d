"""Bringing in what is on this machine: found, counted, chosen, taken in one undoable act a file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from backend.types import Actor, Bot, BoternityError, Invalid
from tui.screens.dialogs import Answer, Answers, Dialog, Explanation
from tui.screens.found_files import MAX_BYTES, Found, find_memory_files
from tui.widgets.safe_text import safe_cell, safe_line
from tui.words import counted

if TYPE_CHECKING:
    from backend import Backend
    from tui.app import BoternityApp

SEARCH_SECONDS = 3.0
"""The search ends here with what it has: a folder on a network may never answer."""
_COUNT_WIDTH = 13
_NO_QUEUE = "They are taken in at once, for the review queue is not built yet; z takes them back."


@dataclass(slots=True)
class _Line:
    """A file of the list: how many facts it has, or why it has none to give."""

    found: Found
    facts: int = 0
    known: int = 0
    why_not: str = ""
    chosen: bool = False


async def search(start: Path, home: Path, *, seconds: float = SEARCH_SECONDS) -> list[Found]:
    """Return the memory files of this machine, those found until the time was over."""
    found: list[Found] = []
    stop = Event()

    done, loop = asyncio.Event(), asyncio.get_running_loop()

    def look() -> None:
        for file in find_memory_files(start, home, stopped=stop.is_set):
            found.append(file)
        with suppress(RuntimeError):  # the program ended first
            loop.call_soon_threadsafe(done.set)

    # A thread of our own and not the loop's pool: the program can end while it hangs on a disk.
    Thread(target=look, daemon=True, name="look for memories").start()
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await done.wait()
    stop.set()
    return list(found)


class BringIn(Dialog[int]):
    """Offers the files for one bot; returns how many facts were taken in, 0 for none."""

    SIZE = "-page"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "leave", show=False),
        Binding("enter", "take_in", "take in", show=False),
        Binding("space", "toggle_file", "choose", show=False),
        Binding("asterisk", "all(True)", "all", show=False),
        Binding("minus", "all(False)", "none", show=False),
        Binding("j,down", "move('cursor_down')", show=False),
        Binding("k,up", "move('cursor_up')", show=False),
    ]

    def __init__(self, bot: Bot, *, start: Path | None = None, home: Path | None = None) -> None:
        """Offer files to `bot`; `start` and `home` are this process's own unless given."""
        super().__init__(f"Bring in memories for {bot.name}")
        self._bot = bot
        self._start = start or Path.cwd()
        self._home = home or Path.home()
        self._lines: list[_Line] = []
        self._is_busy = False

    def compose_body(self) -> Iterable[Widget]:
        # Nothing takes the focus: Enter is always "take in", and only a click selects in the list.
        files = OptionList(id="files", markup=False, compact=True)
        files.can_focus = False
        yield files
        yield Explanation("Looking…")
        answers = (
            ("⏎", "take in", "take"),
            ("space", "choose", "toggle"),
            ("esc", "leave", "leave"),
        )
        with Answers():
            for key, words, name in answers:
                answer = Answer(key, words, id=name)
                answer.can_focus = False
                yield answer

    def on_mount(self) -> None:
        """Look at once."""
        self._look()

    @property
    def _files(self) -> OptionList:
        return self.query_one(OptionList)

    @work(exclusive=True, group="bring in", exit_on_error=False)
    async def _look(self) -> None:
        for found in await search(self._start, self._home):
            line = await self._counted(found)
            self._lines.append(line)
            self._files.add_option(Option(self._prompt(line)))
            if self._files.highlighted is None:
                self._files.highlighted = 0
        self._explain()

    async def _counted(self, found: Found) -> _Line:
        if found.data is None:
            limit = f"larger than {MAX_BYTES // 1024 // 1024} MB or not readable"
            return _Line(found, why_not=f"{limit}: try boternity memory import")
        try:
            report = await self._backend.exchange.import_text(
                self._bot.id,
                found.data,
                name=found.path.name,
                actor=Actor.user(),
                accept=False,
                dry_run=True,
            )
        except Invalid:
            return _Line(found, why_not="not readable yet")
        except BoternityError as error:
            return _Line(found, why_not=str(error))
        return _Line(found, report.added, report.repeated, chosen=report.added > 0)

    @property
    def _app(self) -> BoternityApp:
        return cast("BoternityApp", self.app)

    @property
    def _backend(self) -> Backend:
        return self._app.backend

    def _prompt(self, line: _Line) -> Content:
        mark = "–" if line.why_not else "✓" if line.chosen else " "
        if line.why_not:
            count = "not yet"
        elif line.facts or not line.known:
            count = counted(line.facts, "fact")
        else:
            count = "all known"
        return Content.assemble(
            (mark, "bold $accent"),
            " ",
            (safe_cell(count, _COUNT_WIDTH), "" if line.chosen else "$text-muted"),
            safe_line(line.found.where, 200),
        )

    def _explain(self) -> None:
        chosen = [line for line in self._lines if line.chosen]
        if not self._lines:
            words = "Nothing was found: esc opens the dashboard, a writes the first memory there."
        elif not chosen:
            words = "Nothing is chosen: space chooses a file."
        else:
            facts = counted(sum(line.facts for line in chosen), "fact")
            words = f"{facts} of {counted(len(chosen), 'file')}. {_NO_QUEUE}"
        current = self._current()
        if current is not None and current.why_not:
            words = f"{current.found.path.name}: {current.why_not}."
        self.query_one(Explanation).say(None, hint=words)

    def _current(self) -> _Line | None:
        index = self._files.highlighted
        return self._lines[index] if index is not None and index < len(self._lines) else None

    def on_option_list_option_highlighted(self) -> None:
        """Say what is with the file under the cursor."""
        if not self._is_busy:
            self._explain()

    def on_option_list_option_selected(self) -> None:
        """A click chooses a file, or not."""
        self.action_toggle_file()

    def on_answer_pressed(self, event: Answer.Pressed) -> None:
        """Take a click."""
        match event.answer.id:
            case "take":
                self.action_take_in()
            case "toggle":
                self.action_toggle_file()
            case _:
                self.action_leave()

    def action_toggle_file(self) -> None:
        """Choose the file under the cursor, or not."""
        line = self._current()
        if line is not None and not line.why_not and not self._is_busy:
            line.chosen = not line.chosen
            self._redraw()

    def action_all(self, chosen: bool) -> None:
        """Choose every file that can be read, or none."""
        for line in self._lines:
            line.chosen = chosen and not line.why_not
        self._redraw()

    def action_move(self, action: str) -> None:
        """Move in the list."""
        getattr(self._files, f"action_{action}")()

    def action_leave(self) -> None:
        """Take nothing; while files are being taken in, wait for the end."""
        if not self._is_busy:
            self.dismiss(0)

    def _redraw(self) -> None:
        for index, line in enumerate(self._lines):
            self._files.replace_option_prompt_at_index(index, self._prompt(line))
        self._explain()

    @work(exclusive=True, group="bring in", exit_on_error=False)
    async def action_take_in(self) -> None:
        """Take in every chosen file, each as one act."""
        chosen = [line for line in self._lines if line.chosen]
        if not chosen or self._is_busy:
            return
        self._is_busy = True
        try:
            taken = await self._import_all(chosen)
        except BoternityError as error:
            self.query_one(Explanation).say(f"{error} What came before it was taken in.")
        else:
            self.dismiss(taken)
        finally:
            self._is_busy = False

    async def _import_all(self, chosen: list[_Line]) -> int:
        taken = 0
        for number, line in enumerate(chosen, start=1):
            where = safe_line(line.found.where, 60)
            self.query_one(Explanation).say(None, hint=f"{number} of {len(chosen)}: {where}")
            report = await self._backend.exchange.import_text(
                self._bot.id,
                line.found.data or b"",
                name=line.found.path.name,
                actor=Actor.user(),
                accept=True,
            )
            line.chosen = False  # a second Enter after an error goes on where it stopped
            taken += report.added
        return taken
