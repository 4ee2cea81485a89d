"""The port to a bot's files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol
from uuid import UUID

from backend.types.bots import Actor
from backend.types.storage import FileVersion, StorageFile


class FileStore(Protocol):
    """A bot's files by name, each with all its versions.

    A file name is a label, never a path. Each writing method is one act with one event in the
    journal, whole or absent; `actor` is who does it. All raise RepositoryError and nothing else.
    """

    async def save_file(
        self,
        bot_id: UUID,
        filename: str,
        data: bytes | Path | AsyncIterator[bytes],
        *,
        actor: Actor,
    ) -> StorageFile:
        """Keep `data` as the newest version and return the file; the same bytes again add none.

        Raises Invalid for an unusable name or more than MAX_FILE_SIZE_BYTES.
        """
        ...

    async def get_file(self, bot_id: UUID, filename: str) -> bytes:
        """Return the newest version. Raises NotFound, and Corrupt if the bytes fail their hash."""
        ...

    async def delete_file(self, bot_id: UUID, filename: str, *, actor: Actor) -> None:
        """Put a file with all its versions in the trash. Raises NotFound."""
        ...

    async def list_files(self, bot_id: UUID) -> list[StorageFile]:
        """Return the bot's files by name; an unknown bot has none."""
        ...

    async def get_file_info(self, bot_id: UUID, filename: str) -> StorageFile | None:
        """Return what is known of a file without reading it, None if there is none."""
        ...

    async def get_versions(self, file_id: UUID) -> list[FileVersion]:
        """Return the versions of a file, newest first. Raises NotFound."""
        ...

    async def read_version(self, file_id: UUID, version: int) -> bytes:
        """Return any version. Raises NotFound, and Corrupt if the bytes fail their hash."""
        ...

    async def restore_version(self, file_id: UUID, version: int, *, actor: Actor) -> StorageFile:
        """Make any version the newest again, as a version of its own. Raises NotFound."""
        ...
