"""Configuration: what is set, where from, and changing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from backend.types.config import ConfigLine, ConfigProblem, Settings


class ConfigFile(Protocol):
    """Reads and writes the configuration file; the functions of `infra/config.py`."""

    def explain(
        self, settings: Settings, path: Path, environ: Mapping[str, str] | None = None
    ) -> list[ConfigLine]: ...

    def check(
        self, path: Path, environ: Mapping[str, str] | None = None
    ) -> list[ConfigProblem]: ...

    def set_value(
        self, path: Path, key: str, text: str, environ: Mapping[str, str] | None = None
    ) -> ConfigLine: ...


class ConfigService:
    """The configuration of one home. Its methods read and write the file where they are called."""

    def __init__(
        self,
        path: Path,
        settings: Settings,
        environ: Mapping[str, str],
        file: ConfigFile,
        problems: Sequence[ConfigProblem],
    ) -> None:
        self.path = path
        self._settings = settings
        self._environ = environ
        self._file = file
        self.problems_at_open = tuple(problems)
        """What could not be meant when this program started; defaults stand in for it."""

    def show(self) -> list[ConfigLine]:
        """Return every setting with its value, default, origin and meaning."""
        return self._file.explain(self._settings, self.path, self._environ)

    def problems(self) -> list[ConfigProblem]:
        """Return what the file and the environment say and cannot mean."""
        return self._file.check(self.path, self._environ)

    def set(self, key: str, text: str) -> ConfigLine:
        """Write one setting; other programs see it at their next start. Raises ConfigError."""
        return self._file.set_value(self.path, key, text, self._environ)
