"""The journal: events and their payloads, chained by HMAC in the order of their sequence."""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from backend.core.clock import Entropy
from backend.core.journal import (
    Change,
    EventRecord,
    Link,
    cancelled,
    event_digest,
    event_mac,
    head_mac,
    payload_digest,
)
from backend.infra.integrity_keys import IntegrityKey
from backend.infra.sqlite.values import micros, moment
from backend.types.errors import Corrupt
from backend.types.journal import Act, ChainReport, EntityKind, JournalChange, JournalEvent

_SALT_SIZE = 16
_SHOWN_PROBLEMS = 20
_KINDS = frozenset(EntityKind)

_EVENT = """
    e.sequence, e.at, e.actor, e.act, e.bot_id, e.summary, e.undoable, e.undo_of,
    (SELECT COUNT(*) FROM event_payloads p WHERE p.event = e.sequence)
"""
HEAD = "SELECT sequence, mac FROM journal_head"
LAST = "SELECT sequence, mac, key_id FROM events ORDER BY sequence DESC LIMIT 1"
INSERT_EVENT = """
INSERT INTO events (sequence, at, actor, act, bot_id, summary, undoable, undo_of, digest, key_id,
                    mac)
VALUES (:sequence, :at, :actor, :act, :bot_id, :summary, :undoable, :undo_of, :digest, :key_id,
        :mac)
"""
INSERT_PAYLOAD = "INSERT INTO event_payloads VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
SET_HEAD = """
INSERT INTO journal_head (one, sequence, mac) VALUES (1, :sequence, :mac)
ON CONFLICT (one) DO UPDATE SET sequence = excluded.sequence, mac = excluded.mac
"""
GET = f"SELECT {_EVENT} FROM events e WHERE e.sequence = :sequence"
CHANGES = """
SELECT kind, entity_id, before, after, salt FROM event_payloads WHERE event = :event
ORDER BY position
"""
CHANGES_OF = """
SELECT p.kind, p.entity_id, p.before, p.after, p.salt FROM event_payloads p
WHERE p.entity_id = :entity_id AND p.event = :event ORDER BY p.position
"""
NEWEST = f"""
SELECT {_EVENT} FROM events e
WHERE e.sequence < :before AND (:actor IS NULL OR e.actor = :actor)
ORDER BY e.sequence DESC LIMIT :limit
"""
OF_ACTOR = f"SELECT {_EVENT} FROM events e WHERE e.actor = :actor ORDER BY e.sequence DESC"
OF_ENTITY = f"""
SELECT {_EVENT} FROM events e
WHERE e.sequence IN (SELECT event FROM event_payloads WHERE entity_id = :entity_id)
ORDER BY e.sequence DESC LIMIT :limit
"""
LATER_ON_SAME = """
SELECT DISTINCT e.sequence, e.undo_of
FROM event_payloads mine
JOIN event_payloads theirs
    ON theirs.entity_id = mine.entity_id AND theirs.event > :sequence
JOIN events e ON e.sequence = theirs.event
WHERE mine.event = :sequence
"""
UNDO_LINKS = "SELECT sequence, undo_of FROM events WHERE undo_of IS NOT NULL AND undo_of >= :oldest"
VERIFY_EVENTS = """
SELECT sequence, at, actor, act, bot_id, summary, undoable, undo_of, digest, key_id, mac
FROM events ORDER BY sequence
"""
VERIFY_PAYLOADS = """
SELECT event, kind, entity_id, before, after, salt, digest FROM event_payloads
ORDER BY event, position
"""


