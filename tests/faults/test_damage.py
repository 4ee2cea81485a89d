"""Files of a home that were damaged, lost or replaced: one clear sentence, and nothing worse."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from backend import Backend
from backend.infra.sqlite import connection as connections
from backend.infra.sqlite.backups import DailyBackups, copy_database
from backend.infra.sqlite.connection import connect
from backend.types import Actor, Busy, Corrupt, HomeUnusable, MemoryDraft
from tests.conftest import OpenHome
from tests.doubles.clock import FixedClock

USER = Actor.user()
FACTS = [f"Sentence number {number} is about subject{number}" for number in range(300)]


async def learn(backend: Backend, facts: list[str]) -> None:
    bots = await backend.bots.summaries()
    bot = bots[0].bot if bots else await backend.bots.add("Ana", actor=USER)
    drafts = [MemoryDraft(fact=fact) for fact in facts]
    await backend.exchange.import_drafts(bot.id, drafts, actor=USER)


async def count(open_home: OpenHome) -> int:
    async with open_home() as backend:
        assert (await backend.history.verify()).ok
        assert (await backend.health.check()).ok
        return await backend.memories.count(None)


def overwrite(path: Path, start: int, length: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xa5" * length)


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 // 4096 * 4096)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "header": lambda path: overwrite(path, 0, 100),
    "first pages": lambda path: overwrite(path, 100, 8000),
    "cut in half": cut,
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_a_damaged_database_refuses_to_open_and_names_the_newest_backup(
    open_home: OpenHome, home: Path, damage: str
) -> None:
    async with open_home() as backend:
        await learn(backend, FACTS)
    DAMAGE[damage](home / "boternity.db")
    damaged = (home / "boternity.db").read_bytes()

    with pytest.raises(Corrupt) as caught:
        async with open_home():
            pass

    assert "copy daily-20261122.db of its folder “backups” to boternity.db" in str(caught.value)
    assert (home / "boternity.db").read_bytes() == damaged


async def test_what_the_sentence_says_brings_the_home_back(
    open_home: OpenHome, home: Path, clock: FixedClock
) -> None:
    async with open_home() as backend:
        await learn(backend, FACTS)
    clock.advance(timedelta(days=1))
    async with open_home() as backend:
        await learn(backend, ["Learned on the second day"])
    DAMAGE["header"](home / "boternity.db")

    (home / "boternity.db").unlink()
    (home / "boternity.db-wal").unlink(missing_ok=True)
    shutil.copyfile(home / "backups" / "daily-20261123.db", home / "boternity.db")

    assert await count(open_home) == 301


async def test_without_a_backup_the_sentence_names_none(open_home: OpenHome, home: Path) -> None:
    async with open_home() as backend:
        await learn(backend, FACTS)
    shutil.rmtree(home / "backups")
    DAMAGE["header"](home / "boternity.db")

    with pytest.raises(Corrupt, match=r"\.recover.*--home DIR.*“backups” is still empty"):
        async with open_home():
            pass


async def test_a_damaged_page_fails_acts_whole_and_the_doctor_tells_it(
    open_home: OpenHome, home: Path
) -> None:
    async with open_home() as backend:
        await learn(backend, FACTS)
    with closing(sqlite3.connect(home / "boternity.db")) as connection:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = 'memories_by_age'"
        (page,) = connection.execute(query).fetchone()
    overwrite(home / "boternity.db", (page - 1) * 4096, 4096)
    async with open_home() as backend:
        bot = (await backend.bots.get("ana")).id

        with pytest.raises(Corrupt, match="is damaged.*“backups”"):
            await backend.memories.add(bot, MemoryDraft(fact="One more"), actor=USER)
        report = await backend.health.check()

        assert {check.name for check in report.checks if not check.ok} >= {"database"}
        assert await backend.history.last() == 2
        assert (await backend.history.verify()).ok


async def test_a_damaged_database_does_not_replace_a_good_backup(
    open_home: OpenHome, home: Path, clock: FixedClock
) -> None:
    async with open_home() as backend:
        await learn(backend, FACTS)
    good = (home / "backups" / "daily-20261122.db").read_bytes()
    overwrite(home / "boternity.db", (home / "boternity.db").stat().st_size // 2, 4096 * 4)

    clock.advance(timedelta(hours=2))
    DailyBackups(home / "boternity.db", home / "backups", clock.now).make()

    assert [path.name for path in (home / "backups").iterdir()] == ["daily-20261122.db"]
    assert (home / "backups" / "daily-20261122.db").read_bytes() == good


async def test_a_week_of_days_is_kept_and_a_program_that_stays_open_renews_today_hourly(
    open_home: OpenHome, home: Path, clock: FixedClock
) -> None:
    for day in range(9):
        copies = DailyBackups(home / "boternity.db", home / "backups", clock.now)
        async with open_home() as backend:
            await learn(backend, [FACTS[2 * day]])
        assert not copies.due()
        clock.advance(timedelta(minutes=61))
        async with open_home() as backend:
            await learn(backend, [FACTS[2 * day + 1]])
        assert copies.due()
        copies.make()
        clock.advance(timedelta(days=1))

    days = sorted((home / "backups").iterdir())
    with closing(sqlite3.connect(days[-1])) as copy:
        kept = copy.execute("SELECT COUNT(*) FROM memories").fetchone()[0]

    assert [path.name for path in days] == [f"daily-202611{day}.db" for day in range(24, 31)]
    assert {path.stat().st_mode & 0o777 for path in days} == {0o600}
    assert kept == 18


async def test_what_a_killed_program_left_of_a_copy_is_cleared_away(
    open_home: OpenHome, home: Path, clock: FixedClock
) -> None:
    async with open_home() as backend:
        await learn(backend, FACTS[:1])
    left = home / "backups" / "daily-20261122.4711.new"
    left.write_bytes(b"half a copy")
    os.utime(left, (clock.now().timestamp(),) * 2)

    clock.advance(timedelta(days=1))
    async with open_home() as backend:
        await learn(backend, FACTS[1:2])

    names = sorted(path.name for path in (home / "backups").iterdir())
    assert names == ["daily-20261122.db", "daily-20261123.db"]


async def test_commands_that_end_at_once_make_one_copy_a_day(
    open_home: OpenHome, home: Path, clock: FixedClock
) -> None:
    made = set()
    for hour in range(5):
        async with open_home() as backend:
            await learn(backend, [FACTS[hour]])
        made.add((home / "backups" / "daily-20261122.db").stat().st_ino)
        clock.advance(timedelta(hours=1))

    assert len(made) == 1


async def test_a_missing_backup_folder_is_made_again_and_hinders_nobody(
    open_home: OpenHome, home: Path
) -> None:
    async with open_home() as backend:
        shutil.rmtree(home / "backups")
        (home / "backups").write_text("a file is in the way")
        await learn(backend, FACTS[:1])
    (home / "backups").unlink()
    async with open_home() as backend:
        await learn(backend, FACTS[1:2])

    assert [path.name for path in (home / "backups").iterdir()] == ["daily-20261122.db"]
    assert await count(open_home) == 2


async def test_a_copy_is_made_while_others_write(open_home: OpenHome, home: Path) -> None:
    async with open_home() as backend:
        await learn(backend, FACTS)
        with closing(connect(home / "boternity.db")) as writer:
            writer.execute("BEGIN IMMEDIATE")
            with closing(connect(home / "boternity.db", read_only=True)) as reader:
                await asyncio.to_thread(copy_database, reader, home / "copy.db")
            writer.execute("ROLLBACK")

    with closing(sqlite3.connect(home / "copy.db")) as copy:
        assert copy.execute("SELECT COUNT(*) FROM memories").fetchone() == (300,)


async def test_a_log_deleted_while_closed_leaves_an_older_sound_home(
    open_home: OpenHome, home: Path, tmp_path: Path
) -> None:
    async with open_home() as backend:
        await learn(backend, FACTS[:10])
    async with open_home() as backend:
        await learn(backend, FACTS[10:20])
        shutil.copytree(home, tmp_path / "killed")  # as a kill leaves it: the WAL is there
    assert (tmp_path / "killed" / "boternity.db-wal").stat().st_size > 0

    (tmp_path / "killed" / "boternity.db-wal").unlink()
    shutil.rmtree(home)
    (tmp_path / "killed").rename(home)

    assert await count(open_home) == 10


@pytest.mark.parametrize("replace", [True, False], ids=["replaced", "removed"])
async def test_an_open_program_notices_that_its_database_was_taken_away(
    open_home: OpenHome, home: Path, tmp_path: Path, replace: bool
) -> None:
    async with open_home() as backend:
        await learn(backend, FACTS[:10])
    shutil.copyfile(home / "boternity.db", tmp_path / "older.db")
    async with open_home() as backend:
        await learn(backend, FACTS[10:12])
        if replace:
            (tmp_path / "older.db").replace(home / "boternity.db")
        else:
            (home / "boternity.db").unlink()

        for act in (
            learn(backend, FACTS[12:13]),
            backend.memories.count(None),
            backend.change_counter(),
        ):
            with pytest.raises(HomeUnusable, match=r"moved or replaced.*open the home again\.$"):
                await act


@pytest.mark.parametrize(
    "content", [b"theme = \n", b"\xff\xfe\x00garbage", b"[" * 5000, b"unknown_key = 1\n"]
)
async def test_a_damaged_configuration_keeps_its_defaults_and_is_told(
    open_home: OpenHome, home: Path, content: bytes
) -> None:
    home.mkdir()
    (home / "config.toml").write_bytes(content)

    async with open_home() as backend:
        await learn(backend, FACTS[:1])
        problems = backend.config.problems()

    assert len(problems) >= 1
    assert all(problem.sentence.endswith((".", "?")) for problem in problems)
    assert (home / "config.toml").read_bytes() == content


async def test_a_home_that_is_held_too_long_says_who_and_what_to_do(
    open_home: OpenHome, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_TIMEOUT_MS", 50)
    async with open_home() as backend:
        with closing(connect(home / "boternity.db")) as other:
            other.execute("BEGIN IMMEDIATE")

            with pytest.raises(Busy, match=r"Another program is writing.*try again\.$"):
                await backend.bots.add("Ben", actor=USER)

            other.execute("ROLLBACK")
        await backend.bots.add("Ben", actor=USER)
        assert [summary.bot.slug for summary in await backend.bots.summaries()] == ["ben"]
