"""The two lines at the top: whose memories, what works in the background, and the tabs."""

from __future__ import annotations

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from tui.keys import MODES
from tui.widgets.safe_text import safe_line

_ACTION = "action"
_FULL_TABS = 100
_FULL_STATUS = 70


class TopBar(Widget):
    """Draws the frame's head. `bot_title` and `status` follow the app; both are untrusted text."""

    DEFAULT_CSS = "TopBar { dock: top; height: 2; width: 100%; }"

    bot_title: reactive[str] = reactive("")
    demo: reactive[bool] = reactive(False)
    status: reactive[tuple[str, str, str]] = reactive(("", "", ""))
    """Glyph, words and colour token of the background work; empty when there is none."""

    def __init__(self, mode: str) -> None:
        super().__init__()
        self._mode = mode

    def on_mount(self) -> None:
        """Follow the app: it knows the bot and the background work."""
        self.demo = bool(getattr(self.app, "demo", False))
        self.watch(self.app, "bot_title", self._take_bot)
        self.watch(self.app, "status", self._take_status)

    def _take_bot(self, title: str) -> None:
        self.bot_title = title

    def _take_status(self, status: tuple[str, str, str]) -> None:
        self.status = status

    async def on_click(self, event: events.Click) -> None:
        """Go where the tab leads, or choose a bot."""
        action = event.style.meta.get(_ACTION)
        if action is not None:
            await self.run_action(action)

    def render(self) -> RenderResult:
        """Return both lines."""
        return self._title() + Content("\n") + self._tabs()

    def _title(self) -> Content:
        width = self.size.width
        bot = Content.from_markup(
            "[b]$bot[/] [$text-muted]▾[/]", bot=safe_line(self.bot_title, max(8, width // 3))
        )
        left = Content.from_markup(" [b $primary]boternity[/]  ")
        left += bot.stylize(Style.from_meta({_ACTION: "app.choose_bot"}))
        if self.demo:
            left += Content.from_markup("  [$warning]demo[/]")
        glyph, words, token = self.status
        right = Content("")
        if glyph:
            shown = glyph if width < _FULL_STATUS else f"{glyph} {words}"
            right = Content.from_markup(f"[{token}]$text[/] ", text=safe_line(shown, width // 2))
        gap = max(1, width - left.cell_length - right.cell_length)
        return left + Content(" " * gap) + right

    def _tabs(self) -> Content:
        tabs = []
        for digit, mode, title in MODES:
            active = mode == self._mode
            named = active or self.size.width >= _FULL_TABS
            style = "b $accent on $panel" if active else "$text-muted"
            label = f" {digit} {title} " if named else f" {digit} "
            tab = Content.assemble((label, style))
            tabs.append(tab.stylize(Style.from_meta({_ACTION: f"app.mode('{mode}')"})))
        return Content("").join(tabs)
