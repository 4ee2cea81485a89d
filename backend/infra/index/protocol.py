"""What programs and the index process say to each other: one JSON value a line, over a socket.

Both sides import this file and it imports only the standard library and our types, so that a
dashboard never loads what the index needs. `hello` and `leave` must keep their shape for ever:
they are how a program of another version tells an old process to go.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, JsonValue, TypeAdapter

from backend.types.base import Value
from backend.types.config import Settings
from backend.types.errors import IndexUnavailable

MAX_LINE_BYTES = 8 * 1024 * 1024
"""The longest fact (1 MiB) with every character escaped six-fold still fits."""
MAX_SOCKET_PATH_BYTES = 99
"""A socket's address holds 108 bytes on Linux and 104 on macOS, the final NUL included."""
IDLE_SECONDS = 300.0
LISTENING, NO_HOME, NOT_WRITABLE = 0, 3, 4
"""Exit codes of the starter; anything else means that Python itself could not start it."""


class Hello(Value):
    """The first line of a connection."""

    op: Literal["hello"] = "hello"


class Welcome(Value):
    """Who answers; the digests say whether this process does what the asking program would do."""

    code: str
    settings: str
    key: str
    pid: int


class Leave(Value):
    """Go: another version or other settings take over. Nothing is lost."""

    op: Literal["leave"] = "leave"


class Search(Value):
    op: Literal["search"] = "search"
    bot_id: UUID
    text: str
    limit: Annotated[int, Field(ge=0, le=10_000)]
    wait: Annotated[float, Field(ge=0)] = 0.0


class Similarities(Value):
    op: Literal["similarities"] = "similarities"
    bot_id: UUID
    text: str
    memory_ids: tuple[UUID, ...]


class SimilaritiesFound(Value):
    """Cosines in [-1, 1] of the memories that have a vector."""

    similarities: dict[UUID, float]


class Nearest(Value):
    op: Literal["nearest"] = "nearest"
    bot_id: UUID
    memory_id: UUID
    limit: Annotated[int, Field(ge=0, le=10_000)]


class Poke(Value):
    op: Literal["poke"] = "poke"


class Status(Value):
    op: Literal["status"] = "status"


class Reconcile(Value):
    op: Literal["reconcile"] = "reconcile"
    repair: bool = False


class Done(Value):
    """The answer to what has no other answer."""


Ask = Hello | Leave | Search | Similarities | Nearest | Poke | Status | Reconcile


class Request(Value):
    """A line to the process; `id` comes back with the answer.

    A process that is still loading answers at once that it is, or after `wait_for_start` seconds.
    """

    id: int
    wait_for_start: Annotated[float, Field(ge=0)] = 0.0
    ask: Annotated[Ask, Field(discriminator="op")]


class Reply(Value):
    """A line from the process: an answer, or why there is none (a sentence).

    Id 0 belongs to no request: the process says that it goes, why, and its last status if it knows.
    """

    id: int
    answer: JsonValue = None
    refused: str = ""


GOODBYE = 0
IDLE = "idle"
"""The goodbye of a process that nobody has asked anything for a while."""
REPLACED = "replaced"
"""The goodbye of a process that was told to leave."""


@cache
def _requests() -> TypeAdapter[Request]:
    return TypeAdapter(Request)


@cache
def _replies() -> TypeAdapter[Reply]:
    return TypeAdapter(Reply)


def read_request(line: bytes) -> Request:
    """Return the request of a line; raises ValueError when it is none."""
    return _requests().validate_json(line)


def read_reply(line: bytes) -> Reply:
    """Return the reply of a line; raises ValueError when it is none."""
    return _replies().validate_json(line)


def line_of(message: Request | Reply) -> bytes:
    """Return a message as one line; raises IndexUnavailable when it is too long to send."""
    line = message.model_dump_json().encode() + b"\n"
    if len(line) > MAX_LINE_BYTES:
        raise IndexUnavailable("This is too long to search by meaning: ask with a shorter text.")
    return line


def socket_path(home: Path) -> Path:
    """Return where a home's process listens: in the home, or nearby when its path is too long.

    The other place is a folder of this user alone (mode 0700) under the temporary folder; raises
    IndexUnavailable when someone else made it.
    """
    home = Path(os.path.realpath(home))
    path = home / "index.sock"
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH_BYTES:
        return path
    folder = Path(tempfile.gettempdir()) / f"boternity-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise IndexUnavailable(
            f"The folder {folder} is open to others, so the index does not listen in it: "
            "remove it, or use a home with a shorter path."
        )
    return folder / f"{hashlib.sha256(os.fsencode(home)).hexdigest()[:24]}.sock"


def settings_json(settings: Settings) -> str:
    """Return what the process needs to know of the settings; keys are never part of them."""
    return settings.model_dump_json(include={"embedder", "vectors"})


def settings_digest(settings: Settings) -> str:
    """Return a hash of what the process needs to know of the settings."""
    canonical = json.dumps(json.loads(settings_json(settings)), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def key_digest(settings: Settings) -> str:
    """Return a hash of the endpoint's key in this program's environment; empty without one.

    A process keeps the environment that it was started with; this is how a corrected key gets in.
    """
    key = os.environ.get(settings.embedder.key_env, "") if settings.embedder.key_env else ""
    return hashlib.sha256(b"boternity key\0" + key.encode()).hexdigest()[:16] if key else ""


@cache
def code_digest() -> str:
    """Return a hash of the code that the process runs: programs of equal code share one process.

    Reads about twenty small files (1 ms): call it off the loop.
    """
    infra = Path(__file__).parent.parent
    files = [
        *sorted((infra / "index").glob("*.py")),
        *sorted((infra / "embedders").glob("*.py")),
        infra / "sqlite" / "index_jobs.py",
    ]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
