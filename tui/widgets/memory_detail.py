"""Everything about one memory: its text, its fields, why it is here, what is near, its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from backend.types import EventDetail, MemoryEntry, ScoreParts
from tui.widgets.safe_text import safe_line, safe_text
from tui.words import age, bar, date

_PART_NAMES = (
    ("meaning", "meaning"),
    ("words", "words"),
    ("beside", "beside it"),
    ("fit", "fits"),
    ("importance", "importance"),
    ("reinforcement", "use"),
    ("time", "recency"),
)
_SHOWN_HISTORY = 8


@dataclass(frozen=True, slots=True)
class Detail:
    """What the pane shows; what is still being read is empty. Two are equal at any `now`."""

    entry: MemoryEntry
    owner: str
    now: float = field(compare=False)
    parts: ScoreParts | None = None
    near: Sequence[tuple[MemoryEntry, float]] = ()
    history: Sequence[EventDetail] = field(default_factory=tuple)


class MemoryDetail(VerticalScroll):
    """A scrolling pane; `show` replaces its content."""

    ALLOW_MAXIMIZE = True
    DEFAULT_CSS = "MemoryDetail #detail-text { min-height: 100%; }"
    _shown: Detail | None = None
    _fits = False

    def compose(self) -> ComposeResult:
        yield Static("", id="detail-text", markup=False)

    def show(self, detail: Detail | None) -> None:
        """Show a memory, or nothing; the same again draws nothing anew."""
        if detail == self._shown:
            return
        self._shown = detail
        text = Content("") if detail is None else Content("\n").join(_lines(detail))
        # Content: Textual reads a string as markup, and `Content.markup` does not come back whole.
        self.border_title = Content("" if detail is None else safe_line(detail.entry.fact, 60))
        body = self.query_one("#detail-text", Static)
        # What fits the pane before and after needs no new layout, which costs as much as four keys.
        fits = text.get_height({}, max(1, body.size.width)) <= self.scrollable_content_region.height
        body.update(text, layout=not (fits and self._fits))
        self._fits = fits


def _lines(detail: Detail) -> list[Content]:
    entry = detail.entry
    lines = [Content(safe_text(entry.fact)), Content("")]
    state = [] if entry.status.value == "live" else [entry.status.value]
    fields = [*state, entry.category.value, f"importance {entry.importance}"]
    fields += ["pinned"] if entry.pinned else []
    lines.append(_muted(" · ".join(fields)))
    if entry.tags:
        lines.append(_muted("tags " + ", ".join(entry.tags)))
    lines.append(_muted(_origin(detail)))
    lines.append(_muted(_use(detail)))
    if entry.embedding_model is None and entry.status.value == "live":
        lines.append(_muted("not yet searchable by meaning"))
    lines += _why(detail.parts) + _near(detail) + _history(detail)
    lines += [Content(""), _muted(f"id {str(entry.id)[:8]} · revision {entry.revision}")]
    return lines


def _origin(detail: Detail) -> str:
    entry = detail.entry
    who = {"user": "you", "bot": entry.source.name or detail.owner}.get(
        entry.source.kind.value, f"import {entry.source.where or entry.source.name}"
    )
    session = f", session {entry.session_id}" if entry.session_id else ""
    return f"{detail.owner}’s, written by {who}, {date(entry.created_at)}{session}"


def _use(detail: Detail) -> str:
    entry = detail.entry
    if entry.last_accessed_at is None:
        used = "never recalled"
    else:
        last = age(detail.now - entry.last_accessed_at.timestamp())
        used = f"recalled {entry.access_count:,} times, last {last} ago"
    return used if entry.seen_count == 1 else f"{used} · said {entry.seen_count} times"


def _why(parts: ScoreParts | None) -> list[Content]:
    if parts is None:
        return []
    lines = [Content(""), _heading("why it is here")]
    for name, label in _PART_NAMES:
        value = getattr(parts, name)
        lines.append(
            Content.from_markup(
                "[$text-muted]$label[/] [$accent]$bar[/] $value",
                label=f"{label:<10}",
                bar=bar(value),
                value=f"{value:.2f}",
            )
        )
    return lines


def _near(detail: Detail) -> list[Content]:
    if not detail.near:
        return []
    lines = [Content(""), _heading("near it")]
    for entry, similarity in detail.near:
        lines.append(
            Content.from_markup(
                "[$accent]$value[/] $fact",
                value=f"{similarity:.2f}",
                fact=safe_line(entry.fact, 200),
            )
        )
    return lines


def _history(detail: Detail) -> list[Content]:
    if not detail.history:
        return []
    lines = [Content(""), _heading("history")]
    for item in detail.history[:_SHOWN_HISTORY]:
        event = item.event
        when = age(detail.now - event.at.timestamp())
        undone = " (undone)" if event.undone else ""
        lines.append(_muted(f"{when:>4}  {event.act.value} by {event.actor}{undone}"))
        for change in item.changes:
            if change.before and change.after and change.before["fact"] != change.after["fact"]:
                lines.append(_muted(f"      was: {safe_line(change.before['fact'], 200)}"))
    return lines


def _heading(text: str) -> Content:
    return Content.from_markup("[$accent]$text[/]", text=text)


def _muted(text: str) -> Content:
    return Content.from_markup("[$text-muted]$text[/]", text=safe_line(text))