class SqliteJournal:
    """`JournalTable` over one connection."""

    def __init__(self, connection: sqlite3.Connection, key: IntegrityKey, entropy: Entropy) -> None:
        self._connection = connection
        self._key = key
        self._entropy = entropy

    def record(self, record: EventRecord) -> int:
        last = self._connection.execute(LAST).fetchone()
        sequence, previous = (last[0] + 1, last[1]) if last else (1, b"")
        salts = self._entropy.token(_SALT_SIZE * len(record.changes))
        payloads = []
        digests = []
        for position, change in enumerate(record.changes):
            salt = salts[position * _SALT_SIZE : (position + 1) * _SALT_SIZE]
            digest = payload_digest(salt, change)
            digests.append(digest)
            payloads.append(
                (
                    sequence,
                    position,
                    change.kind.value,
                    change.entity_id,
                    change.before,
                    change.after,
                    salt,
                    digest,
                )
            )
        digest = event_digest(digests)
        mac = event_mac(self._key.secret, previous, sequence, record, digest)
        self._connection.execute(
            INSERT_EVENT,
            {
                "sequence": sequence,
                "at": micros(record.at),
                "actor": record.actor,
                "act": record.act.value,
                "bot_id": record.bot_id,
                "summary": record.summary,
                "undoable": int(record.undoable),
                "undo_of": record.undo_of,
                "digest": digest,
                "key_id": self._key.id,
                "mac": mac,
            },
        )
        self._connection.executemany(INSERT_PAYLOAD, payloads)
        sealed = head_mac(self._key.secret, sequence, mac)
        self._connection.execute(SET_HEAD, {"sequence": sequence, "mac": sealed})
        return sequence

    def last_sequence(self) -> int:
        last = self._connection.execute(LAST).fetchone()
        return last[0] if last else 0

    def last_key_id(self) -> str | None:
        """Return the id of the key that sealed the newest event; None for an empty journal."""
        last = self._connection.execute(LAST).fetchone()
        return last[2] if last else None

    def get(self, sequence: int) -> JournalEvent | None:
        rows = self._connection.execute(GET, {"sequence": sequence}).fetchall()
        return self._events(rows)[0] if rows else None

    def changes(self, sequence: int) -> list[JournalChange]:
        rows = self._connection.execute(CHANGES, {"event": sequence})
        return [_change_from_row(sequence, row) for row in rows]

    def changes_of(self, sequence: int, entity_id: str) -> tuple[JournalChange, ...]:
        names = {"event": sequence, "entity_id": entity_id}
        rows = self._connection.execute(CHANGES_OF, names)
        return tuple(_change_from_row(sequence, row) for row in rows)

    def newest(self, *, limit: int, before: int | None, actor: str | None) -> list[JournalEvent]:
        names = {"limit": limit, "before": 1 << 62 if before is None else before, "actor": actor}
        return self._events(self._connection.execute(NEWEST, names).fetchall())

    def of_entity(self, entity_id: str, *, limit: int) -> list[JournalEvent]:
        names = {"entity_id": entity_id, "limit": limit}
        return self._events(self._connection.execute(OF_ENTITY, names).fetchall())

    def later_on_same(self, sequence: int) -> list[Link]:
        rows = self._connection.execute(LATER_ON_SAME, {"sequence": sequence})
        return [Link(*row) for row in rows]

    def acts_of(self, actor: str) -> Iterator[JournalEvent]:
        cursor = self._connection.execute(OF_ACTOR, {"actor": actor})
        while rows := cursor.fetchmany(32):
            yield from self._events(rows)

    def _events(self, rows: list[tuple[Any, ...]]) -> list[JournalEvent]:
        if not rows:
            return []
        oldest = min(row[0] for row in rows)
        links = self._connection.execute(UNDO_LINKS, {"oldest": oldest})
        gone = cancelled(Link(*link) for link in links)
        return [_event_from_row(row, undone=row[0] in gone) for row in rows]

    def verify(self) -> ChainReport:
        problems: list[str] = []
        payloads = _Payloads(self._connection, problems)
        previous, expected, verified_from = b"", 1, 1
        foreign = False
        for row in self._connection.execute(VERIFY_EVENTS):
            sequence, digest, key_id, mac = row[0], row[8], row[9], row[10]
            if sequence != expected:
                problems.append(f"event {expected} is missing")
            if payloads.digest_of(sequence) != digest:
                problems.append(f"event {sequence}: what it changed was altered")
            ours = key_id == self._key.id
            if ours and not self._seal_fits(row, previous):
                problems.append(f"event {sequence}: its seal does not fit")
            if ours and foreign:
                # Whoever has no key can call an event foreign, but cannot seal what must follow.
                if row[3] == Act.RE_ANCHOR.value:
                    verified_from = sequence
                else:
                    problems.append(f"events before {sequence} bear a key that was never replaced")
            foreign = not ours
            previous, expected = mac, sequence + 1
        payloads.finish()
        problems.extend(self._head_problems(expected - 1, previous, foreign))
        return ChainReport(
            ok=not problems,
            events=expected - 1,
            verified_from=verified_from,
            problems=tuple(problems[:_SHOWN_PROBLEMS]),
        )

    def _seal_fits(self, row: tuple[Any, ...], previous: bytes) -> bool:
        try:
            record = _record_from_row(row)
        except (ValueError, OverflowError):  # a word or a time that no act has
            return False
        mine = event_mac(self._key.secret, previous, row[0], record, row[8])
        return hmac.compare_digest(mine, row[10])

    def _head_problems(self, last: int, mac: bytes, foreign: bool) -> list[str]:
        head = self._connection.execute(HEAD).fetchone()
        if head is None:
            return ["the seal of the newest event is missing"] if last else []
        if head[0] != last:
            return [f"events after {last} were cut off: {head[0]} were sealed"]
        if foreign:
            return [f"event {last}, the newest, bears a foreign key"]
        if not hmac.compare_digest(head_mac(self._key.secret, last, mac), head[1]):
            return [f"the seal of the newest event, {last}, does not fit"]
        return []


