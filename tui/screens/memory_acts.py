"""What a person does to memories in the memory mode: each act undoable, named in a toast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from textual import on, work

from backend.types import (
    Actor,
    ActOutcome,
    Bot,
    BoternityError,
    MemoryChange,
    MemoryDraft,
    MemoryEntry,
    MemorySort,
)
from tui.keys import MEMORIES, bindings
from tui.person import PERSON
from tui.screens.mode import ModeScreen
from tui.widgets.virtual_list import VirtualList
from tui.words import counted

if TYPE_CHECKING:
    from tui.screens.memory_form import FormResult
    from tui.widgets.filter_line import FilterLine
    from tui.widgets.memory_list import MemoryList


class TrashAct(Protocol):
    """Puts memories into the trash, or takes them out."""

    async def __call__(self, ids: Sequence[UUID], *, actor: Actor) -> ActOutcome: ...


class MemoryActs(ModeScreen):
    """The acts; the screen that inherits them has the list, the filter line and the order."""

    BINDINGS = bindings(MEMORIES)
    sort: MemorySort

    if TYPE_CHECKING:

        @property
        def memory_list(self) -> MemoryList: ...
        @property
        def filter_line(self) -> FilterLine: ...
        @property
        def filter_text(self) -> str: ...
        @property
        def is_ranked(self) -> bool: ...
        def load(self) -> object: ...

    # Reading

    async def targets(self) -> list[MemoryEntry]:
        """Return what an act applies to: the marked memories, else the one under the cursor."""
        entries = await self.backend.memories.entries(self.memory_list.target_keys())
        if not entries:
            self.boternity.tell("There is no memory under the cursor: press a to write one.")
        return entries

    def action_filter(self) -> None:
        """Go to the filter line."""
        self.filter_line.input.focus()

    def action_sort(self) -> None:
        """Show the next order."""
        orders = list(MemorySort)
        self.sort = orders[(orders.index(self.sort) + 1) % len(orders)]
        if self.is_ranked:
            self.boternity.tell(
                f"What words find is ordered by how well it fits; without words by {self.sort}."
            )
        self.load()

    def action_refresh(self) -> None:
        """Read the list again."""
        self.memory_list.retry()
        self.load()

    def action_next_hit(self) -> None:
        """Go to the next memory; with a filter, the next one that it found."""
        self.memory_list.action_cursor_down()

    def action_last_hit(self) -> None:
        """Go to the memory before; with a filter, the one that it found."""
        self.memory_list.action_cursor_up()

    @work(exclusive=True, group="copy", exit_on_error=False)
    async def action_copy(self) -> None:
        """Copy the texts, one a line; works over ssh and in tmux by OSC 52."""
        entries = await self.targets()
        if entries:
            self.app.copy_to_clipboard("\n".join(entry.fact for entry in entries))
            self.boternity.tell(f"copied the text of {counted(len(entries))}")

    # Writing

    async def _report(self, outcome: ActOutcome) -> None:
        if outcome.event is None:
            self.boternity.tell("Nothing to change here.")
            return
        self.memory_list.action_mark_none()
        await self.boternity.done(f"{outcome.summary} · z to undo")

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_delete(self) -> None:
        """Put the targets into the trash."""
        await self._act(self.backend.memories.delete)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_restore(self) -> None:
        """Take the targets out of the trash."""
        await self._act(self.backend.memories.restore)

    async def _act(self, act: TrashAct) -> None:
        entries = await self.targets()
        if not entries:
            return
        try:
            await self._report(await act([entry.id for entry in entries], actor=PERSON))
        except BoternityError as error:
            self.boternity.tell(str(error), failed=True)

    async def _change(self, entries: list[MemoryEntry], change: MemoryChange) -> bool:
        """Change them; tell why and return False where that is refused."""
        alone = entries[0].revision if len(entries) == 1 else None
        try:
            outcome = await self.backend.memories.edit(
                [entry.id for entry in entries], change, actor=PERSON, seen_revision=alone
            )
        except BoternityError as error:
            self.boternity.tell(str(error), failed=True)
            return False
        await self._report(outcome)
        return True

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_pin(self) -> None:
        """Pin the targets; when all of them are pinned, take the pins away."""
        entries = await self.targets()
        if not entries:
            return
        pin = not all(entry.pinned for entry in entries)
        await self._change(entries, MemoryChange(pinned=pin))

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_tag(self) -> None:
        """Ask for tags to add, and with a minus to take away."""
        from tui.screens.dialogs import Prompt

        entries = await self.targets()
        if not entries:
            return
        line = await self.app.push_screen_wait(
            Prompt(f"Tags of {counted(len(entries))}", hint="home work -draft: a minus takes away")
        )
        words = (line or "").replace(",", " ").split()
        if words:
            change = MemoryChange(
                add_tags=tuple(word for word in words if not word.startswith("-")),
                remove_tags=tuple(word[1:] for word in words if word.startswith("-")),
            )
            await self._change(entries, change)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_edit(self) -> None:
        """Change one memory in a form, or fields of all marked ones in another."""
        from tui.screens.memory_form import BulkForm

        entries = await self.targets()
        if not entries:
            return
        if len(entries) > 1:
            change = await self.app.push_screen_wait(BulkForm(len(entries)))
            if change is not None:
                await self._change(entries, change)
            return
        await self._edit(entries[0])

    async def _edit(self, entry: MemoryEntry, text: str | None = None) -> None:
        """Have a memory changed, by `text` if that was refused; nothing written is ever lost."""
        from tui.screens.memory_form import FormResult

        now = FormResult(entry.fact, entry.category, entry.importance, entry.tags)
        unsaved = text is not None
        if text is not None:
            now = replace(now, fact=text)
        while True:
            result = await self._written("Edit this memory", now, editing=True, unsaved=unsaved)
            if result is None:
                return
            change = MemoryChange(
                fact=result.fact,
                category=result.category,
                importance=result.importance,
                tags=result.tags,
            )
            if await self._change([entry], change):
                return
            # Refused, perhaps because somebody was first: once more, onto what is there now.
            now, unsaved = result, True
            (entry,) = await self.backend.memories.entries([entry.row]) or [entry]

    async def _written(
        self, title: str, start: FormResult, *, editing: bool, unsaved: bool
    ) -> FormResult | None:
        from tui.screens.memory_form import MemoryForm

        form = MemoryForm(
            title,
            fact=start.fact,
            category=start.category,
            importance=start.importance,
            tags=start.tags,
            editing=editing,
            check_fact=self.backend.memories.fact_problem,
            unsaved=unsaved,
        )
        return await self.app.push_screen_wait(form)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_add(self) -> None:
        """Write a new memory; with all bots on the screen, ask whose."""
        from tui.screens.memory_form import FormResult

        bot = self.boternity.bot or await self._ask_for_bot()
        if bot is None:
            return
        empty = MemoryDraft(fact="-")
        start, unsaved = FormResult("", empty.category, empty.importance, ()), False
        while True:
            title = f"A new memory for {bot.name}"
            result = await self._written(title, start, editing=False, unsaved=unsaved)
            if result is None or await self._add(bot, result):
                return
            start, unsaved = result, True

    async def _add(self, bot: Bot, written: FormResult) -> bool:
        """Add what was written and go there; tell why and return False where it is refused."""

        draft = MemoryDraft(
            fact=written.fact,
            category=written.category,
            importance=written.importance,
            tags=written.tags,
        )
        try:
            added = await self.backend.memories.add(bot.id, draft, actor=PERSON)
        except BoternityError as error:
            self.boternity.tell(str(error), failed=True)
            return False
        known = "known already: counted once more" if added.repeated else "added 1 memory"
        await self.boternity.done(f"{known} · z to undo")
        await self.boternity.show_memory(added.entry.row, str(bot.id))
        return True

    async def _ask_for_bot(self) -> Bot | None:
        from tui.screens.picker import Choice, Picker

        bots = [s.bot for s in await self.backend.bots.summaries()]
        if not bots:
            from tui.screens.first_run import FirstRun

            self.app.push_screen(FirstRun())
            return None
        choices = [Choice(bot.slug, bot.name) for bot in bots]
        slug = await self.app.push_screen_wait(Picker("For which bot?", choices, current=None))
        return next((bot for bot in bots if bot.slug == slug), None)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_edit_outside(self) -> None:
        """Change the text of one memory in the person's own editor."""
        from tui.editor import edited

        entries = await self.targets()
        if not entries:
            return
        if len(entries) > 1:
            self.boternity.tell("Your editor takes one memory at a time.", failed=True)
            return
        with self.app.suspend():
            text = edited(entries[0].fact)
        self.app.refresh()
        if text is None:
            self.boternity.tell("The editor did not finish: nothing was changed.", failed=True)
        elif not text.strip():
            self.boternity.tell("The editor left no text: nothing was changed.", failed=True)
        elif not await self._change(entries, MemoryChange(fact=text)):
            await self._edit(entries[0], text)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_save_filter(self) -> None:
        """Keep the filter line under a name."""
        from tui.screens.dialogs import Prompt

        text = self.filter_text
        if not text.strip():
            self.boternity.tell("There is no filter to save: press / and write one.")
            return
        name = await self.app.push_screen_wait(Prompt("Save this filter as", hint=text))
        if name:
            try:
                saved = await self.backend.workspace.save_filter(name, text, actor=PERSON)
            except BoternityError as error:
                self.boternity.tell(str(error), failed=True)
            else:
                await self.boternity.done(f"saved the filter {saved.name} · ctrl+p finds it")

    @on(VirtualList.ContextRequested)
    @work(exclusive=True, group="menu", exit_on_error=False)
    async def _menu(self, event: VirtualList.ContextRequested) -> None:
        """Offer the acts of a row where it was clicked."""
        from tui.screens.menu import Menu

        keys = [key for key in MEMORIES if key.command and key.id != "memory.filter"]
        chosen = await self.app.push_screen_wait(Menu("Memory", keys, event.at))
        action = next((key.action for key in keys if key.id == chosen), None)
        if action is not None:
            await self.run_action(action)
