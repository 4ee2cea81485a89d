"""JSON in which nothing is guessed: keys that stand twice, NaN and half characters are refused."""

from __future__ import annotations

import json
import re
from typing import NoReturn


class NotJson(ValueError):
    """The text is not JSON that has one meaning; `position` is an offset where it is known."""

    def __init__(self, why: str, *, position: int | None = None) -> None:
        super().__init__(why)
        self.position = position


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise NotJson(f"the key “{key}” stands twice in one object: keep one of them")
            seen.add(key)
    return members


def _constant(word: str) -> NoReturn:
    raise NotJson(f"{word} is not a JSON number: write a number or leave it out")


_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
"""The escape of half a character above U+FFFF; most are followed by the other half."""

_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def decode_at(text: str, start: int) -> tuple[object, int]:
    """Return the JSON value that begins at `start` and the offset after it; raises NotJson."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except NotJson:
        raise
    except json.JSONDecodeError as error:
        why = error.msg[:1].lower() + error.msg[1:]
        raise NotJson(f"this is not JSON: {why}", position=error.pos) from error
    except RecursionError as error:
        raise NotJson("this JSON is nested too deeply for a memory") from error
    except ValueError as error:  # an integer of thousands of digits
        raise NotJson("this JSON has a number that is too long") from error
    if _HALF_CHARACTER.search(text, start, end):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise NotJson(
                "a text has half of a character in it (a lone surrogate): write it whole"
            ) from error
    return value, end