class _Payloads:
    """Walks all payloads once, in step with the events."""

    def __init__(self, connection: sqlite3.Connection, problems: list[str]) -> None:
        self._rows = connection.execute(VERIFY_PAYLOADS)
        self._next = self._rows.fetchone()
        self._problems = problems

    def digest_of(self, sequence: int) -> bytes:
        digests = []
        while self._next is not None and self._next[0] <= sequence:
            event, kind, entity_id, before, after, salt, digest = self._next
            self._next = self._rows.fetchone()
            if event < sequence:
                self._problems.append(f"a payload belongs to event {event}, which is missing")
                continue
            if _altered(kind, entity_id, before, after, salt, digest):
                self._problems.append(f"event {event}: the payload of {kind} was altered")
            digests.append(digest)
        return event_digest(digests)

    def finish(self) -> None:
        if self._next is not None:
            self._problems.append(f"payloads from event {self._next[0]} on have no event")


def _altered(
    kind: str,
    entity_id: str,
    before: str | None,
    after: str | None,
    salt: bytes | None,
    digest: bytes,
) -> bool:
    if salt is None:  # forgotten: then nothing is left of it but its digest
        return before is not None or after is not None
    if kind not in _KINDS:
        return True
    return payload_digest(salt, Change(EntityKind(kind), entity_id, before, after)) != digest


def _event_from_row(row: tuple[Any, ...], *, undone: bool) -> JournalEvent:
    with _readable(row[0]):
        return JournalEvent(
            sequence=row[0],
            at=moment(row[1]),
            actor=row[2],
            act=Act(row[3]),
            bot_id=None if row[4] is None else UUID(row[4]),
            summary=row[5],
            undoable=bool(row[6]),
            undo_of=row[7],
            undone=undone,
            size=row[8],
        )


def _change_from_row(sequence: int, row: tuple[Any, ...]) -> JournalChange:
    kind, entity_id, before, after, salt = row
    with _readable(sequence):
        return JournalChange(
            kind=EntityKind(kind),
            entity_id=entity_id,
            before=None if before is None else json.loads(before),
            after=None if after is None else json.loads(after),
            forgotten=salt is None,
        )


@contextmanager
def _readable(sequence: int) -> Iterator[None]:
    """Turn what no program of ours can have written into Corrupt."""
    try:
        yield
    except (ValueError, OverflowError) as error:
        raise Corrupt(
            f"Event {sequence} of the journal was altered and cannot be read: “boternity history "
            "verify” says what else was."
        ) from error


def _record_from_row(row: tuple[Any, ...]) -> EventRecord:
    return EventRecord(
        at=moment(row[1]),
        actor=row[2],
        act=Act(row[3]),
        summary=row[5],
        changes=(),
        bot_id=row[4],
        undoable=bool(row[6]),
        undo_of=row[7],
    )
