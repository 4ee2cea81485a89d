"""Undo as arithmetic on a list of events, and the chain that makes the list tamper-evident.

An event is *cancelled* while a standing event undoes it; a redo is an undo of an undo. An act may
be taken back if and only if no standing later act touched the same things.
`tests/properties/test_journal.py` holds this against a simple model.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from backend.types.journal import Act, EntityKind


class Link(NamedTuple):
    """An event and the one it takes back, if it is an undo or a redo."""

    sequence: int
    undo_of: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """One entity's canonical JSON before and after an act; None where it did not exist."""

    kind: EntityKind
    entity_id: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An act on its way into the journal."""

    at: datetime
    actor: str
    act: Act
    summary: str
    changes: Sequence[Change]
    bot_id: str | None = None
    undoable: bool = True
    undo_of: int | None = None


def cancelled(links: Iterable[Link]) -> set[int]:
    """Return the sequences that are taken back; `links` in any order, all later ones included."""
    gone: set[int] = set()
    for link in sorted(links, reverse=True):
        if link.undo_of is not None and link.sequence not in gone:
            gone.add(link.undo_of)
    return gone


def blocking(sequence: int, later: Iterable[Link]) -> list[int]:
    """Return the standing acts that must be taken back before `sequence`, newest first.

    `later` are the events after `sequence` that touched any of its entities. What an undo among
    them cancelled no longer stands in the way; the undo itself does when it took back something
    older than `sequence`, for then the things are not as `sequence` found and left them.
    """
    later = list(later)
    gone = cancelled(later)
    return sorted(
        (
            link.sequence
            for link in later
            if link.sequence not in gone and (link.undo_of is None or link.undo_of < sequence)
        ),
        reverse=True,
    )


def payload_digest(salt: bytes, change: Change) -> bytes:
    """Return SHA-256(salt || canonical payload): it outlives the payload when that is forgotten."""
    payload = json.dumps(
        [change.kind.value, change.entity_id, change.before, change.after], ensure_ascii=False
    )
    return hashlib.sha256(salt + payload.encode()).digest()


def event_digest(payload_digests: Iterable[bytes]) -> bytes:
    """Return the digest of an event's payloads, in their order."""
    return hashlib.sha256(b"".join(payload_digests)).digest()


def event_mac(
    key: bytes, previous: bytes, sequence: int, record: EventRecord, digest: bytes
) -> bytes:
    """Return the event's HMAC-SHA-256, chained to the one before it."""
    head = json.dumps(
        [
            sequence,
            record.at.isoformat(),
            record.actor,
            record.act.value,
            record.bot_id,
            record.summary,
            record.undoable,
            record.undo_of,
            digest.hex(),
        ],
        ensure_ascii=False,
    )
    return hmac.digest(key, previous + head.encode(), "sha256")


def head_mac(key: bytes, sequence: int, mac: bytes) -> bytes:
    """Return the seal of the newest event: without it the tail could be cut off unseen."""
    return hmac.digest(key, b"head" + sequence.to_bytes(8, "big") + mac, "sha256")
