"""The door: the only place that knows how things are done, and wires them together."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from backend.core.clock import Clock, Entropy
from backend.core.journal import EventRecord
from backend.core.memory.vector_index import VectorIndex
from backend.core.store import Store
from backend.infra.clock import SystemClock, SystemEntropy
from backend.infra.config import config_path, home_path, read_settings
from backend.infra.home import Home, prepare_home
from backend.infra.index.late import LateVectorIndex
from backend.infra.index.off import OffVectorIndex
from backend.infra.integrity_keys import IntegrityKey, load_or_make
from backend.infra.sqlite.connection import connect
from backend.infra.sqlite.errors import translated
from backend.infra.sqlite.migrate import migrate
from backend.infra.sqlite.store import SqliteStore, SqliteTransaction
from backend.services.bots import BotService
from backend.services.configuration import ConfigService
from backend.services.history import HistoryService
from backend.services.memories import MemoryService
from backend.services.workspace import WorkspaceService
from backend.types.config import ConfigProblem, EmbedderEngine, Settings
from backend.types.journal import Act

if TYPE_CHECKING:
    from backend.services.exchange import ExchangeService
    from backend.services.health import HealthService
    from backend.services.recall import RecallService


@dataclass(frozen=True)
class Backend:
    """Everything a program can do with one home. Close it when the program ends.

    What a first frame does not need is made, and its code read, when it is first asked for.
    """

    home: Path
    settings: Settings
    bots: BotService
    memories: MemoryService
    history: HistoryService
    workspace: WorkspaceService
    config: ConfigService
    index: VectorIndex
    _store: Store
    _clock: Clock
    _entropy: Entropy

    @cached_property
    def recall(self) -> RecallService:
        """Finding what is about something."""
        from backend.services.recall import RecallService

        return RecallService(self._store, self.index, self._clock, self.settings.recall)

    @cached_property
    def exchange(self) -> ExchangeService:
        """Bringing memories in and out."""
        from backend.infra.importers.export_file import export_text
        from backend.infra.importers.registry import IMPORTERS
        from backend.services.exchange import ExchangeService

        return ExchangeService(
            self._store,
            self.index,
            self._clock,
            self._entropy,
            importers=IMPORTERS,
            export=export_text,
        )

    @cached_property
    def health(self) -> HealthService:
        """Checks, and repairs."""
        from backend.services.health import HealthService

        return HealthService(self._store, self.index)

    def now(self) -> datetime:
        """Return the time by which ages are told."""
        return self._clock.now()

    async def change_counter(self) -> int:
        """Return a number that differs whenever any program has written to the home since."""
        return await self._store.change_counter()

    async def close(self) -> None:
        """Finish what was begun and let go of the home."""
        await self.index.close()
        await self._store.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def open_backend(
    home: str | Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    clock: Clock | None = None,
    entropy: Entropy | None = None,
    index: VectorIndex | None = None,
    wait_for_index: float = 0.0,
) -> Backend:
    """Open a home, made on first use: `home`, else $BOTERNITY_HOME, else the platform's folder.

    `environ` is the process's own unless given; `clock`, `entropy` and `index` replace the real
    ones in tests. A search waits up to `wait_for_index` seconds for an index that is starting:
    a command that runs once does, a screen does not. Settings that cannot be understood keep
    their defaults; `config.problems()` tells them.

    Raises HomeUnusable, Corrupt, OutOfSpace and Busy.
    """
    environ = os.environ if environ is None else environ
    clock = clock or SystemClock()
    entropy = entropy or SystemEntropy()
    path, named = home_path(home, environ)
    place = prepare_home(path)
    config = config_path(place.path if named else None)
    settings, problems = read_settings(config, environ)
    key = _open_database(place, clock, entropy)
    store = SqliteStore(place.database, key, entropy, backups=place.backups, now=clock.now)
    vectors = index or _vector_index(place, settings, wait_for_index)
    return Backend(
        home=place.path,
        settings=settings,
        bots=BotService(store, clock, entropy),
        memories=MemoryService(store, vectors, clock, entropy),
        history=HistoryService(store, vectors, clock),
        workspace=WorkspaceService(store, clock, entropy),
        config=_configuration(config, settings, environ, problems),
        index=vectors,
        _store=store,
        _clock=clock,
        _entropy=entropy,
    )


def _open_database(home: Home, clock: Clock, entropy: Entropy) -> IntegrityKey:
    """Bring the schema up to date, and re-anchor a journal whose key was lost or is foreign."""
    with translated(home.backups):
        key = load_or_make(home.keys, "journal", entropy)
        with closing(connect(home.database)) as connection:
            migrate(connection, home.backups, now=clock.now())
            tx = SqliteTransaction(connection, key, entropy)
            if tx.journal.last_key_id() not in (None, key.id):
                connection.execute("BEGIN IMMEDIATE")
                if tx.journal.last_key_id() != key.id:
                    tx.journal.record(_re_anchored(clock))
                connection.execute("COMMIT")
        os.chmod(home.database, 0o600)
    return key


def _re_anchored(clock: Clock) -> EventRecord:
    return EventRecord(
        at=clock.now(),
        actor="system",
        act=Act.RE_ANCHOR,
        summary="the journal goes on under a new integrity key; older events cannot be verified",
        changes=(),
        undoable=False,
    )


def _vector_index(home: Home, settings: Settings, wait: float) -> VectorIndex:
    if settings.embedder.engine is EmbedderEngine.NONE:
        return OffVectorIndex()

    def make() -> VectorIndex:
        from backend.infra.index.client import SocketVectorIndex

        return SocketVectorIndex(home.path, settings, wait_for_start=wait)

    return LateVectorIndex(make)


def _configuration(
    path: Path,
    settings: Settings,
    environ: Mapping[str, str],
    problems: Sequence[ConfigProblem],
) -> ConfigService:
    from backend.infra import config

    return ConfigService(path, settings, environ, config, problems)
