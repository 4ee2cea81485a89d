"""The one registry of keys: it feeds bindings, the bottom line, help, the palette and the keymap.

The same key is the same verb on every screen (`VERBS`; `tests/unit/tui/test_keys.py` refuses a
redefinition). A key that changes or reads the store names its command and the façade method that
both call, so that whatever the dashboard does can be scripted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """One act under one key. `bar` ranks it in the bottom line (1 first, 0 not at all)."""

    id: str
    key: str
    action: str
    label: str
    help: str
    bar: int = 0
    command: str = ""
    facade: str = ""

    @property
    def verb(self) -> str:
        """The verb, whatever it acts upon: the last part of the id."""
        return self.id.rpartition(".")[2]

    def binding(self) -> Binding:
        """Return the Textual binding; its id is what a keymap names."""
        return Binding(
            self.key, self.action, self.label, show=self.bar > 0, id=self.id, tooltip=self.help
        )


MODES = (
    ("1", "providers", "Providers"),
    ("2", "memory", "Memory"),
    ("3", "triage", "Triage"),
    ("4", "recall", "Recall"),
    ("5", "sharing", "Sharing"),
    ("6", "files", "Files"),
    ("7", "keys", "Keys"),
    ("8", "history", "History"),
)
"""Digit, mode and title; fixed from the first day, also while some modes are empty."""

APP = (
    *(
        Key(f"go.{mode}", digit, f"mode('{mode}')", title, f"Go to {title}")
        for digit, mode, title in MODES
    ),
    Key(
        "app.bot", "b", "choose_bot", "bot", "Choose the bot, or all of them",
        command="bot list", facade="bots.set_current",
    ),
    Key("app.palette", "ctrl+p", "command_palette", "palette", "Find any act, bot or memory"),
    Key("app.help", "question_mark", "help", "help", "Show every key of what has the focus", bar=9),
    Key(
        "app.undo", "z", "undo", "undo", "Take back your last act, also from before a restart",
        bar=6, command="history undo", facade="history.undo",
    ),
    Key(
        "app.redo", "Z", "redo", "redo", "Do again what you took back last",
        command="history redo", facade="history.redo",
    ),
    Key("app.quit", "q", "back_or_quit", "quit", "Go back, or leave the program"),
    Key("app.leave", "ctrl+q", "quit", "quit now", "Leave the program from anywhere"),
)  # fmt: skip

SCREEN = (
    Key(
        "screen.back",
        "escape",
        "back",
        "back",
        "One step back: filter, marks, pane, screen",
        bar=8,
    ),
    Key("screen.next", "tab", "app.focus_next", "next pane", "Go to the next pane"),
    Key("screen.previous", "shift+tab", "app.focus_previous", "last pane", "Go a pane back"),
    Key("screen.maximise", "plus", "toggle_maximise", "maximise", "Give the pane the whole screen"),
)

LIST = (
    Key("list.down", "j,down", "cursor_down", "down", "One row down"),
    Key("list.up", "k,up", "cursor_up", "up", "One row up"),
    Key("list.top", "g,home", "first", "top", "To the first row"),
    Key("list.bottom", "G,end", "last", "bottom", "To the last row"),
    Key("list.half_down", "ctrl+d", "half_page_down", "half down", "Half a page down"),
    Key("list.half_up", "ctrl+u", "half_page_up", "half up", "Half a page up"),
    Key("list.page_down", "pagedown", "page_down", "page down", "A page down"),
    Key("list.page_up", "pageup", "page_up", "page up", "A page up"),
    Key("list.open", "enter", "open", "open", "Open the row"),
    Key("list.mark", "space", "toggle_mark", "mark", "Mark the row, or take its mark away"),
    Key("list.range", "v", "mark_range", "range", "Mark all rows from here to the cursor"),
    Key("list.all", "asterisk", "mark_all", "mark all", "Mark every row of the list"),
    Key("list.none", "minus", "mark_none", "mark none", "Take all marks away"),
)

MEMORIES = (
    Key(
        "memory.filter", "slash", "filter", "filter", "Filter and search: words cat: imp>= is:",
        bar=5, command="memory list", facade="memories.keys",
    ),
    Key(
        "memory.add", "a", "add", "add", "Write a new memory",
        bar=1, command="memory add", facade="memories.add",
    ),
    Key(
        "memory.edit", "e", "edit", "edit", "Change the memory, or fields of all marked",
        bar=2, command="memory edit", facade="memories.edit",
    ),
    Key(
        "memory.editor", "E", "edit_outside", "$EDITOR", "Change the text in your own editor",
        command="memory edit", facade="memories.edit",
    ),
    Key(
        "memory.delete", "d", "delete", "delete", "Put it into the trash; z takes it back",
        bar=3, command="memory delete", facade="memories.delete",
    ),
    Key(
        "memory.restore", "r", "restore", "restore", "Take it out of the trash (filter is:deleted)",
        command="memory restore", facade="memories.restore",
    ),
    Key(
        "memory.pin", "p", "pin", "pin", "Pin it, or take the pin away: a pin ignores age",
        bar=4, command="memory pin", facade="memories.edit",
    ),
    Key(
        "memory.tag", "number_sign", "tag", "tags", "Add tags, or take them away with a minus",
        command="memory edit", facade="memories.edit",
    ),
    Key(
        "memory.sort", "o", "sort", "sort",
        "Next order: newest, oldest, importance, updated, used, fact",
    ),
    Key("memory.copy", "y", "copy", "copy", "Copy the text of the memory, or of all marked"),
    Key("memory.next", "n", "next_hit", "next hit", "To the next memory that the search found"),
    Key("memory.last", "N", "last_hit", "last hit", "To the one before that the search found"),
    Key("memory.refresh", "R", "refresh", "refresh", "Read the list again"),
    Key("memory.save_filter", "f", "save_filter", "save filter", "Keep this filter under a name",
        facade="workspace.save_filter"),
)  # fmt: skip

GROUPS = {"Everywhere": APP, "Screen": SCREEN, "List": LIST, "Memories": MEMORIES}


def bindings(keys: Iterable[Key]) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Return the Textual bindings of a group."""
    return [key.binding() for key in keys]


def all_keys() -> list[Key]:
    """Return every key of every group."""
    return [key for group in GROUPS.values() for key in group]
