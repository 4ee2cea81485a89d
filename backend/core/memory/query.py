"""The memory filter language: what a person types above the list, read by a real grammar.

    filter     = [ either ] ;
    either     = all , { "or" , all } ;
    all        = term , { [ "and" ] , term } ;
    term       = [ "-" ] , ( "(" , either , ")" | condition | phrase | "accessed" | word ) ;
    condition  = closed | number | age | date | text ;
    closed     = ( "cat" | "is" ) , sign , choice , { sep , choice } ;
    number     = ( "imp" | "uses" | "seen" ) , ( sign , digits , { sep , digits }
                                               | compare , digits ) ;
    age        = "age" , compare , digits , ( "h" | "d" | "w" | "mo" | "y" ) ;
    date       = ( "created" | "updated" ) , ( sign , day , { sep , day } | compare , day ) ;
    text       = ( "tag" | "by" | "source" | "session" ) , sign , value , { sep , value } ;
    day        = year , [ "-" , month , [ "-" , day of month ] ] ;
    value      = phrase | any signs but spaces, quotes, commas, bars and unpaired parentheses ;
    phrase     = '"' , { any sign but a quote | '""' } , '"' ;
    word       = any signs but spaces, quotes and unpaired parentheses ;
    sign       = ":" | "=" ;      compare = ">" | ">=" | "<" | "<=" (a colon may stand before) ;
    sep        = "," | "|" ;      several values mean: any of them

What the grammar leaves open is decided so:

- Keys, choices, `or`, `and` and `accessed` are read in either case. A choice may be shortened
  while it stays the only one (`cat:pref`).
- `tag:` and `by:` match a whole name; `source:` any part of where the memory came from, and
  `session:` the beginning of the id. With `=` these two match only the whole text.
- A name before a colon that is no key is refused when it reads as a key: at least two plain
  letters, then a letter or a quote (`foo:bar`), or any value after a near miss (`impo:4`), or a
  comparison with a number (`size>3`). The rest is free text: `http://x`, `C:\\x`, `12:30`,
  `std::vector`, `heron:5432`, `main.py:31`, `note:`.
- A minus negates what it touches; alone it is ignored, and `--force` and `->` are words.
- `or` as the very last letters of the line is a word: somebody is typing "orange".
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from backend.core.memory.filter_keys import (
    ALIASES,
    KEYS,
    TypedValue,
    advice,
    any_of,
    condition,
    refuse,
    refuse_a_mistyped_key,
)
from backend.core.memory.filter_terms import (
    Accessed,
    AgeUnit,
    All,
    Comparison,
    FreeWord,
    MemoryFilter,
    Not,
    Phrase,
    Term,
)

MAX_TERMS = 200
"""Words and values in one filter; SQLite refuses an expression deeper than 1,000."""
MAX_DEPTH = 6
"""Parentheses within parentheses; the worst kind overflowed SQLite's parser stack at 9."""


def parse_filter(text: str) -> MemoryFilter:
    """Return the filter that `text` means; no text is the empty filter.

    `str()` of the result is the same filter in its plainest spelling and parses to an equal
    one. Raises InvalidFilter, with the offset of the trouble in `text`, and nothing else.
    """
    tokens = _Scanner(text).tokens()
    _check_structure(tokens)
    if not tokens:
        return MemoryFilter()
    term, _ = _either(tokens, 0)
    return MemoryFilter(term)


def word_start(text: str, cursor: int) -> int:
    """Return the offset of the word that ends at `cursor`: what a suggestion replaces."""
    start = min(max(cursor, 0), len(text))
    while start > 0 and not (text[start - 1].isspace() or text[start - 1] in '()"'):
        start -= 1
    return start


