"""The frame that every mode shares: title line, tabs, the mode's own panes, the bottom line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from tui.keys import SCREEN, bindings
from tui.widgets.key_bar import KeyBar
from tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from backend import Backend
    from tui.app import BoternityApp


class ModeScreen(Screen[None]):
    """A mode: subclasses give `mode`, their panes and what a change of bot or store means."""

    BINDINGS = bindings(SCREEN)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-slim"), (100, "-wide"), (140, "-broad")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]

    def __init__(self, mode: str) -> None:
        super().__init__()
        self.mode = mode

    @property
    def boternity(self) -> BoternityApp:
        """The app, by its own type."""
        return cast("BoternityApp", self.app)

    @property
    def backend(self) -> Backend:
        """The home that this dashboard shows."""
        return self.boternity.backend

    def compose(self) -> ComposeResult:
        yield TopBar(self.mode)
        yield from self.compose_panes()
        yield KeyBar()

    def compose_panes(self) -> ComposeResult:
        """Yield what stands between the tabs and the bottom line; a mode has at least one pane."""
        yield from ()

    async def arrive(self) -> None:
        """Return when there is something to read; the first frame waits for it, but not long."""

    def bot_changed(self) -> None:
        """Show another bot; the app has changed its `bot`."""

    def store_changed(self) -> None:
        """Read again what is on the screen: some program, perhaps this one, wrote to the home."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Let the app say what broke off."""
        self.boternity.on_worker_state_changed(event)

    def time_passed(self) -> None:
        """Draw ages anew; called twice a minute."""

    def place(self) -> dict[str, Any]:
        """Return what the next start needs to open here again, as JSON values by name."""
        return {}

    def step_back(self) -> bool:
        """Take back one step (filter, marks, pane); return False when there is none left."""
        return False

    def action_back(self) -> None:
        """Go one step back; at the end of the steps nothing happens."""
        if self.maximized is not None:
            self.minimize()
        else:
            self.step_back()

    def action_toggle_maximise(self) -> None:
        """Give the pane with the focus the whole screen, or take it back."""
        if self.maximized is not None:
            self.minimize()
            return
        pane = next((w for w in self._focus_path() if w.has_class("pane")), None)
        if pane is not None:
            self.maximize(pane, container=False)

    def _focus_path(self) -> list[Widget]:
        return (
            []
            if self.focused is None
            else [node for node in self.focused.ancestors_with_self if isinstance(node, Widget)]
        )
