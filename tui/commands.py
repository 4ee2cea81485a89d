"""The command palette: acts, bots, memories, settings and saved filters.

Labels are `Content`, for Textual reads text as markup. A hit that fails shows its sentence as a
toast; Textual would end the program.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from backend.types import BoternityError, ConfigError, ConfigLine, InvalidFilter, MemorySort
from tui.keys import APP, LIST, MEMORIES, SCREEN
from tui.screens.dialogs import Prompt
from tui.screens.picker import closeness, fuzzy, highlighted
from tui.themes import STYLES, THEMES
from tui.widgets.safe_text import safe_cell, safe_line
from tui.words import counted

if TYPE_CHECKING:
    from backend import Backend
    from tui.app import BoternityApp

MAX_MEMORIES = 20
"""Memories among the hits; the filter line is the place for more."""
_LABEL_WIDTH = 120
_KIND_WIDTH = 10
_ELSEWHERE = 0.3
"""Score where the words stand in the explanation and not in the label."""
_NO_QUERY = 2
"""A memory is searched for from this many letters on."""

Command = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something the palette can do. `kind` stands before the label, `detail` muted behind it."""

    kind: str
    label: str
    detail: str
    command: Command


class Entries(Provider):
    """A provider of entries: matches by letters, shows them as data, and survives failures."""

    WEIGHT: ClassVar[float] = 1.0
    """Ranks kinds among each other where letters match equally well."""
    IS_SHOWN_FIRST: ClassVar[bool] = False
    """Whether the entries are listed before anything is typed."""

    @abstractmethod
    async def entries(self, query: str) -> Iterable[Entry]:
        """Return what could match; `query` is "" before anything is typed."""

    @property
    def boternity(self) -> BoternityApp:
        """The app, by its own type."""
        return cast("BoternityApp", self.app)

    @property
    def backend(self) -> Backend:
        """The home that the dashboard shows."""
        return self.boternity.backend

    async def discover(self) -> Hits:
        """Yield what is worth seeing before a letter is typed."""
        if not self.IS_SHOWN_FIRST:
            return
        for entry in await self._safely(""):
            yield DiscoveryHit(_shown(entry, ()), self._command(entry), text=entry.label)

    async def search(self, query: str) -> Hits:
        """Yield the entries that the letters fit."""
        for entry in await self._safely(query):
            label = safe_line(entry.label, _LABEL_WIDTH)
            places = _words_in(query, label)
            score = closeness(places) if places else _ELSEWHERE
            if places is None and _words_in(query, f"{entry.kind} {label} {entry.detail}") is None:
                continue
            shown = _shown(entry, places or ())
            yield Hit(score * self.WEIGHT, shown, self._command(entry), text=entry.label)

    async def _safely(self, query: str) -> list[Entry]:
        try:
            return list(await self.entries(query))
        except BoternityError as error:
            self.boternity.tell(str(error), failed=True)
            return []

    def _command(self, entry: Entry) -> Command:
        async def run() -> None:
            try:
                await entry.command()
            except BoternityError as error:
                self.boternity.tell(str(error), failed=True)

        return run


def _words_in(query: str, text: str) -> tuple[int, ...] | None:
    """Return where the words of `query` stand in `text`; None when one of them does not.

    Whole pieces and not scattered letters, as in the picker: in a sentence those are everywhere.
    """
    places: list[int] = []
    for word in query.split():
        found = fuzzy(word, text)
        if found is None or found[-1] - found[0] >= len(found):
            return None
        places.extend(found)
    return tuple(sorted(set(places)))


def _shown(entry: Entry, places: tuple[int, ...]) -> Content:
    label = highlighted(safe_line(entry.label, _LABEL_WIDTH), places)
    kind = (safe_cell(entry.kind, _KIND_WIDTH), "$text-muted")
    detail = (safe_line(entry.detail, _LABEL_WIDTH), "$text-muted")
    return Content.assemble(kind, label, "  ", detail)


class ActProvider(Entries):
    """Every act that a key does here and now, with its key."""

    IS_SHOWN_FIRST = True

    async def entries(self, query: str) -> Iterable[Entry]:
        """Return the active keys of the registry, those of the mode first, moving last."""
        bound = {b.binding.id: b for b in reversed(self.screen.active_bindings.values())}
        found = []
        for key in (*MEMORIES, *APP, *SCREEN, *LIST):
            active = bound.get(key.id)
            if active is not None and active.enabled and key.id != "app.palette":
                shown = self.app.get_key_display(active.binding)
                run = partial(self._run, active.binding.action, active.node)
                found.append(Entry(shown, f"{key.label:<12}", key.help, run))
        return found

    async def _run(self, action: str, node: object) -> None:
        await self.app.run_action(action, cast("BoternityApp", node))