def suggestions(text: str, cursor: int) -> list[str]:
    """Return what the word that ends at `cursor` may become, best first; [] where nothing fits.

    Keys come with their usual sign ("imp>="), closed values after what stands before them
    ("-is:pinned,del" gives "-is:pinned,deleted"). Put one in place of
    `text[word_start(text, cursor):cursor]`. Never raises.
    """
    start = word_start(text, cursor)
    before, typed = text[:start], text[start : max(cursor, 0)]
    if before.count('"') % 2 or typed in ("", "-"):
        return []
    minus = "-" if typed.startswith("-") else ""
    word = typed.removeprefix("-")
    match = _KEY.match(word)
    if match is None:
        keys = [_usual(key) for key in KEYS if key.startswith(word.casefold())]
        flags = ["accessed"] if "accessed".startswith(word.casefold()) else []
        return [minus + known for known in keys + flags]
    key = match.group(1).casefold()
    partial = re.split(r"[,|]", word[match.end() :])[-1]
    return _values_for(ALIASES.get(key, key), partial, minus + word.removesuffix(partial))


def _usual(key: str) -> str:
    match = _KEY.match(KEYS[key].example)
    return match.group() if match else key


def _values_for(key: str, partial: str, head: str) -> list[str]:
    if key == "age" and partial.isdecimal():
        return [head + partial + unit for unit in AgeUnit]
    choices = KEYS[key].choices if key in KEYS else ()
    fitting = [choice for choice in choices if choice.startswith(partial.casefold())]
    return [head + choice for choice in fitting if choice != partial]


class _Kind(Enum):
    OPEN = auto()
    CLOSE = auto()
    NOT = auto()
    OR = auto()
    AND = auto()
    TERM = auto()


class _Token(NamedTuple):
    kind: _Kind
    position: int
    text: str
    term: Term | None = None


_SPACE = re.compile(r"\s*")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_WORD = re.compile(r'[^\s()"](?:[^\s()"]|\([^\s()"]*\))*')
_VALUE = re.compile(r'(?:[^\s()",|]|\([^\s()"]*\))+')
_KEY = re.compile(r"([A-Za-z]+)(:(?:>=|<=|>|<|=)?|>=|<=|>|<|=)")
_LONE_MINUS = re.compile(r"-(?=\s|\)|\Z)")
_NEGATION = re.compile(r"-(?=[^\s)>-])")
_REST = re.compile(r"[^\s()]*")
_CONNECTIVES = {"or": _Kind.OR, "and": _Kind.AND}


