"""Text of unknown origin, made fit for a terminal cell.

A fact, a file name or an error may hold escape sequences, bidi overrides, invisible joiners or
a million characters. Rich and Textual pass all of it on to the terminal, so every widget sends
foreign text through this module before it becomes a segment. The text in the store is never
touched: this is only what is *shown*.

What is shown instead
    ``␛`` and its neighbours (U+2400…)  C0 controls and DEL, one cell each
    ``⏎`` and ``→``                      newline and tab, in one-line views
    ``↵`` and ``¶``                      U+2028 line and U+2029 paragraph separator
    ``⇄``                                a bidi control (U+061C, 200E–F, 202A–E, 2066–9)
    ``␣``                                a character that would be invisible: zero-width space,
                                         soft hyphen, byte order mark, a joiner that joins nothing
    ``�``                                C1 controls, tags, lone surrogates, noncharacters
    ``◌``                                carries a combining mark that has no letter before it

Right-to-left text is followed and preceded by U+200E, added here, after everything foreign was
replaced. Terminals that reorder (VTE, Konsole, Terminal.app) would otherwise draw a number in the
next column on the wrong side of the Hebrew or Arabic word. U+200E and not the isolates U+2068/9:
terminals that do not know isolates may draw them, while the mark has been zero-width everywhere
for decades. It protects the edges of a field; inside the field the terminal orders as it likes.

Widths are those of `rich.cells.cell_len`, which is what Textual lays out with. Every function is
idempotent: safe text comes back unchanged. `tests/unit/tui/test_safe_text.py` holds it all.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len

__all__ = ["TEXT_LIMIT", "safe_cell", "safe_line", "safe_text"]

TEXT_LIMIT = 65_536
"""Characters looked at when no width says how many can be seen at all."""

_ELLIPSIS = "…"
_LRM = "\u200e"
_REPLACED = "\ufffd"
_INVISIBLE = "␣"
_CARRIER = "◌"
_ZWJ = "\u200d"
_TAB_CELLS = 4
# Eight marks cover Biblical Hebrew and Tibetan; more is "zalgo" and climbs into other rows.
_MAX_MARKS = 8
# The longest emoji in use (two people, two skin tones, a kiss) has ten code points.
_MAX_CLUSTER = 16

# Scripts whose every character is one cell, without marks, direction or joiners: needs no look.
_PLAIN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u203b]*")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NAMED = {"\n": "⏎", "\t": "→", "\x7f": "␡", "\u2028": "↵", "\u2029": "¶"}
# Blank, but letters by category: they would hide in a name.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_KEYCAPS = frozenset("0123456789#*")
_SINGLE_PICTOGRAPHS = frozenset("\u00a9\u00ae\u203c\u2049\u2122\u2139\u3030\u303d\u3297\u3299")
_PICTOGRAPHS = (
    (0x2190, 0x21FF),
    (0x2300, 0x23FF),
    (0x24C2, 0x24C2),
    (0x25A0, 0x27BF),
    (0x2900, 0x297F),
    (0x2B00, 0x2BFF),
    (0x1F000, 0x1F1E5),
    (0x1F200, 0x1F3FA),
    (0x1F400, 0x1FAFF),
)


class _Kind(IntEnum):
    """How a character takes part in a grapheme (a small UAX #29, leaning to joining too much)."""

    PLAIN = 0
    MARK = 1  # combining, no cells of its own
    PICTOGRAPH = 2
    SKIN_TONE = 3
    FLAG_LETTER = 4
    JOINER = 5  # U+200D
    NON_JOINER = 6  # U+200C
    EMOJI_SELECTOR = 7  # U+FE0E, U+FE0F
    IDEOGRAPH_SELECTOR = 8
    JAMO = 9  # leading Hangul letter or a whole syllable
    JAMO_TAIL = 10  # vowel or final, no cells of its own
    FOREIGN = 11  # never shown as it is


_PLAIN_KIND = _Kind.PLAIN
_MARK_KIND = _Kind.MARK


def safe_line(text: str, width: int | None = None) -> str:
    """Return `text` on one line, safe to print, at most `width` cells wide.

    What does not fit is cut between graphemes and ends in "…"; a width below 1 gives "". Without a
    width nothing is cut up to `TEXT_LIMIT` characters. Never looks at more of the text than can be
    seen, so a megabyte costs what a line costs. An ASCII line takes well under a microsecond.
    """
    limit = TEXT_LIMIT if width is None else width
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    if width is None:
        most = limit * 2  # no character has more than two cells
    elif width < 1:
        return ""
    else:
        most, limit = width, width * _MAX_CLUSTER + 2
    if len(text) > limit:
        return _shown(text[:limit], most, cut=True)
    return _shown(text, most, cut=False)


def safe_text(text: str) -> str:
    """Return `text` safe to print, keeping its lines; tabs become spaces up to the next stop of 4.

    Texts above `TEXT_LIMIT` characters end there, in "…". The caller wraps.
    """
    cut = len(text) > TEXT_LIMIT
    lines = text[:TEXT_LIMIT].replace("\r\n", "\n").split("\n")
    last = len(lines) - 1
    shown = [
        _shown(line.expandtabs(_TAB_CELLS), TEXT_LIMIT * 2, cut=cut and number == last)
        for number, line in enumerate(lines)
    ]
    return "\n".join(shown)


def safe_cell(text: str, width: int, align: Literal["left", "right"] = "left") -> str:
    """Return `safe_line(text, width)` filled with spaces to exactly `width` cells."""
    line = safe_line(text, width)
    gap = width - (len(line) if line.isascii() else cell_len(line))
    if gap <= 0:
        return line
    return " " * gap + line if align == "right" else line + " " * gap


def _shown(text: str, most: int, *, cut: bool) -> str:
    """Sanitise one line and cut it to `most` cells; `cut` says that text was already left off."""
    if _PLAIN.fullmatch(text):
        return text if len(text) <= most and not cut else text[: most - 1] + _ELLIPSIS
    if len(text) > 2 and text[0] == text[-1] == _LRM and _RIGHT_TO_LEFT.search(text):
        text = text[1:-1]  # our own marks, from an earlier pass
    clusters = _graphemes(text.replace("\r\n", "\n"))
    if cut:
        clusters.pop()  # it may be half of one
    line = _fitted(clusters, most, cut=cut)
    return f"{_LRM}{line}{_LRM}" if _RIGHT_TO_LEFT.search(line) else line


def _fitted(clusters: list[str], most: int, *, cut: bool) -> str:
    cells = 0
    room = 0  # clusters that leave a cell for the ellipsis
    for number, cluster in enumerate(clusters):
        cells += cell_len(cluster)
        if cells > most:
            return "".join(clusters[:room]) + _ELLIPSIS
        if cells < most:
            room = number + 1
    return "".join(clusters[:room]) + _ELLIPSIS if cut else "".join(clusters)


def _graphemes(text: str) -> list[str]:
    """Split one line into graphemes in which everything foreign is already replaced.

    Every grapheme has at least one cell and at most `_MAX_CLUSTER` code points.
    """
    out: list[str] = []
    last = _Kind.FOREIGN  # kind of the last character of the open grapheme
    marks = 0  # combining marks it carries
    for index, char in enumerate(text):
        kind = _kind(char)
        if kind is _PLAIN_KIND and last is not _MARK_KIND:  # nearly always: keep it cheap
            out.append(char)
            last, marks = kind, 0
        elif kind is _MARK_KIND and out:
            if marks > _MAX_MARKS:
                continue  # the sign for "too many" already stands there
            marks += 1
            if marks <= _MAX_MARKS and len(out[-1]) < _MAX_CLUSTER:
                out[-1] += char
                last = kind
            else:
                out.append(_INVISIBLE)
                last, marks = _Kind.PLAIN, _MAX_MARKS + 1
        elif kind is _Kind.JOINER and _joins_letters(text, index):
            pass  # a hint for shaping; Rich would swallow the width of the next letter
        elif out and _continues(out[-1], last, kind, text, index):
            out[-1] += char
            last = kind
        else:
            out.append(_opening(char, kind))
            last = _kind(out[-1][0])
            marks = len(out[-1]) - 1
    return out


def _continues(cluster: str, last: _Kind, kind: _Kind, text: str, index: int) -> bool:
    """Tell whether `text[index]`, of this kind, belongs to the open grapheme `cluster`."""
    if len(cluster) >= _MAX_CLUSTER:
        return False
    match kind:
        case _Kind.JOINER:
            return (
                last in (_Kind.PICTOGRAPH, _Kind.SKIN_TONE, _Kind.EMOJI_SELECTOR)
                and _kind(text[index + 1 : index + 2] or " ") is _Kind.PICTOGRAPH
                and len(cluster) <= _MAX_CLUSTER - 4
                and cell_len(cluster) == 2
            )
        case _Kind.PICTOGRAPH:
            return last is _Kind.JOINER
        case _Kind.SKIN_TONE:
            return last is _Kind.PICTOGRAPH
        case _Kind.FLAG_LETTER:
            return last is kind and len(cluster) == 1
        case _Kind.EMOJI_SELECTOR:
            return last is _Kind.PICTOGRAPH or cluster in _KEYCAPS
        case _Kind.IDEOGRAPH_SELECTOR:
            return len(cluster) == 1 and unicodedata.category(cluster) in ("Lo", "Sm")
        case _Kind.JAMO_TAIL:
            return last in (_Kind.JAMO, _Kind.JAMO_TAIL) and len(cluster) < 4
        case _Kind.NON_JOINER:
            return _joins_letters(text, index)
        case _Kind.PLAIN:
            return last is _Kind.MARK and len(cluster) < 6 and _is_conjunct(cluster, text[index])
        case _:
            return False


def _opening(char: str, kind: _Kind) -> str:
    """Return what opens a grapheme for `char`: itself where that is safe, else its symbol."""
    match kind:
        case _Kind.MARK:
            return _CARRIER + char
        case _Kind.SKIN_TONE | _Kind.JAMO_TAIL:
            return _REPLACED
        case _Kind.JOINER | _Kind.NON_JOINER | _Kind.EMOJI_SELECTOR | _Kind.IDEOGRAPH_SELECTOR:
            return _INVISIBLE
        case _Kind.FOREIGN:
            return _symbol(char)
        case _:
            return char


def _is_conjunct(cluster: str, char: str) -> bool:
    """Tell whether a virama at the end of `cluster` binds an Indic letter to the one before."""
    return "\u0900" <= char <= "\u0dff" and unicodedata.combining(cluster[-1]) == 9


def _joins_letters(text: str, index: int) -> bool:
    """Tell whether a (non-)joiner stands between letters of a script that uses them."""
    if not 0 < index < len(text) - 1:
        return False
    return _uses_joiners(text[index - 1]) and _uses_joiners(text[index + 1])


def _uses_joiners(char: str) -> bool:
    return "\u0600" <= char <= "\u1aff" and unicodedata.category(char)[0] in "LM"


@lru_cache(maxsize=4096)
def _symbol(char: str) -> str:
    """Return the one-cell sign for a character that must not reach the terminal."""
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if code < 0x20:
        return chr(0x2400 + code)
    if char in _BIDI:
        return "⇄"
    if 0x80 <= code < 0xA0 or 0xD800 <= code < 0xE000 or 0xE0000 <= code < 0xE0080:
        return _REPLACED
    return _REPLACED if _is_noncharacter(code) else _INVISIBLE


def _is_noncharacter(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


@lru_cache(maxsize=8192)
def _kind(char: str) -> _Kind:
    code = ord(char)
    if char == _ZWJ:
        return _Kind.JOINER
    if char == "\u200c":
        return _Kind.NON_JOINER
    if code in (0xFE0E, 0xFE0F):
        return _Kind.EMOJI_SELECTOR
    if 0xFE00 <= code < 0xFE0E or 0xE0100 <= code < 0xE01F0:
        return _Kind.IDEOGRAPH_SELECTOR
    if 0x1F3FB <= code <= 0x1F3FF:
        return _Kind.SKIN_TONE
    if 0x1F1E6 <= code <= 0x1F1FF:
        return _Kind.FLAG_LETTER
    if char in _BLANK_LETTERS:
        return _Kind.FOREIGN
    if char in _SINGLE_PICTOGRAPHS or any(a <= code <= b for a, b in _PICTOGRAPHS):
        return _Kind.PICTOGRAPH
    if 0x1100 <= code < 0x1160 or 0xA960 <= code < 0xA97D or 0xAC00 <= code < 0xD7A4:
        return _Kind.JAMO
    if 0x1160 <= code < 0x1200 or 0xD7B0 <= code < 0xD7FC:
        return _Kind.JAMO_TAIL
    return _kind_by_category(char, code)


def _kind_by_category(char: str, code: int) -> _Kind:
    category = unicodedata.category(char)
    cells = cell_len(char)
    if category in ("Cc", "Cs", "Zl", "Zp") or _is_noncharacter(code) or char == "\u00ad":
        return _Kind.FOREIGN
    if category in ("Mn", "Me", "Mc"):
        return _Kind.MARK if cells == 0 else _Kind.PLAIN
    # Nothing else may be without a cell: format controls, and whatever Unicode adds later.
    if cells == 0 or char in _BIDI or 0xE0000 <= code < 0xE0080:
        return _Kind.FOREIGN
    return _Kind.PLAIN
