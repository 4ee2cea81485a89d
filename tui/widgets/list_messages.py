"""What a `VirtualList` tells the screen; handlers are named `on_virtual_list_…`."""

from __future__ import annotations

from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget

__all__ = ["ContextRequested", "CursorMoved", "ListMessage", "LoadFailed", "MarksChanged", "Opened"]


class ListMessage(Message, namespace="virtual_list"):
    """A message of one list; `@on(…, "#id")` selects by it."""

    def __init__(self, virtual_list: Widget) -> None:
        super().__init__()
        self.virtual_list = virtual_list

    @property
    def control(self) -> Widget:
        """The list that sent it."""
        return self.virtual_list


class CursorMoved(ListMessage, namespace="virtual_list"):
    """The cursor stands on another row, or (`key` None) the list has become empty."""

    def __init__(self, virtual_list: Widget, key: int | None) -> None:
        super().__init__(virtual_list)
        self.key = key

    def can_replace(self, message: Message) -> bool:
        """Only the last of several moves in a row is worth handling."""
        return isinstance(message, CursorMoved) and message.virtual_list is self.virtual_list


class MarksChanged(ListMessage, namespace="virtual_list"):
    """Other rows are marked now, `count` of them."""

    def __init__(self, virtual_list: Widget, count: int) -> None:
        super().__init__(virtual_list)
        self.count = count


class Opened(ListMessage, namespace="virtual_list"):
    """A row was opened, by key or double click."""

    def __init__(self, virtual_list: Widget, key: int) -> None:
        super().__init__(virtual_list)
        self.key = key


class ContextRequested(ListMessage, namespace="virtual_list"):
    """The acts of a row were asked for; `at` is where on the screen."""

    def __init__(self, virtual_list: Widget, key: int, at: Offset) -> None:
        super().__init__(virtual_list)
        self.key = key
        self.at = at


class LoadFailed(ListMessage, namespace="virtual_list"):
    """Rows could not be fetched; the list already shows the error's sentence."""

    def __init__(self, virtual_list: Widget, error: Exception) -> None:
        super().__init__(virtual_list)
        self.error = error
