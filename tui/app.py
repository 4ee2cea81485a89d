"""The dashboard's application: modes, the current bot, undo, and what other programs did."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from contextlib import suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from backend import Backend
from backend.types import (
    Bot,
    BoternityError,
    BotStatus,
    IndexState,
    IndexStatus,
    NotFound,
    UndoBlocked,
)
from tui.garbage import Housekeeping
from tui.keys import APP, MODES, bindings
from tui.person import PERSON
from tui.screens.mode import ModeScreen
from tui.themes import DEFAULT, STYLES, THEMES, theme_problem
from tui.widgets.safe_text import safe_line
from tui.words import counted, index_words

if TYPE_CHECKING:
    from tui.screens.memory import MemoryScreen

POLL_SECONDS = 0.25
FIRST_FRAME_SECONDS = 0.3
"""How long the first frame waits for facts; on a slower disk it shows the outline of a list."""
ALL_BOTS = "all bots"
_STATE = "dashboard"
_POLLS_A_STATUS = 8
_KEEP_SECONDS = 30.0


def _memory() -> Screen[Any]:
    from tui.screens.memory import MemoryScreen

    return MemoryScreen("memory")


def _coming(mode: str) -> Callable[[], Screen[Any]]:
    def make() -> Screen[Any]:
        from tui.screens.coming import ComingScreen

        return ComingScreen(mode)

    return make


class BoternityApp(App[str]):
    """One dashboard on one home. It exits with "demo" when the person asked for the demo."""

    TITLE = "boternity"
    # With the first screen's own: read later, it would have all of them parsed once more.
    CSS_PATH: ClassVar[list[str | PurePath]] = [STYLES / "app.tcss", STYLES / "memory.tcss"]
    BINDINGS = bindings(APP)
    DEFAULT_MODE = "memory"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        mode: _memory if mode == "memory" else _coming(mode) for _, mode, _ in MODES
    }

    bot_title: reactive[str] = reactive(ALL_BOTS)
    status: reactive[tuple[str, str, str]] = reactive(("", "", ""))

    def __init__(self, backend: Backend, *, demo: bool = False) -> None:
        super().__init__()
        self.backend = backend
        self.demo = demo
        self.bot: Bot | None = None
        self.left: dict[str, Any] = {}
        """What the last session left, and what this one will: by screen."""
        self._counter = self._last_act = -1
        self._polls = 0
        self._index = IndexStatus(state=IndexState.STARTING)
        self._told = ""
        self._housekeeping: Housekeeping | None = None
        for theme in THEMES:
            self.register_theme(theme)
        wanted = backend.settings.interface.theme
        self.theme = wanted if wanted in self.available_themes else DEFAULT

    # Starting and leaving

    async def on_load(self) -> None:
        """Learn where the program was left before its first screen is made."""
        await self._resume()

    async def on_mount(self) -> None:
        """Open where the program was left; the first frame has the first facts already."""
        self._apply_settings()
        mode = self.left.get("mode")
        if mode in self.MODES:
            await self.switch_mode(mode)
        if screen := self.mode_screen:
            with suppress(TimeoutError):
                async with asyncio.timeout(FIRST_FRAME_SECONDS):
                    await screen.arrive()
        self.call_after_refresh(self._settle)

    async def _settle(self) -> None:
        """Begin what can wait until something is on the screen."""
        if not gc.isenabled():
            self._housekeeping = Housekeeping()
        self.set_interval(POLL_SECONDS, self._poll)
        self.set_interval(_KEEP_SECONDS, self._keep_place_if_moved)
        if not self.demo and not await self.backend.bots.summaries():
            from tui.screens.first_run import FirstRun

            self.push_screen(FirstRun())

    async def _resume(self) -> None:
        left = await self.backend.workspace.recall_state(_STATE)
        self.left = left if isinstance(left, dict) else {}
        all_bots = self.left.get("all_bots") is True
        self._set_bot(None if all_bots else await self.backend.bots.current())
        self._counter = await self.backend.change_counter()
        self._last_act = await self.backend.history.last()

    def _apply_settings(self) -> None:
        """Take theme and keymap from the configuration; what cannot be meant is a toast."""
        for problem in self.backend.config.problems_at_open:
            self.tell(problem.sentence, failed=True)
        settings = self.backend.settings
        if unknown := theme_problem(settings.interface.theme):
            self.tell(unknown, failed=True)
        if settings.keymap:
            from tui.keymap import check_keymap

            keymap, problems = check_keymap(settings.keymap)
            self.set_keymap(keymap)
            for sentence in problems:
                self.tell(sentence, failed=True)

    async def keep_place(self) -> None:
        """Remember where the program is, for the next start."""
        screen = self.mode_screen
        if screen is None:
            return
        place = {**self.left, "mode": screen.mode, "all_bots": self.bot is None, **screen.place()}
        if place != self.left:
            self.left = place
            await self.backend.workspace.keep_state(_STATE, place)

    async def _keep_place_if_moved(self) -> None:
        """After a kill the next start is at most this far behind; ages on the screen move on."""
        with suppress(BoternityError):  # the next time, or leaving, tells what is wrong
            await self.keep_place()
        if screen := self.mode_screen:
            screen.time_passed()

    async def action_quit(self) -> None:
        """Leave; the place is kept, and what is still to index is said."""
        try:
            await self.keep_place()
        except BoternityError as error:
            self.log.error(str(error))
        waiting = 0 if self.demo else self._index.pending
        left = f"The index goes on without the dashboard: {counted(waiting)} to go."
        self.exit(message=left if waiting else None)

    async def action_back_or_quit(self) -> None:
        """One step back; from the outermost place out of the program."""
        screen = self.mode_screen
        if screen is None or not screen.step_back():
            await self.action_quit()

    # Where the person is

    @property
    def mode_screen(self) -> ModeScreen | None:
        """The mode under whatever dialog is open."""
        return next((s for s in reversed(self.screen_stack) if isinstance(s, ModeScreen)), None)

    async def action_mode(self, mode: str) -> None:
        """Go to a mode."""
        await self.switch_mode(mode)
        if isinstance(self.screen, ModeScreen):
            self.screen.bot_changed()

    def _set_bot(self, bot: Bot | None) -> None:
        self.bot = bot
        use = "" if bot is None or bot.status is BotStatus.ACTIVE else f" · {bot.status.value}"
        self.bot_title = f"{safe_line(bot.name)}{use}" if bot else ALL_BOTS

    @work(exclusive=True, group="bot", exit_on_error=False)
    async def action_choose_bot(self) -> None:
        """Let the person choose a bot, or all of them."""
        from tui.screens.picker import Choice, Picker

        summaries = await self.backend.bots.summaries()
        choices = [Choice("", ALL_BOTS, "reading only: adding asks for the bot")]
        choices += [
            Choice(s.bot.slug, s.bot.name, f"{counted(s.live)} · {s.bot.status.value}")
            for s in summaries
        ]
        current = self.bot.slug if self.bot else ""
        chosen = await self.push_screen_wait(Picker("Whose memories?", choices, current=current))
        if chosen is not None:
            await self.choose_bot(chosen or None)

    async def choose_bot(self, slug: str | None) -> None:
        """Make a bot current for every program on this home; None shows all bots."""
        if slug is None:
            self._set_bot(None)
        else:
            self._set_bot(await self.backend.bots.set_current(slug))
        if screen := self.mode_screen:
            screen.bot_changed()

    async def show_memory(self, row: int, bot_id: str | None) -> None:
        """Go to one memory in the memory mode, whichever bot has it."""
        if bot_id is not None and (self.bot is None or str(self.bot.id) != bot_id):
            self._set_bot(None)
        (await self._memory_screen()).go_to(row)

    async def use_filter(self, text: str) -> None:
        """Put a filter line into the memory mode."""
        (await self._memory_screen()).use_filter(text)

    async def _memory_screen(self) -> MemoryScreen:
        from tui.screens.memory import MemoryScreen

        await self.action_mode("memory")
        screen = self.screen
        assert isinstance(screen, MemoryScreen)
        return screen

    # What happens to the store

    async def _poll(self) -> None:
        """Notice what any program wrote; an idle home costs one small read."""
        if self._housekeeping is not None:
            self._housekeeping.look()
        try:
            counter = await self.backend.change_counter()
            if counter != self._counter:
                self._counter = counter
                await self._show_acts()
            elif not self._is_time_for_the_index():
                return
            self._index = await self.backend.index.status()
            self.status = index_words(self._index)
        except BoternityError as error:
            self.status = ("✖", safe_line(str(error), 60), "$error")

    async def _show_acts(self) -> None:
        """Tell the screen of new acts; what the index writes about itself is none."""
        last = await self.backend.history.last()
        if last != self._last_act:
            self._last_act = last
            await self._follow_bot()
            if screen := self.mode_screen:
                screen.store_changed()

    async def _follow_bot(self) -> None:
        """Show the bot as any program left it; in place of one that is gone, all of them."""
        if self.bot is None:
            return
        try:
            now = await self.backend.bots.by_id(self.bot.id)
        except NotFound:
            self.tell(f"The bot {self.bot.name} was removed: these are all bots.", failed=True)
            self._set_bot(None)
            return
        if now != self.bot:
            self._set_bot(now)

    def _is_time_for_the_index(self) -> bool:
        """While it works its progress is shown at once; that it died may take two seconds."""
        self._polls = (self._polls + 1) % _POLLS_A_STATUS
        idle = self._index.state is not IndexState.STARTING and not self._index.pending
        return self._polls == 0 or not idle

    @work(exclusive=True, group="undo", exit_on_error=False)
    async def action_undo(self) -> None:
        """Take back the person's last act, asking first where others hang on it."""
        try:
            outcome = await self.backend.history.undo(actor=PERSON)
        except UndoBlocked as blocked:
            await self._undo_together(blocked)
        except BoternityError as error:
            self.tell(str(error), failed=True)
        else:
            await self.done(f"{outcome.summary} · Z to redo")

    async def _undo_together(self, blocked: UndoBlocked) -> None:
        from tui.screens.dialogs import Confirm

        count = len(blocked.blockers) + 1
        agreed = await self.push_screen_wait(
            Confirm("Undo these acts together?", str(blocked), verb=f"undo all {count}")
        )
        if agreed:
            outcome = await self.backend.history.undo(
                actor=PERSON, event=blocked.event, together=True
            )
            await self.done(outcome.summary)

    @work(exclusive=True, group="undo", exit_on_error=False)
    async def action_redo(self) -> None:
        """Do again what the person took back last."""
        try:
            outcome = await self.backend.history.redo(actor=PERSON)
        except BoternityError as error:
            self.tell(str(error), failed=True)
        else:
            await self.done(outcome.summary)

    async def done(self, summary: str) -> None:
        """Say what an act did, and show it at once."""
        self.tell(summary)
        await self._poll()

    def tell(self, text: str, *, failed: bool = False) -> None:
        """Show a toast; the text may come from anywhere. News takes the place of what was told.

        Refusals pile up, each to be read, but the same one again is no news.
        """
        if not failed or text == self._told:
            self.clear_notifications()
        self._told = text
        self.notify(
            safe_line(text, 400),
            severity="error" if failed else "information",
            timeout=8 if failed else 4,
            markup=False,
        )

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that an act broke off where nobody foresaw it; without a word a key seems dead.

        A worker tells only the node that runs it, so the screens pass theirs on to here.
        """
        if event.worker.error is not None and event.state is WorkerState.ERROR:
            from tui.cli.failures import unforeseen

            self.tell(unforeseen(event.worker.error, self.backend.home), failed=True)

    def action_command_palette(self) -> None:
        """Find any act, bot, memory, setting or saved filter."""
        from tui.commands import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    @work(exclusive=True, group="help", exit_on_error=False)
    async def action_help(self) -> None:
        """Show every key of what has the focus."""
        from tui.screens.help import Help

        focused = self.screen.focused
        name = focused.id or "" if focused is not None else ""
        await self.push_screen_wait(Help(list(self.screen.active_bindings.values()), name))
