"""Modes whose content comes with a later release: each says what will be there, and what is."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.screens.mode import ModeScreen

PLANS: dict[str, tuple[str, str, str]] = {
    "providers": (
        "Providers",
        "Here each model provider will have one row: its circuit (closed, open, half-open), its "
        "last error, its cost today, and what happened when one was down.",
        "Nothing is called on your behalf yet.",
    ),
    "triage": (
        "Triage",
        "Here near-duplicates, contradictions and imported facts will wait side by side for one "
        "key each: keep, merge, replace, or both are right.",
        "Until then the filter finds junk by hand, for example  -accessed age>90d  in Memory.",
    ),
    "recall": (
        "Recall lab",
        "Here you will type a prompt and see exactly what a bot would be given, why, and why not "
        "the near misses.",
        'Until then:  boternity recall "prompt" -b BOT --explain',
    ),
    "sharing": (
        "Sharing",
        "Here you will see which memories other bots may read, from whom, and whether they are "
        "still what was written.",
        "Every memory is private to its bot today.",
    ),
    "files": (
        "Files",
        "Here each bot's files will have all their versions: preview, compare, restore, search.",
        "No files are kept yet.",
    ),
    "keys": (
        "Keys",
        "Here the JSON state of your bots will be edited safely, with history.",
        "No keys are kept yet.",
    ),
    "history": (
        "History",
        "Here the journal will be browsed: who did what, before and after, and the store as it "
        "was.",
        "The journal is kept already:  boternity history list, show, undo, verify — and  z  "
        "here takes back your last act.",
    ),
}


class ComingScreen(ModeScreen):
    """A mode without content yet; the tabs and every global key go on working."""

    def action_back(self) -> None:
        """Go back to the memories: there is no step in here to take back."""
        if self.maximized is not None:
            self.minimize()
        else:
            self.app.call_later(self.boternity.action_mode, "memory")

    def compose_panes(self) -> ComposeResult:
        title, plan, now = PLANS[self.mode]
        with VerticalScroll(id="coming", classes="pane"):
            yield Static(
                Content.from_markup(
                    "[b]$title[/b] [$text-muted]· not built yet[/]\n\n$plan\n\n$now\n\n"
                    "[$text-muted]Press[/] [b $accent]2[/] [$text-muted]for the memories.[/]",
                    title=title,
                    plan=plan,
                    now=now,
                )
            )
