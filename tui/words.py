"""Short forms that every screen writes the same way."""

from __future__ import annotations

from datetime import datetime

from backend.types import IndexState, IndexStatus

CATEGORY = {
    "preference": "pref",
    "fact": "fact",
    "decision": "deci",
    "context": "cntx",
    "correction": "corr",
}
STATUS = {"live": "", "superseded": "old", "merged": "mrgd", "deleted": "gone"}
"""Four letters at most, for the place where a live memory shows its category."""

_STEPS = ((365 * 86400, "y"), (86400, "d"), (3600, "h"), (60, "m"))


def age(seconds: float) -> str:
    """Return an age in one unit: "now", "5m", "3h", "41d", "2y"; the future counts as now."""
    for size, unit in _STEPS:
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return "now"


def date(at: datetime) -> str:
    """Return a day as "2026-11-19"."""
    return f"{at:%Y-%m-%d}"


def bar(part: float, width: int = 8) -> str:
    """Return a bar of `width` cells for a part in [0, 1]; nothing else shows a number's size."""
    full = round(max(0.0, min(1.0, part)) * width)
    return "▇" * full + "▁" * (width - full)


def dots(part: float) -> str:
    """Return five dots, as many full ones as a score in [0, 1] deserves."""
    full = max(0, min(5, round(part * 5)))
    return "●" * full + "○" * (5 - full)


def index_words(status: IndexStatus) -> tuple[str, str, str]:
    """Return glyph, words and colour token of the index, for the title line."""
    match status.state:
        case IndexState.OFF:
            return "○", "words only", "$text-muted"
        case IndexState.FAILED:
            return "✖", "no search by meaning", "$error"
        case IndexState.STARTING:
            return "◐", "index starting", "$warning"
        case IndexState.READY if status.pending:
            return "◐", f"indexing {status.done:,}/{status.total:,}", "$warning"
        case IndexState.READY:
            return "●", f"{status.total:,} indexed", "$success"


def counted(count: int, noun: str = "memory") -> str:
    """Return "1 memory" or "1,204 memories"."""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{count:,} {noun if count == 1 else plural}"