class _Scanner:
    """Cuts a line into tokens; conditions leave it as finished terms."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._terms = 0
        for position, sign in enumerate(text):
            if "\ud800" <= sign <= "\udfff":
                refuse(
                    "This sign is half a character: delete it and type it again.",
                    position,
                )

    def tokens(self) -> list[_Token]:
        tokens: list[_Token] = []
        while True:
            self._skip(_SPACE)
            if self._at == len(self._text):
                return tokens
            if self._skip(_LONE_MINUS):
                continue
            negated = bool(tokens) and tokens[-1].kind is _Kind.NOT
            tokens.append(self._token(negated=negated))

    def _token(self, *, negated: bool) -> _Token:
        at, sign = self._at, self._text[self._at]
        if sign in "()" or _NEGATION.match(self._text, at):
            self._at += 1
            kind = {"(": _Kind.OPEN, ")": _Kind.CLOSE, "-": _Kind.NOT}[sign]
            return _Token(kind, at, sign)
        if sign == '"':
            self._count(at)
            return _Token(_Kind.TERM, at, sign, Phrase(self._quoted()))
        term = self._condition()
        if term is not None:
            return _Token(_Kind.TERM, at, self._text[at : self._at], term)
        match = _WORD.match(self._text, at)
        assert match is not None  # spaces, quotes and parentheses are dealt with above
        self._at, word = match.end(), match.group()
        connective = _CONNECTIVES.get(word.casefold())
        if connective is not None and not negated and self._at < len(self._text):
            return _Token(connective, at, word)
        self._count(at)
        accessed = word.casefold() == "accessed"
        return _Token(_Kind.TERM, at, word, Accessed() if accessed else FreeWord(word))

    def _condition(self) -> Term | None:
        """Read a condition at the cursor, or return None and leave the cursor alone."""
        match = _KEY.match(self._text, self._at)
        if match is None:
            return None
        at, typed = self._at, match.group(1).casefold()
        sign = match.group(2) if match.group(2) == ":" else match.group(2).removeprefix(":")
        key = ALIASES.get(typed, typed)
        if key not in KEYS:
            rest = _REST.match(self._text, match.end())
            refuse_a_mistyped_key(
                match.group(1), match.group(2), rest.group() if rest else "", self._at
            )
            return None
        self._at = match.end()
        values = self._values(key)
        self._count(at, len(values))
        return condition(key, Comparison(sign), values, match.start(2))

    def _values(self, key: str) -> list[TypedValue]:
        values: list[TypedValue] = []
        while True:
            at = self._at
            if self._text.startswith('"', at):
                values.append(TypedValue(self._quoted().strip(), at))
            else:
                match = _VALUE.match(self._text, at)
                if match is None:
                    refuse(f"{key} needs a value here: {advice(key)}.", at)
                self._at = match.end()
                values.append(TypedValue(match.group(), at))
            if self._text[self._at : self._at + 1] not in (",", "|"):
                return values
            self._at += 1

    def _quoted(self) -> str:
        at = self._at
        match = _QUOTED.match(self._text, at)
        if match is None:
            refuse(
                'This quote is never closed: add a " after the last exact word, '
                "or delete this one.",
                at,
            )
        content = match.group(1).replace('""', '"')
        if not content.strip():
            refuse('There is nothing between these quotes: write "exact words".', at)
        self._at = match.end()
        return content

    def _count(self, at: int, more: int = 1) -> None:
        self._terms += more
        if self._terms > MAX_TERMS:
            refuse(
                f"A filter holds at most {MAX_TERMS} words and values: shorten it here.",
                at,
            )

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self._text, self._at)
        if match is None:
            return False
        self._at = match.end()
        return True


def _check_structure(tokens: list[_Token]) -> None:
    """Refuse unpaired parentheses and dangling connectives; what is left always builds."""
    opened: list[_Token] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1].kind if index else None
        after = tokens[index + 1].kind if index + 1 < len(tokens) else None
        if token.kind in (_Kind.OR, _Kind.AND):
            starts = (_Kind.TERM, _Kind.NOT, _Kind.OPEN)
            if before not in (_Kind.TERM, _Kind.CLOSE) or after not in starts:
                refuse(
                    f"“{token.text}” needs a term on each side, as in tag:home or tag:work; "
                    f'to search for the word, put it in quotes: "{token.text}".',
                    token.position,
                )
        elif token.kind is _Kind.OPEN:
            opened.append(token)
            if len(opened) > MAX_DEPTH:
                refuse(
                    f"Parentheses go at most {MAX_DEPTH} deep: take some away here.",
                    token.position,
                )
        elif token.kind is _Kind.CLOSE:
            if not opened:
                refuse(
                    "This “)” closes nothing: delete it, or put the text in quotes.",
                    token.position,
                )
            if before is _Kind.OPEN:
                refuse(
                    "These parentheses are empty: write terms in them, as in "
                    "(tag:home or tag:work).",
                    opened[-1].position,
                )
            opened.pop()
    if opened:
        refuse(
            "This “(” is never closed: add a “)” after the last term, or put the text in quotes.",
            opened[-1].position,
        )


def _either(tokens: list[_Token], at: int) -> tuple[Term, int]:
    term, at = _all(tokens, at)
    terms = [term]
    while at < len(tokens) and tokens[at].kind is _Kind.OR:
        term, at = _all(tokens, at + 1)
        terms.append(term)
    return any_of(terms), at


def _all(tokens: list[_Token], at: int) -> tuple[Term, int]:
    terms: list[Term] = []
    while at < len(tokens) and tokens[at].kind not in (_Kind.OR, _Kind.CLOSE):
        if tokens[at].kind is _Kind.AND:
            at += 1
            continue
        term, at = _one(tokens, at)
        terms.extend(term.terms if isinstance(term, All) else (term,))
    return (terms[0] if len(terms) == 1 else All(tuple(terms))), at


def _one(tokens: list[_Token], at: int) -> tuple[Term, int]:
    token = tokens[at]
    if token.kind is _Kind.NOT:
        term, at = _one(tokens, at + 1)
        return Not(term), at
    if token.kind is _Kind.OPEN:
        term, at = _either(tokens, at + 1)
        return term, at + 1
    assert token.term is not None  # `_check_structure` let nothing else through
    return token.term, at + 1
