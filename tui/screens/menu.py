"""The acts of a row, where it was clicked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset, clamp
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.keys import Key
from tui.screens.dialogs import Dialog
from tui.widgets.safe_text import safe_cell

_KEY_WIDTH = 4
_FRAME = 6
"""Border and padding, both sides."""


class Menu(Dialog["str | None"]):
    """Returns the id of the chosen key, or None; each act's own key chooses it too."""

    SIZE = "-menu"
    CLICK_AWAY = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "leave", show=False),
        Binding("j", "move('cursor_down')", show=False),
        Binding("k", "move('cursor_up')", show=False),
    ]

    def __init__(self, title: str, keys: Sequence[Key], at: Offset) -> None:
        super().__init__(title)
        self._keys = tuple(keys)
        self._at = at
        self._shown: dict[str, str] = {}

    def compose_body(self) -> ComposeResult:
        yield OptionList(id="acts", markup=False, compact=True)

    def on_mount(self) -> None:
        """Show the acts beside the pointer, as far as the screen has room."""
        self._shown = self._keys_in_use()
        options = self.query_one(OptionList)
        options.add_options(Option(self._line(key), id=key.id) for key in self._keys)
        options.highlighted = 0
        options.focus()
        self._place()

    def on_resize(self) -> None:
        """Stay on the screen."""
        self._place()

    def on_key(self, event: events.Key) -> None:
        """Choose an act by its own key."""
        for key in self._keys:
            if event.key in self._shown[key.id].split(","):
                event.stop()
                self.dismiss(key.id)
                return

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return the act."""
        self.dismiss(event.option_id)

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)

    def action_move(self, action: str) -> None:
        """Move in the list."""
        getattr(self.query_one(OptionList), f"action_{action}")()

    def _keys_in_use(self) -> dict[str, str]:
        """Return id → keys as the person's keymap has them on the screen below."""
        used = {key.id: key.key for key in self._keys}
        below = self.app.screen_stack[-2].active_bindings.values()
        mapped: dict[str, list[str]] = {}
        for bound in below:
            if bound.binding.id in used:
                mapped.setdefault(bound.binding.id, []).append(bound.binding.key)
        return used | {key_id: ",".join(keys) for key_id, keys in mapped.items()}

    def _line(self, key: Key) -> Content:
        first = self._shown[key.id].split(",")[0]
        shown = self.app.get_key_display(Binding(first, ""))
        return Content.from_markup(
            "[bold $accent]$key[/] $label",
            key=safe_cell(shown, _KEY_WIDTH),
            label=key.label,
        )

    def _place(self) -> None:
        box = self.query_one(".dialog")
        width = max((len(key.label) for key in self._keys), default=0) + _KEY_WIDTH + 1 + _FRAME
        width = max(width, len(self._title) + 2 + _FRAME)
        height = len(self._keys) + 2
        box.styles.width = width
        box.styles.offset = (
            clamp(self._at.x, 0, max(0, self.size.width - width)),
            clamp(self._at.y, 0, max(0, self.size.height - height)),
        )
