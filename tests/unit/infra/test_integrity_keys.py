"""The key that seals the journal: private, made once, and its loss is one event, not an error."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from backend import Backend
from backend.infra.integrity_keys import load_or_make
from backend.types import Act, Actor, ChainReport, HomeUnusable, MemoryDraft
from tests.conftest import OpenHome
from tests.doubles.entropy import SeededEntropy

USER = Actor.user()


async def with_three_events(backend: Backend) -> None:
    ana = await backend.bots.add("Ana", actor=USER)
    await backend.memories.add(ana.id, MemoryDraft(fact="Prefers dark mode"), actor=USER)
    await backend.memories.add(ana.id, MemoryDraft(fact="Lives in Kyoto"), actor=USER)


async def verified(open_home: OpenHome) -> ChainReport:
    async with open_home() as backend:
        return await backend.history.verify()


def test_a_key_is_made_once_and_read_again(tmp_path: Path) -> None:
    first = load_or_make(tmp_path, "journal", SeededEntropy(1))
    again = load_or_make(tmp_path, "journal", SeededEntropy(2))

    assert first == again
    assert len(first.secret) == 32
    assert stat.S_IMODE((tmp_path / "journal.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["journal.key"]


def test_a_key_does_not_show_its_secret(tmp_path: Path) -> None:
    key = load_or_make(tmp_path, "journal", SeededEntropy())

    assert key.secret.hex() not in repr(key)
    assert str(key.secret) not in repr(key)
    assert key.id not in key.secret.hex()


@pytest.mark.parametrize("damage", [b"", b"abc", b"zz" * 32, b"\xff\xfe" * 20, b"ab" * 31])
def test_a_damaged_key_counts_as_lost_and_is_replaced(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "journal.key").write_bytes(damage)

    key = load_or_make(tmp_path, "journal", SeededEntropy())

    assert len(key.secret) == 32
    assert (tmp_path / "journal.key").read_text() == key.secret.hex()


def test_the_key_that_another_program_made_first_is_the_one_of_both(tmp_path: Path) -> None:
    theirs = load_or_make(tmp_path, "journal", SeededEntropy(1))

    class Late(SeededEntropy):
        """Between looking for the key and making one, the other program is done."""

        def token(self, size: int) -> bytes:
            (tmp_path / "journal.key").write_text(theirs.secret.hex())
            return super().token(size)

    (tmp_path / "journal.key").unlink()
    ours = load_or_make(tmp_path, "journal", Late(2))

    assert ours == theirs


def test_a_key_that_cannot_be_read_is_a_sentence_and_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "journal.key").mkdir()

    with pytest.raises(HomeUnusable, match=r"journal\.key.*\.$"):
        load_or_make(tmp_path, "journal", SeededEntropy())


async def test_a_lost_key_is_recorded_once_and_the_rest_is_verified_from_there(
    open_home: OpenHome, home: Path
) -> None:
    async with open_home() as backend:
        await with_three_events(backend)
    (home / "keys" / "journal.key").unlink()

    async with open_home() as backend:
        await backend.bots.add("Ben", actor=USER)
        events = await backend.history.events()
        report = await backend.history.verify()
    again = await verified(open_home)

    assert [event.act for event in events] == [
        Act.BOT_ADD,
        Act.RE_ANCHOR,
        Act.ADD,
        Act.ADD,
        Act.BOT_ADD,
    ]
    assert (events[1].actor, events[1].undoable) == ("system", False)
    assert report == again == ChainReport(ok=True, events=5, verified_from=4)


async def test_the_old_key_put_back_vouches_for_its_own_events_again(
    open_home: OpenHome, home: Path
) -> None:
    key = home / "keys" / "journal.key"
    async with open_home() as backend:
        await with_three_events(backend)
    old = key.read_text()
    key.unlink()
    assert (await verified(open_home)).verified_from == 4
    key.write_text(old)

    report = await verified(open_home)

    assert report == ChainReport(ok=True, events=5, verified_from=5)


async def test_the_doctor_says_from_where_the_journal_is_verified(
    open_home: OpenHome, home: Path
) -> None:
    async with open_home() as backend:
        await with_three_events(backend)
    (home / "keys" / "journal.key").unlink()

    async with open_home() as backend:
        report = await backend.health.check()

    (journal,) = [check for check in report.checks if check.name == "journal"]
    assert journal.ok
    assert journal.found == "4 events verified from event 4 on"


async def test_an_empty_journal_needs_no_anchor(open_home: OpenHome, home: Path) -> None:
    async with open_home():
        pass
    (home / "keys" / "journal.key").unlink()

    assert await verified(open_home) == ChainReport(ok=True, events=0, verified_from=1)


async def test_what_was_done_before_the_loss_can_still_be_undone(
    open_home: OpenHome, home: Path
) -> None:
    async with open_home() as backend:
        await with_three_events(backend)
    (home / "keys" / "journal.key").unlink()

    async with open_home() as backend:
        await backend.history.undo(actor=USER)
        report = await backend.history.verify()

    assert report.ok
