"""The first start on an empty home: four doors, each one key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from backend.types import Actor, Bot, BoternityError, NotFound
from tui.screens.dialogs import Confirm, Notice, Prompt
from tui.screens.found_files import NAMES
from tui.themes import STYLES
from tui.words import counted

if TYPE_CHECKING:
    from tui.app import BoternityApp

DOORS: tuple[tuple[str, str, str, str], ...] = (
    ("D", "demo", "look around the demo", "five invented bots in a home that is thrown away"),
    ("a", "add", "make a bot", "a name is enough; its memories are yours to write"),
    ("I", "bring_in", "bring in what is on this machine", "CLAUDE.md, MEMORY.md, AGENTS.md …"),
    ("c", "connect", "connect an agent", "what works today, and what is coming"),
)
"""Key, action, what it does, and a muted line below."""

_LOOK = (
    "This reads files of these names and no others: "
    f"{', '.join(NAMES)}. It looks in this folder and the ones above it up to your home, and "
    "where Claude Code and Codex keep their notes. Nothing leaves this machine, and nothing is "
    "taken in before you chose it."
)
_CONNECT = Content.from_markup(
    "Agents will talk to Boternity over MCP, and chat clients through a gateway. "
    "[b]Neither is built yet.[/b]\n\n"
    "What works today, from any script or agent that can run a command:\n\n"
    '[$accent]boternity memory add[/] "FACT" -b BOT\n'
    "[$accent]boternity memory import[/] CLAUDE.md -b BOT --accept\n"
    '[$accent]boternity recall[/] "PROMPT" -b BOT --json\n\n'
    "[$text-muted]The last one answers what that bot should be given for a prompt.[/]"
)


class Door(Static, can_focus=True):
    """One of the four ways on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "open", "open", show=False)]

    class Opened(Message):
        """The door was chosen by mouse, or by Enter."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, key: str, action: str, words: str, below: str) -> None:
        super().__init__(
            Content.from_markup(
                "[bold $accent]$key[/]  [bold]$words[/]\n   [$text-muted]$below[/]",
                key=key,
                words=words,
                below=below,
            ),
            id=action.replace("_", "-"),
        )
        self._action = action

    def on_click(self) -> None:
        """Open it."""
        self.action_open()

    def action_open(self) -> None:
        """Open it."""
        self.post_message(self.Opened(self._action))


class FirstRun(Screen[None]):
    """Stands before the empty dashboard until a door was taken, or Escape."""

    CSS_PATH = STYLES / "dialogs.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, action, words, show=False) for key, action, words, _ in DOORS),
        Binding("escape,q", "leave", "to the empty dashboard", show=False),
        Binding("down,j", "app.focus_next", "next", show=False),
        Binding("up,k", "app.focus_previous", "last", show=False),
    ]

    def compose(self) -> Iterable[Widget]:
        with Vertical(id="welcome"):
            yield Static(
                Content.from_markup(
                    "[b $primary]boternity[/]\n"
                    "[$text-muted]What your bots know, whether it is true, and who may read it. "
                    "Everything stays on this machine.[/]"
                )
            )
            with Vertical(id="doors"):
                for door in DOORS:
                    yield Door(*door)
            yield Static(
                Content.from_markup(
                    "[bold $accent]esc[/] [$text-muted]on to the empty dashboard[/]   "
                    "[bold $accent]^q[/] [$text-muted]leave[/]"
                ),
                id="ways-out",
            )

    def on_mount(self) -> None:
        """Stand before the first door."""
        self.query(Door).first().focus()

    @on(Door.Opened)
    async def _open(self, event: Door.Opened) -> None:
        await self.run_action(event.action)

    @property
    def _app(self) -> BoternityApp:
        return cast("BoternityApp", self.app)

    def action_leave(self) -> None:
        """Go on to the dashboard."""
        self.dismiss(None)

    def action_demo(self) -> None:
        """Leave this home for the demo's."""
        self._app.exit("demo")

    def action_connect(self) -> None:
        """Say what works."""
        self.app.push_screen(Notice("Connect an agent", _CONNECT))

    @work(exclusive=True, exit_on_error=False)
    async def action_add(self) -> None:
        """Make a bot and open it."""
        bot = await self._named_bot("Name of the bot")
        if bot is not None:
            await self._open_dashboard(bot, f"made the bot {bot.name} · a writes its first memory")

    @work(exclusive=True, exit_on_error=False)
    async def action_bring_in(self) -> None:
        """Ask, look, let the person choose, and take it in."""
        from tui.screens.bring_in import BringIn

        question = Confirm("Look for memories on this machine?", _LOOK, verb="look")
        if not await self.app.push_screen_wait(question):
            return
        bot = await self._named_bot("Name of the bot that gets them")
        if bot is None:
            return
        taken = await self.app.push_screen_wait(BringIn(bot))
        words = f"brought in {counted(taken)} · z takes back a file" if taken else "took in nothing"
        await self._open_dashboard(bot, words)

    async def _named_bot(self, title: str) -> Bot | None:
        """Return the bot that the person names, made now unless there is one; None when left."""
        hint = "Letters and digits, for example ana or research."
        value = ""
        while True:
            name = await self.app.push_screen_wait(Prompt(title, value=value, hint=hint))
            if name is None:
                return None
            bots = self._app.backend.bots
            try:
                return await self._known(name) or await bots.add(name, actor=Actor.user())
            except BoternityError as error:
                value, hint = name, str(error)

    async def _known(self, name: str) -> Bot | None:
        try:
            return await self._app.backend.bots.get(name)
        except NotFound:
            return None

    async def _open_dashboard(self, bot: Bot, words: str) -> None:
        await self._app.choose_bot(bot.slug)
        await self._app.done(words)
        self.dismiss(None)  # last: it ends the worker that runs this
