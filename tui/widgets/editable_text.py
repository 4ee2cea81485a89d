"""Foreign text in a form that can be edited safely, and back again without loss.

Foreign text may hold escape sequences, which Textual's own fields would send to the terminal. What
is edited is a form of the text in which each such character is one visible symbol; the symbols
that nobody touched stand for what they were, so that saving without an edit is exact.
"""

from __future__ import annotations

import unicodedata

from tui.widgets.safe_text import safe_line

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Cn"})
_JOINERS = frozenset("\u200c\u200d")


def editable(text: str, *, lines: bool = False) -> str:
    """Return `text` with each character that steers a terminal as one symbol, length unchanged.

    With `lines`, newlines and tabs stay. Joiners stay: emoji and Persian need them.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = "\n\t" if lines else ""
    return "".join(char if char in kept else _symbol(char) for char in text)


def _symbol(char: str) -> str:
    if unicodedata.category(char) not in _UNSEEN or char in _JOINERS:
        return char
    symbol = safe_line(char)
    return symbol if len(symbol) == 1 else "\ufffd"


def restored(original: str, edited: str, *, lines: bool = False) -> str:
    """Return what `edited` means when `editable(original)` was edited: untouched parts exactly."""
    shown = editable(original, lines=lines)
    if shown == original:
        return edited
    if shown == edited:
        return original
    from difflib import SequenceMatcher

    parts = []
    for kind, start, end, low, high in SequenceMatcher(None, shown, edited).get_opcodes():
        parts.append(original[start:end] if kind == "equal" else edited[low:high])
    return "".join(parts)
