"""Disks that are full, read-only or shared by machines: a sentence, and nothing is corrupted.

Real small disks in memory where we may mount one (as root, in CI); elsewhere SQLite's own limit of
pages and the permissions of folders stand in.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import Backend, open_backend
from backend.infra.home import prepare_home
from backend.infra.index.off import OffVectorIndex
from backend.infra.sqlite import connection as connections
from backend.infra.sqlite import store as stores
from backend.types import Actor, HomeUnusable, MemoryDraft, OutOfSpace

USER = Actor.user()
BALLAST = "room that is made free later"


def mount(*arguments: str) -> bool:
    done = subprocess.run(["mount", *arguments], capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0 or not mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)):
        pytest.skip("only root may mount a small disk; SQLite's own limit is tested instead")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def opened(home: Path) -> Backend:
    return open_backend(home, environ={}, index=OffVectorIndex())


async def fill(backend: Backend) -> int:
    """Add facts until the disk is full; return how many were acknowledged."""
    bot = await backend.bots.add("Ana", actor=USER)
    for number in range(2000):
        draft = MemoryDraft(fact=f"Sentence {number}: " + f"word{number} " * 200)
        try:
            await backend.memories.add(bot.id, draft, actor=USER)
        except OutOfSpace:
            return number
    raise AssertionError("the disk never filled up")


async def sound(backend: Backend) -> bool:
    return (await backend.history.verify()).ok and (await backend.health.check()).ok


async def test_a_full_disk_refuses_what_does_not_fit_and_keeps_the_rest(disk: Path) -> None:
    (disk / BALLAST).write_bytes(bytes(1 << 19))
    async with opened(disk / "home") as backend:
        added = await fill(backend)
        with pytest.raises(OutOfSpace, match=r"^The disk is full: nothing was saved\. Free some"):
            await backend.bots.add("Ben", actor=USER, description="long " * 100_000)
        readable = await backend.memories.count(None)
        verified = (await backend.history.verify()).ok

        (disk / BALLAST).unlink()
        bot = (await backend.bots.get("ana")).id
        await backend.memories.add(bot, MemoryDraft(fact="There is room again"), actor=USER)

    assert (readable, verified) == (added, True)
    async with opened(disk / "home") as backend:
        assert await backend.memories.count(None) == added + 1
        assert len(await backend.memories.keys(None, '"Sentence 7"')) == 1
        assert await sound(backend)


async def test_a_full_disk_at_the_end_of_a_program_loses_nothing(disk: Path) -> None:
    (disk / BALLAST).write_bytes(bytes(1 << 19))
    async with opened(disk / "home") as backend:
        added = await fill(backend)

    (disk / BALLAST).unlink()
    async with opened(disk / "home") as backend:
        assert await backend.memories.count(None) == added
        assert await sound(backend)


async def test_a_home_that_was_closed_on_a_full_disk_opens_or_says_why(disk: Path) -> None:
    async with opened(disk / "home") as backend:
        added = await fill(backend)

    try:
        async with opened(disk / "home") as backend:
            assert await backend.memories.count(None) == added
    except OutOfSpace as error:
        assert "full" in str(error)  # noqa: PT017  (either is fine, another error is not)


def test_a_new_home_on_a_full_disk_is_a_sentence_at_each_step(disk: Path) -> None:
    ballast = disk / BALLAST
    seen = set()
    for left in range(0, 1 << 18, 1 << 12):
        ballast.write_bytes(bytes((4 << 20) - left))
        try:
            backend = opened(disk / "home")
        except OutOfSpace as error:
            seen.add(str(error).partition(":")[0])
        else:
            asyncio.run(backend.close())
            ballast.unlink()
            break

    assert seen == {"The disk of this home is full", "The disk is full"}
    with_room = opened(disk / "home")
    assert asyncio.run(sound(with_room))
    asyncio.run(with_room.close())


async def test_a_database_that_may_not_grow_refuses_and_keeps_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small(path: Path, *, read_only: bool = False) -> object:
        connection = connections.connect(path, read_only=read_only)
        connection.execute("PRAGMA max_page_count = 200")
        return connection

    monkeypatch.setattr(stores, "connect", small)
    async with opened(tmp_path / "home") as backend:
        added = await fill(backend)

        assert await backend.memories.count(None) == added
        assert await sound(backend)


async def test_a_home_on_a_read_only_disk_is_refused_and_untouched(disk: Path) -> None:
    async with opened(disk / "home") as backend:
        await backend.bots.add("Ana", actor=USER)
    before = {path: path.read_bytes() for path in disk.rglob("*") if path.is_file()}
    assert mount("-o", "remount,ro", str(disk))

    with pytest.raises(HomeUnusable, match=r"is read-only\. Make it writable, or choose another"):
        opened(disk / "home")
    with pytest.raises(HomeUnusable, match=r"--home DIR"):
        opened(disk / "another home")

    assert {path: path.read_bytes() for path in disk.rglob("*") if path.is_file()} == before
    assert mount("-o", "remount,rw", str(disk))
    async with opened(disk / "home") as backend:
        assert await sound(backend)


@pytest.mark.parametrize(
    "folder",
    [
        "OneDrive - Example GmbH",
        "GoogleDrive-me@example.org",
        "Dropbox (Personal)",
        "Mobile Documents",
    ],
)
def test_a_synced_folder_of_an_account_is_refused(tmp_path: Path, folder: str) -> None:
    with pytest.raises(HomeUnusable, match="synced folder"):
        prepare_home(tmp_path / folder / "home")

    assert list(tmp_path.iterdir()) == []


def test_a_link_into_a_synced_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "Dropbox")

    with pytest.raises(HomeUnusable, match=r"synced folder \(Dropbox\)"):
        prepare_home(tmp_path / "home")


def test_a_folder_that_only_sounds_synced_is_fine(tmp_path: Path) -> None:
    assert prepare_home(tmp_path / "Dropboxes" / "home").path.is_dir()


def test_a_link_to_a_network_disk_is_refused(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "net")
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/root / ext4 rw 0 0\nserver:/x {tmp_path}/net nfs4 rw 0 0\n")

    with pytest.raises(HomeUnusable, match=r"network disk \(nfs4\).*local disk"):
        prepare_home(tmp_path / "home", mounts=mounts)
