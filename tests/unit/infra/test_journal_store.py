"""Whoever changes the journal by hand is noticed: each way of tampering against `verify`.

The forger may write the database file but has no key: triggers are dropped, digests are made anew
where they need no secret.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from backend.core.journal import Change, EventRecord, event_digest, payload_digest
from backend.infra.integrity_keys import IntegrityKey
from backend.infra.sqlite.connection import connect
from backend.infra.sqlite.journal import SqliteJournal
from backend.infra.sqlite.migrate import migrate
from backend.types.errors import Corrupt
from backend.types.journal import Act, EntityKind, JournalChange
from tests.doubles.clock import START
from tests.doubles.entropy import SeededEntropy

ANA = UUID(int=7)
KEY = IntegrityKey("ours", b"k" * 32)
THEIRS = IntegrityKey("theirs", b"x" * 32)
Tampering = Callable[[sqlite3.Connection], object]
_TRIGGERS = ("events_never_change", "events_never_go", "event_payloads_never_go")
_LAST_TRIGGER = "event_payloads_only_forget"


def record(number: int) -> EventRecord:
    """An act on two memories."""
    return EventRecord(
        at=START,
        actor="user",
        act=Act.EDIT,
        summary=f"edited {number}",
        changes=[
            Change(EntityKind.MEMORY, f"one-{number}", None, '{"fact": "new"}'),
            Change(EntityKind.MEMORY, f"two-{number}", '{"fact": "old"}', '{"fact": "new"}'),
        ],
        bot_id=str(ANA),
    )


def journal(connection: sqlite3.Connection, key: IntegrityKey = KEY) -> SqliteJournal:
    return SqliteJournal(connection, key, SeededEntropy())


@pytest.fixture
def written(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Five acts, and the triggers out of the forger's way."""
    for number in range(1, 6):
        journal(connection).record(record(number))
    assert journal(connection).verify().ok
    for trigger in (*_TRIGGERS, _LAST_TRIGGER):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("PRAGMA foreign_keys = OFF")
    return connection


def shown(the_journal: SqliteJournal, sequence: int) -> list[JournalChange]:
    """Read an event as the history shows it."""
    the_journal.newest(limit=1, before=sequence + 1, actor=None)
    return the_journal.changes(sequence)