class BotProvider(Entries):
    """The bots, to make one current."""

    WEIGHT = 0.95

    async def entries(self, query: str) -> Iterable[Entry]:
        """Return all bots by name."""
        choose = self.boternity.choose_bot
        found = [Entry("bot", "all bots", "for reading", partial(choose, None))]
        for summary in await self.backend.bots.summaries():
            bot, live = summary.bot, counted(summary.live)
            found.append(Entry("bot", bot.name, live, partial(choose, bot.slug)))
        return found


class MemoryProvider(Entries):
    """The memories that the words find, of the current bot or of all."""

    WEIGHT = 0.8

    async def search(self, query: str) -> Hits:
        """Yield what the store found; it matches words, so letters are not compared again."""
        for number, entry in enumerate(await self._safely(query)):
            score = self.WEIGHT * 0.5 / (1 + number)
            places = _words_in(query, safe_line(entry.label, _LABEL_WIDTH))
            shown = _shown(entry, places or ())
            yield Hit(score, shown, self._command(entry), text=entry.label)

    async def entries(self, query: str) -> Iterable[Entry]:
        """Return the first memories that match; half a filter finds nothing."""
        if len(query) < _NO_QUERY:
            return []
        bot = self.boternity.bot
        memories = self.backend.memories
        try:
            rows = await memories.keys(bot.id if bot else None, query, typing=True)
        except InvalidFilter:
            return []
        return [
            Entry(
                "memory",
                line.fact,
                f"★{line.importance} {line.category}",
                partial(self.boternity.show_memory, line.row, line.bot_id),
            )
            for line in await memories.lines(rows[:MAX_MEMORIES])
        ]


class FilterProvider(Entries):
    """Saved filters, to use one."""

    WEIGHT = 0.95

    async def entries(self, query: str) -> Iterable[Entry]:
        """Return all saved filters by name."""
        use = self.boternity.use_filter
        return [
            Entry("filter", saved.name, saved.text, partial(use, saved.text))
            for saved in await self.backend.workspace.filters()
        ]


class SettingProvider(Entries):
    """Themes, the order of the list, and every setting of the configuration."""

    WEIGHT = 0.9

    async def entries(self, query: str) -> Iterable[Entry]:
        """Return themes and orders as choices, settings as lines that can be changed."""
        found = [
            Entry(
                "theme",
                theme.name,
                _now(theme.name == self.app.theme),
                partial(self._theme, theme.name),
            )
            for theme in THEMES
        ]
        found += [
            Entry("order", f"sort by {order.value}", "", partial(self._sort, order))
            for order in MemorySort
        ]
        for line in self.backend.config.show():
            if not line.key.startswith("keymap"):
                value = line.value if line.value != "" else "nothing"
                words = f"{value} · {line.meaning}"
                found.append(Entry("setting", line.key, words, partial(self._change, line)))
        return found

    async def _theme(self, name: str) -> None:
        self.app.theme = name
        self.backend.config.set("interface.theme", name)

    async def _sort(self, order: MemorySort) -> None:
        from tui.screens.memory import MemoryScreen

        screen = self.boternity.mode_screen
        if isinstance(screen, MemoryScreen):
            screen.sort = order
            screen.load()
        else:
            self.boternity.tell("The order is one of the memory list: press 2 to go there.")

    async def _change(self, line: ConfigLine) -> None:
        """Ask for a new value; a refused one is asked for again, with the reason."""

        def take(text: str | None) -> None:
            if text is None:
                return
            try:
                now = self.backend.config.set(line.key, text)
            except ConfigError as error:
                self._ask(line.key, text, str(error), take)
            else:
                self.boternity.tell(f"{now.key} is {now.value} from the next start on")

        self._ask(line.key, str(line.value), line.meaning, take)

    def _ask(self, key: str, value: str, hint: str, take: Callable[[str | None], None]) -> None:
        self.app.push_screen(Prompt(key, value=value, hint=hint), take)


def _now(is_current: bool) -> str:
    return "now" if is_current else ""


PROVIDERS: tuple[type[Entries], ...] = (
    ActProvider,
    BotProvider,
    MemoryProvider,
    SettingProvider,
    FilterProvider,
)


class Palette(CommandPalette):
    """The palette in the dress of the dialogs."""

    CSS_PATH = STYLES / "dialogs.tcss"

    def __init__(self) -> None:
        super().__init__(PROVIDERS, placeholder="an act, a bot, a memory, a setting, a filter")
