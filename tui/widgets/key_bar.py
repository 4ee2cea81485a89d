"""The bottom line: at most six keys of what has the focus, and help."""

from __future__ import annotations

from textual import events
from textual.app import RenderResult
from textual.binding import ActiveBinding
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from tui.keys import Key, all_keys

MOST = 6
HELP = "app.help"
_PRESS = "press"
_BY_ID: dict[str, Key] = {key.id: key for key in all_keys()}


class KeyBar(Widget):
    """Draws the ranked bindings that are active now; each of them can be clicked."""

    DEFAULT_CSS = "KeyBar { dock: bottom; height: 1; width: 100%; padding: 0 1 0 0; }"

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def render(self) -> RenderResult:
        """Return the keys that fit, best first, and help at the right end."""
        ranked = self._ranked()
        hint = Content("").join(self._hint(bound, key) for bound, key in ranked if key.id == HELP)
        room = self.size.width - hint.cell_length - 1
        line = Content("")
        for bound, key in [pair for pair in ranked if pair[1].id != HELP][:MOST]:
            part = self._hint(bound, key)
            if line.cell_length + part.cell_length > room:
                break
            line += part
        gap = self.size.width - line.cell_length - hint.cell_length - 1
        return line + Content(" " * max(0, gap)) + hint

    def _ranked(self) -> list[tuple[ActiveBinding, Key]]:
        found: dict[str, tuple[ActiveBinding, Key]] = {}
        for bound in self.screen.active_bindings.values():
            key = _BY_ID.get(bound.binding.id or "")
            if key is not None and key.bar and bound.enabled:
                found.setdefault(key.id, (bound, key))
        return sorted(found.values(), key=lambda pair: pair[1].bar)

    def _hint(self, bound: ActiveBinding, key: Key) -> Content:
        hint = Content.from_markup(
            " [bold $accent]$key[/] [$text-muted]$label[/] ",
            key=self.app.get_key_display(bound.binding),
            label=key.label,
        )
        return hint.stylize(Style.from_meta({_PRESS: key.id}))

    async def on_click(self, event: events.Click) -> None:
        """Do what the clicked key does."""
        key_id = event.style.meta.get(_PRESS)
        for bound in self.screen.active_bindings.values():
            if bound.binding.id == key_id and bound.enabled:
                await self.app.run_action(bound.binding.action, bound.node)
                return
