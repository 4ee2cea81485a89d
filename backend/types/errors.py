"""Every error that leaves the backend.

BoternityError            one clear sentence: what happened, why, what to do next
├── RepositoryError       the store could not do it; nothing was changed
│   ├── NotFound          no such thing (or it is deleted)
│   ├── Conflict          somebody wrote first, or the name is taken
│   │   └── UndoBlocked     later acts touched the same things; names them
│   ├── Invalid           the input cannot be accepted as it is
│   │   └── InvalidFilter   a filter line that does not parse; knows where
│   ├── Corrupt           what is stored is damaged
│   ├── Busy              another program held the home for too long
│   ├── OutOfSpace        the disk is full
│   └── HomeUnusable      read-only, on a network disk, or made by a newer version
├── EmbedderUnavailable   texts could not be turned into vectors
├── IndexUnavailable      the index process is not answering; keywords still work
├── ConfigError           the configuration file says something it cannot mean
└── LlmError              a model provider failed: see `backend.types.llm_errors`
"""

from __future__ import annotations


class BoternityError(Exception):
    """The root: `str(error)` is a sentence for a person."""


class RepositoryError(BoternityError):
    """The store could not do what was asked; nothing was changed."""


class NotFound(RepositoryError):
    """There is no such thing, or it is in the trash."""

    def __init__(self, sentence: str, *, kind: str = "", key: str = "") -> None:
        super().__init__(sentence)
        self.kind, self.key = kind, key


class Conflict(RepositoryError):
    """Somebody wrote first, or the name is taken; nothing was changed."""


class UndoBlocked(Conflict):
    """Later acts touched the same things; `blockers` are their sequences, newest first."""

    def __init__(self, sentence: str, *, event: int, blockers: tuple[int, ...]) -> None:
        super().__init__(sentence)
        self.event, self.blockers = event, blockers


class Invalid(RepositoryError):
    """The input cannot be accepted as it is; the sentence says what would be."""


class InvalidFilter(Invalid):
    """A filter line that does not parse; `position` is the offset of the first wrong character."""

    def __init__(self, sentence: str, *, position: int) -> None:
        super().__init__(sentence)
        self.position = position


class Corrupt(RepositoryError):
    """What is stored is damaged; the sentence names the way out."""


class Busy(RepositoryError):
    """Another program held the home longer than we wait."""


class OutOfSpace(RepositoryError):
    """The disk is full; nothing was changed."""


class HomeUnusable(RepositoryError):
    """The home cannot be used here: read-only, on a network disk, or from a newer version."""


class EmbedderUnavailable(BoternityError):
    """Texts could not be turned into vectors: no runtime, no model, or no answer."""


class IndexUnavailable(BoternityError):
    """The index process is starting, gone or silent; keyword search goes on without it."""


class ConfigError(BoternityError):
    """The configuration says something it cannot mean; `line` is 1-based where it is known."""

    def __init__(self, sentence: str, *, line: int | None = None) -> None:
        super().__init__(sentence)
        self.line = line


class LlmError(BoternityError):
    """A model provider failed; the subclasses in `backend.types.llm_errors` say how."""