def run(*statements: str) -> Tampering:
    def tamper(connection: sqlite3.Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    return tamper


def swap(table: str, column: str) -> Tampering:
    """Exchange the events 2 and 3."""
    return run(
        f"UPDATE {table} SET {column} = -1 WHERE {column} = 2",
        f"UPDATE {table} SET {column} = 2 WHERE {column} = 3",
        f"UPDATE {table} SET {column} = 3 WHERE {column} = -1",
    )


def rewrite_payload_with_its_digest(connection: sqlite3.Connection) -> None:
    """The salt is in the file, so a payload's own digest can be forged; the seal cannot."""
    salt = connection.execute("SELECT salt FROM event_payloads WHERE event = 3").fetchone()[0]
    forged = Change(EntityKind.MEMORY, "one-3", None, '{"fact": "forged"}')
    connection.execute(
        "UPDATE event_payloads SET after = ?, digest = ? WHERE event = 3 AND position = 0",
        (forged.after, payload_digest(salt, forged)),
    )
    digests = connection.execute(
        "SELECT digest FROM event_payloads WHERE event = 3 ORDER BY position"
    ).fetchall()
    connection.execute(
        "UPDATE events SET digest = ? WHERE sequence = 3", (event_digest(d for (d,) in digests),)
    )


def append_under(key: IntegrityKey) -> Tampering:
    return lambda connection: journal(connection, key).record(record(6))


TAMPERINGS: dict[str, Tampering] = {
    "edit an actor": run("UPDATE events SET actor = 'ben' WHERE sequence = 2"),
    "edit an act": run("UPDATE events SET act = 'delete' WHERE sequence = 2"),
    "edit an act into nonsense": run("UPDATE events SET act = 'nonsense' WHERE sequence = 2"),
    "edit a time": run("UPDATE events SET at = at + 1 WHERE sequence = 2"),
    "edit a time beyond all calendars": run("UPDATE events SET at = 1 << 62 WHERE sequence = 2"),
    "edit a bot": run("UPDATE events SET bot_id = NULL WHERE sequence = 2"),
    "edit a summary": run("UPDATE events SET summary = 'nothing' WHERE sequence = 5"),
    "make an act final": run("UPDATE events SET undoable = 0 WHERE sequence = 5"),
    "make an act an undo": run("UPDATE events SET undo_of = 1 WHERE sequence = 5"),
    "edit a digest": run("UPDATE events SET digest = x'00' WHERE sequence = 3"),
    "edit a seal": run("UPDATE events SET mac = x'00' WHERE sequence = 3"),
    "edit the last seal": run("UPDATE events SET mac = x'00' WHERE sequence = 5"),
    "call an event foreign": run("UPDATE events SET key_id = 'gone' WHERE sequence = 3"),
    "call an event foreign and edit it": run(
        "UPDATE events SET key_id = 'gone', summary = 'forged' WHERE sequence = 3"
    ),
    "call the last event foreign and edit it": run(
        "UPDATE events SET key_id = 'gone', summary = 'forged' WHERE sequence = 5"
    ),
    "call all events foreign": run("UPDATE events SET key_id = 'gone'"),
    "swap two events": swap("events", "sequence"),
    "swap two events with their payloads": lambda connection: (
        swap("events", "sequence")(connection),
        swap("event_payloads", "event")(connection),
    ),
    "swap the payloads of two events": swap("event_payloads", "event"),
    "swap the payloads of one event": run(
        "UPDATE event_payloads SET position = 9 WHERE event = 3 AND position = 0",
    ),
    "delete the first event": run("DELETE FROM events WHERE sequence = 1"),
    "delete an event": run("DELETE FROM events WHERE sequence = 3"),
    "delete an event with its payloads": run(
        "DELETE FROM events WHERE sequence = 3", "DELETE FROM event_payloads WHERE event = 3"
    ),
    "close the gap after deleting": run(
        "DELETE FROM events WHERE sequence = 3",
        "DELETE FROM event_payloads WHERE event = 3",
        "UPDATE events SET sequence = sequence - 1 WHERE sequence > 3",
        "UPDATE event_payloads SET event = event - 1 WHERE event > 3",
    ),
    "delete a payload": run("DELETE FROM event_payloads WHERE event = 3 AND position = 1"),
    "cut off the end": run(
        "DELETE FROM events WHERE sequence > 3", "DELETE FROM event_payloads WHERE event > 3"
    ),
    "cut off the end and mend the head": run(
        "DELETE FROM events WHERE sequence > 3",
        "DELETE FROM event_payloads WHERE event > 3",
        "UPDATE journal_head SET sequence = 3",
    ),
    "cut off the end and call the rest foreign": run(
        "DELETE FROM events WHERE sequence > 3",
        "DELETE FROM event_payloads WHERE event > 3",
        "UPDATE journal_head SET sequence = 3",
        "UPDATE events SET key_id = 'gone' WHERE sequence = 3",
    ),
    "delete all events": run("DELETE FROM events", "DELETE FROM event_payloads"),
    "delete the head": run("DELETE FROM journal_head"),
    "edit the head": run("UPDATE journal_head SET mac = x'00'"),
    "insert an event between": run(
        "UPDATE events SET sequence = 6 WHERE sequence = 5",
        "UPDATE event_payloads SET event = 6 WHERE event = 5",
        "INSERT INTO events SELECT 5, at, actor, act, bot_id, summary, undoable, undo_of, digest,"
        " key_id, mac FROM events WHERE sequence = 4",
        "UPDATE journal_head SET sequence = 6",
    ),
    "append a copy": run(
        "INSERT INTO events SELECT 6, at, actor, act, bot_id, summary, undoable, undo_of, digest,"
        " key_id, mac FROM events WHERE sequence = 5",
        "UPDATE journal_head SET sequence = 6",
    ),
    "append under another key": append_under(THEIRS),
    "append under our name with another secret": append_under(IntegrityKey("ours", b"x" * 32)),
    "insert a payload": run(
        "INSERT INTO event_payloads SELECT event, 9, kind, entity_id, before, after, salt, digest"
        " FROM event_payloads WHERE event = 3 AND position = 0"
    ),
    "insert a payload of no event": run(
        "INSERT INTO event_payloads SELECT 77, 0, kind, entity_id, before, after, salt, digest"
        " FROM event_payloads WHERE event = 3 AND position = 0"
    ),
    "edit what was before": run(
        "UPDATE event_payloads SET before = '{}' WHERE event = 3 AND position = 1"
    ),
    "edit what came after": run("UPDATE event_payloads SET after = '{}' WHERE event = 3"),
    "edit whose it was": run(
        "UPDATE event_payloads SET entity_id = 'other' WHERE event = 3 AND position = 0"
    ),
    "edit a kind": run(
        "UPDATE event_payloads SET kind = 'bot' WHERE event = 3 AND position = 0"
    ),
    "edit a kind into nonsense": run(
        "UPDATE event_payloads SET kind = 'nonsense' WHERE event = 3 AND position = 0"
    ),
    "edit a salt": run("UPDATE event_payloads SET salt = x'00' WHERE event = 3"),
    "edit a payload's digest": run("UPDATE event_payloads SET digest = x'00' WHERE event = 3"),
    "edit a payload and call it forgotten": run(
        "UPDATE event_payloads SET after = '{}', salt = NULL WHERE event = 3 AND position = 0"
    ),
    "edit a payload and its digests": rewrite_payload_with_its_digest,
}  # fmt: skip


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_noticed(tampering: str, written: sqlite3.Connection) -> None:
    TAMPERINGS[tampering](written)

    report = journal(written).verify()

    assert not report.ok
    assert report.problems


def test_an_event_that_was_altered_is_named(written: sqlite3.Connection) -> None:
    written.execute("UPDATE events SET summary = 'forged' WHERE sequence = 3")

    assert journal(written).verify().problems == ("event 3: its seal does not fit",)


def test_an_altered_payload_names_its_event(written: sqlite3.Connection) -> None:
    written.execute("UPDATE event_payloads SET after = '{}' WHERE event = 4 AND position = 0")

    assert journal(written).verify().problems == ("event 4: the payload of memory was altered",)


def test_a_missing_event_is_named(written: sqlite3.Connection) -> None:
    written.execute("DELETE FROM events WHERE sequence = 2")
    written.execute("DELETE FROM event_payloads WHERE event = 2")

    assert "event 2 is missing" in journal(written).verify().problems


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET act = 'nonsense'",
        "UPDATE events SET at = 1 << 62",
        "UPDATE events SET bot_id = 'nobody'",
        "UPDATE event_payloads SET kind = 'nonsense'",
        "UPDATE event_payloads SET after = '{'",
    ],
)
def test_an_event_that_cannot_be_read_is_damage_and_no_crash(
    statement: str, written: sqlite3.Connection
) -> None:
    written.execute(statement)

    with pytest.raises(Corrupt, match="Event 5 of the journal.*history verify"):
        shown(journal(written), 5)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET summary = 'x'",
        "DELETE FROM events",
        "DELETE FROM event_payloads",
        "UPDATE event_payloads SET after = '{}'",
        "UPDATE event_payloads SET salt = NULL",
        "UPDATE event_payloads SET before = NULL, after = NULL, salt = NULL, entity_id = 'x'",
    ],
)
def test_no_program_alters_the_journal_by_mistake(
    statement: str, connection: sqlite3.Connection
) -> None:
    journal(connection).record(record(1))

    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)


