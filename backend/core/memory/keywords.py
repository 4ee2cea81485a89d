"""What of a text is worth looking up by its letters: words, identifiers, quotes, CJK runs.

Words are split as SQLite's unicode61 tokenizer splits them (letters and digits), so that a
word found here is a token there. `tests/unit/core/test_keywords.py` holds the judgements.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_NOTHING_TOLD = """
    a an the this that these those
    i me my mine myself you your yours yourself he him his himself she her hers herself it its
    itself we us our ours ourselves they them their theirs themselves
    who whom whose which what when where why how many much kind
    am is are was were be been being do does did has have had having
    can could will would shall should may might must
    and or as than then there of in on at to for with by from about
    s t d m ll re ve
"""
STOP_WORDS = frozenset(_NOTHING_TOLD.split())
"""Question words, English function words and the ends of contractions: they tell nothing apart.

On LoCoMo's development dialogues, keyword leg alone, leaving them out takes R@10 from 0.569 to
0.625 on turns and from 0.689 to 0.682 on observations. Words of order and direction (before,
after, up) are not here: leaving them out as well costs 0.004.
"""

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*(?:st|nd|rd|th|s|am|pm)?%?", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|`([^`]+)`')
_OUTER_SIGNS = "\"“”`'‘’()[]{}<>,;:!?.…"
# Scripts written without spaces between words, and Hangul, whose words take endings.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff"
    "\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003134f]+"
)
_IDENTIFIER = re.compile(
    r"""
      [^\W\d_]\d | \d[^\W\d_]       # letters and digits together: heron2, 4f21
    | \w_ | _\w                     # snake_case
    | [a-z][A-Z]                    # camelCase
    | \w{2}\.\w | \w\.\w{2}         # main.py, v1.2 (but not e.g. or U.S.)
    | :: | :// | \\                 # std::vector, an address, C:\x
    | ^[~.]{0,2}/\w | /\S*/         # a path
    """,
    re.VERBOSE,
)


def words_of(text: str) -> list[str]:
    """Return the words of `text` in order, as typed, composed (NFC); signs are left out."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


def content_words(text: str) -> list[str]:
    """Return the words that carry meaning, each once, in order; all words if none does."""
    words = words_of(text)
    telling = [word for word in words if word.casefold() not in STOP_WORDS]
    return _each_once(telling or words)


def has_unspaced_script(text: str) -> bool:
    """Return whether `text` has CJK or another script whose words a tokenizer cannot see."""
    return _UNSPACED.search(text) is not None


def has_identifier(text: str) -> bool:
    """Return whether a name from code, a path, an address or a version stands in `text`.

    Plain numbers, times and ordinals ("2023", "10:30", "9th") are words, not identifiers.
    """
    return next(_identifiers(text), None) is not None


def leans_to_keywords(text: str) -> bool:
    """Return whether `text` names something by its letters: an identifier, a number, a quote."""
    return (
        has_identifier(text)
        or _QUOTED.search(text) is not None
        or any(sign.isdigit() for sign in text)
    )


def exact_pieces(text: str) -> list[str]:
    """Return the pieces to find letter by letter, each once: quotes, identifiers, CJK.

    A CJK run longer than three signs comes as its overlapping threes, for a question hardly
    holds the whole of what is to be found. [] for plain prose.
    """
    quoted = ["".join(parts).strip() for parts in _QUOTED.findall(text)]
    runs = [
        run[start : start + 3]
        for run in _UNSPACED.findall(text)
        for start in range(max(1, len(run) - 2))
    ]
    return _each_once(piece for piece in (*quoted, *_identifiers(text), *runs) if piece)


def _identifiers(text: str) -> Iterator[str]:
    for piece in text.split():
        bare = piece.strip(_OUTER_SIGNS).removesuffix("'s").removesuffix("’s")
        if _IDENTIFIER.search(bare) and not _NUMBER.fullmatch(bare):
            yield bare


def _each_once(texts: Iterable[str]) -> list[str]:
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(text.casefold(), text)
    return list(first.values())
