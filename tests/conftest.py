"""A suite that is hostile to accidents, and the fixtures that most tests begin with.

Always on: sockets reach this machine only; the environment and the home folder are the test's own;
a warning is an error (pyproject.toml); no thread and no task outlives its test; the backend may not
block the event loop. What runs in other processes is beyond the guards but inherits the
environment.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from asyncio import runners
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from blockbuster import BlockBuster
from hypothesis import settings

from backend import Backend, open_backend
from backend.infra.index.off import OffVectorIndex
from backend.types import Actor
from tests.doubles.clock import FixedClock
from tests.doubles.entropy import SeededEntropy

# Deadlines measure the machine, and this suite shares it with whatever else runs there.
settings.register_profile("suite", deadline=None, print_blob=True)
settings.load_profile("suite")

_OURS = ("BOTERNITY_", "_BOTERNITY_", "XDG_")
_TELLING = {
    "ALL_PROXY", "COLORTERM", "COLUMNS", "EDITOR", "FORCE_COLOR", "HTTPS_PROXY", "HTTP_PROXY",
    "LINES", "NO_COLOR", "NO_PROXY", "PAGER", "VISUAL",
}  # fmt: skip
_SECRET = ("_API_KEY", "_TOKEN", "_SECRET")
_ROOT = str(Path(__file__).parents[1])
_SCANNED = ["backend.services", "backend.core"]
"""What runs on the loop between two awaits of a program. Opening a home is not in it: a program
does that before its loop has anything else to do."""
_QUICK_ENOUGH = ["backend.services.configuration"]
"""Reads one small file when a person asks for it, and says so."""
_PATIENCE = 10.0


OpenHome = Callable[[], AbstractAsyncContextManager[Backend]]


class OutsideWorld(AssertionError):
    """A test reached for a machine that is not this one."""


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: Any) -> None:
    """Nothing that the person at this machine has set or stored can reach a test."""
    for name in list(os.environ):
        telling = name.upper() in _TELLING or name.upper().endswith(_SECRET)
        if name.startswith(_OURS) or telling:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("person")))


@pytest.fixture(autouse=True, scope="session")
def _this_machine_only() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


def _guarded(reach: Any) -> Any:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family != getattr(socket, "AF_UNIX", None):
            _refuse_outside(arguments[-1][0])
        return reach(self, *arguments)

    return guarded


def _guarded_lookup(lookup: Any) -> Any:
    def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
        if host is not None:
            _refuse_outside(host.decode() if isinstance(host, bytes) else host)
        return lookup(host, *arguments, **options)

    return guarded


def _refuse_outside(host: str) -> None:
    try:
        inside = host in ("localhost", "") or ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise OutsideWorld(f"a test may only reach this machine, not {host}")


@pytest.fixture(autouse=True)
def _nothing_outlives_its_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Threads end in their own time but soon; a task still there when its loop closes is lost."""
    before = set(threading.enumerate())
    abandoned: list[str] = []
    cancel_all = runners._cancel_all_tasks  # type: ignore[attr-defined]  # asyncio keeps no list

    def told(loop: asyncio.AbstractEventLoop) -> None:
        waiting = [task.get_coro() for task in asyncio.all_tasks(loop) if not task.done()]
        abandoned.extend(str(each) for each in waiting if _is_ours(each))
        cancel_all(loop)

    monkeypatch.setattr(runners, "_cancel_all_tasks", told)
    yield
    left = [
        each
        for each in set(threading.enumerate()) - before
        if not each.daemon and each.name.startswith("store-")
    ]
    for thread in left:
        thread.join(_PATIENCE)
    assert [thread.name for thread in left if thread.is_alive()] == []
    assert abandoned == []


def _is_ours(coroutine: object) -> bool:
    """Textual ends its timers, and the loop its generators, by cancelling them; we wait."""
    code = getattr(coroutine, "cr_code", None)
    return code is not None and code.co_filename.startswith((f"{_ROOT}/backend", f"{_ROOT}/tui"))


@pytest.fixture(autouse=True, scope="session")
def _the_loop_never_waits() -> Iterator[None]:
    buster = BlockBuster(scanned_modules=_SCANNED, excluded_modules=_QUICK_ENOUGH)
    buster.activate()
    yield
    buster.deactivate()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A place for a home that does not exist yet."""
    return tmp_path / "home"


@pytest.fixture
def user() -> Actor:
    return Actor.user()


@pytest.fixture
def open_home(home: Path, clock: FixedClock) -> OpenHome:
    """Opens the real backend on the test's home, as often as a test likes."""
    entropy = SeededEntropy()

    @asynccontextmanager
    async def opened() -> AsyncIterator[Backend]:
        # In a thread: opening waits for the disk, which the loop of a test may not.
        backend = await asyncio.to_thread(
            open_backend, home, environ={}, clock=clock, entropy=entropy, index=OffVectorIndex()
        )
        async with backend:
            yield backend

    return opened


@pytest.fixture
async def backend(open_home: OpenHome) -> AsyncIterator[Backend]:
    """The real backend in a temporary home, searching by keywords alone."""
    async with open_home() as opened:
        yield opened
