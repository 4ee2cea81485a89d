"""WordPiece as uncased BERT models expect it: text in, vocabulary ids out.

The rules are those of BERT's tokenizer (github.com/google-research/bert, `tokenization.py`):
controls dropped, ideographs set apart, accents stripped, lower case, punctuation split off, then
greedy longest match. All but the last look at one character at a time, so they are one table.

Text is only text: a literal "[SEP]" in it is spelled out, never the model's separator.
Held by `tests/unit/infra/test_wordpiece.py`: the same ids as the `tokenizers` package.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

LONGEST_WORD = 100
"""Characters; a longer word is one unknown token (BERT's `max_input_chars_per_word`)."""

_FIRST_WINDOW = 4096  # characters; 254 pieces of English need about 1,200
_WINDOW_GROWTH = 8  # so all windows of a long text together cost at most 1.15 times the last one
_CHARACTERS_KEPT = 65_536  # about 8 MB at worst
_WORDS_KEPT = 16_384  # about 4 MB; a store's own words repeat far more than a language's

_IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),  # from 2B920, not 2B820: as the `tokenizers` package has it
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class WordPiece:
    """Splits texts into ids of one vocabulary; safe to share between threads."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        """Take the entries in the order of their ids; KeyError when a special one is missing."""
        self._ids: Mapping[str, int] = {word: number for number, word in enumerate(vocabulary)}
        self._first, self._last = self._ids["[CLS]"], self._ids["[SEP]"]
        self._unknown = self._ids["[UNK]"]
        self._pieces = lru_cache(maxsize=_WORDS_KEPT)(self._match)

    def encode(self, text: str, *, longest: int) -> list[int]:
        """Return the ids of `text` between [CLS] and [SEP], at most `longest` in all (>= 2).

        What lies beyond the cut is not looked at: 1 MB costs little more than a page.
        """
        room = longest - 2
        window = _FIRST_WINDOW
        while True:
            pieces = self._pieces_of(text[:window], room, whole=window >= len(text))
            if len(pieces) >= room or window >= len(text):
                return [self._first, *pieces[:room], self._last]
            window *= _WINDOW_GROWTH

    def _pieces_of(self, text: str, room: int, *, whole: bool) -> list[int]:
        words = text.translate(_SPELLING).split()
        if not whole:
            del words[-1:]  # the window may have cut it
        pieces: list[int] = []
        for word in words:
            # Before the cache, which would keep a word of a megabyte.
            pieces += self._pieces(word) if len(word) <= LONGEST_WORD else (self._unknown,)
            if len(pieces) >= room:
                break
        return pieces

    def _match(self, word: str) -> tuple[int, ...]:
        pieces = tuple(self._longest_matches(word))
        return (self._unknown,) if self._unknown in pieces else pieces

    def _longest_matches(self, word: str) -> Iterator[int]:
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._ids.get(prefix + word[start:end])
                if number is not None:
                    yield number
                    start = end
                    break
            else:
                yield self._unknown
                return


class _Spelling(dict[int, str]):
    """What becomes of a character, worked out when it is first met; spaces end words."""

    def __missing__(self, code: int) -> str:
        spelled = _spell(chr(code))
        if len(self) < _CHARACTERS_KEPT:
            self[code] = spelled
        return spelled


def _spell(character: str) -> str:
    if _is_dropped(character):
        return ""
    if character.isspace():
        return " "
    # Character by character on purpose: BERT's lower case knows no word-final sigma.
    plain = "".join(
        part.lower()
        for part in unicodedata.normalize("NFD", character)
        if unicodedata.category(part) != "Mn"
    )
    spelled = "".join(f" {part} " if _is_punctuation(part) else part for part in plain)
    return f" {spelled} " if _is_ideograph(character) else spelled


def _is_dropped(character: str) -> bool:
    if character in "\t\n\r":
        return False
    # "Cn", not assigned, is kept (and unknown): which ones those are depends on the Python.
    return character == "\ufffd" or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}


def _is_punctuation(character: str) -> bool:
    # "$", "+", "<", "=", ">", "^", "`", "|" and "~" are symbols in Unicode, punctuation to BERT.
    if character.isascii():
        return character.isprintable() and not character.isalnum() and character != " "
    return unicodedata.category(character).startswith("P")


def _is_ideograph(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _IDEOGRAPHS)


_SPELLING = _Spelling()