def test_a_payload_that_was_forgotten_still_verifies(connection: sqlite3.Connection) -> None:
    journal(connection).record(record(1))

    connection.execute("UPDATE event_payloads SET before = NULL, after = NULL, salt = NULL")

    assert journal(connection).verify().ok
    assert [change.forgotten for change in journal(connection).changes(1)] == [True, True]


def test_equal_payloads_have_different_digests(connection: sqlite3.Connection) -> None:
    one_program = journal(connection)
    one_program.record(record(1))
    one_program.record(record(1))

    digests = connection.execute("SELECT digest FROM event_payloads").fetchall()

    assert len(set(digests)) == 4  # salted: a forgotten text cannot be guessed from its digest


def test_events_are_numbered_from_one_without_gaps(connection: sqlite3.Connection) -> None:
    assert [journal(connection).record(record(number)) for number in (1, 2, 3)] == [1, 2, 3]
    assert journal(connection).last_sequence() == 3


def test_an_undone_act_is_marked_on_every_page_of_the_list(connection: sqlite3.Connection) -> None:
    for number in range(1, 5):
        journal(connection).record(record(number))
    undo = EventRecord(at=START, actor="user", act=Act.UNDO, summary="undid", changes=(), undo_of=2)
    journal(connection).record(undo)

    newest = journal(connection).newest(limit=2, before=None, actor=None)
    older = journal(connection).newest(limit=9, before=4, actor=None)

    assert [(event.sequence, event.undone) for event in newest] == [(5, False), (4, False)]
    assert [(event.sequence, event.undone) for event in older] == [
        (3, False),
        (2, True),
        (1, False),
    ]


def test_nothing_comes_before_the_first_event(connection: sqlite3.Connection) -> None:
    journal(connection).record(record(1))

    assert journal(connection).newest(limit=9, before=1, actor=None) == []
    assert journal(connection).newest(limit=9, before=0, actor=None) == []


@pytest.fixture
def two_programs(tmp_path: Path) -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    path = tmp_path / "shared.db"
    with closing(connect(path)) as one, closing(connect(path)) as other:
        migrate(one, tmp_path, now=START)
        yield one, other


def test_two_programs_write_one_chain(
    two_programs: tuple[sqlite3.Connection, sqlite3.Connection],
) -> None:
    one, other = two_programs

    for number in range(1, 7):
        journal(one if number % 2 else other).record(record(number))

    assert journal(one).verify().events == 6
    assert journal(other).verify().ok
