"""What a fact may be, and when two are the same sentence."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from backend.types.errors import Invalid
from backend.types.memory import MAX_FACT_BYTES, MAX_TAG_LENGTH, MAX_TAGS

_SPACE = re.compile(r"\s+")
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})
_EDGES = " .!;,*•-"


def check_fact(fact: str) -> str:
    """Return `fact` exactly as it is; raises Invalid when it is empty, too long or not text."""
    if not fact.strip():
        raise Invalid("A memory needs a text: write the fact in one sentence.")
    try:
        size = len(fact.encode())
    except UnicodeEncodeError as error:
        raise Invalid(
            "This text has half of a character in it (a lone surrogate) and cannot be stored: "
            "copy it again from its source."
        ) from error
    if size > MAX_FACT_BYTES:
        raise Invalid(
            f"This text has {size:,} bytes; a memory holds at most {MAX_FACT_BYTES:,}. "
            "Split it into facts, or keep it as a file."
        )
    return fact


def fact_hash(fact: str) -> bytes:
    """Return the SHA-256 that equal sentences share: case, spacing, quotes and end marks aside.

    Nothing inside a sentence is dropped: "port 80.90" and "port 8090" are two facts.
    """
    text = unicodedata.normalize("NFKC", fact).casefold().translate(_STRAIGHT)
    text = _SPACE.sub(" ", text).strip()
    return hashlib.sha256((text.strip(_EDGES) or text or fact).encode()).digest()


def check_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the tags trimmed, without repeats, in their order; raises Invalid."""
    kept = tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    if len(kept) > MAX_TAGS:
        raise Invalid(f"A memory holds at most {MAX_TAGS} tags; these are {len(kept)}.")
    for tag in kept:
        if len(tag) > MAX_TAG_LENGTH:
            raise Invalid(
                f"A tag has at most {MAX_TAG_LENGTH} characters: “{tag[:20]}…” is longer."
            )
    return kept


_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def written_on(at: datetime) -> str:
    """Return the date as people ask for it ("9 May 2023, Tuesday"); it is part of the keyword text.

    Not `strftime`: its names follow the locale.
    """
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {_DAYS[at.weekday()]}"
