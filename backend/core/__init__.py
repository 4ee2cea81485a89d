"""What is always true: every protocol, and what callers name beside it, importable from here.

A name is looked up in `_NAMES` and its module imported on first use, so that
`from backend.core import Embedder` does not pay for the breaker. To add a name: one word in
`_NAMES`, one line under `TYPE_CHECKING`; `tests/unit/types/test_exports.py` compares both with
what the modules define.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.core.clock import Clock as Clock
    from backend.core.clock import Entropy as Entropy
    from backend.core.llm.errors import PermitAlreadyFinished as PermitAlreadyFinished
    from backend.core.llm.fallback import FallbackChain as FallbackChain
    from backend.core.llm.health import MAX_OPEN_DURATION as MAX_OPEN_DURATION
    from backend.core.llm.health import MAX_RATE_LIMIT as MAX_RATE_LIMIT
    from backend.core.llm.health import OPEN_JITTER as OPEN_JITTER
    from backend.core.llm.health import RATE_MIN_CALLS as RATE_MIN_CALLS
    from backend.core.llm.health import RATE_THRESHOLD as RATE_THRESHOLD
    from backend.core.llm.health import RATE_WINDOW as RATE_WINDOW
    from backend.core.llm.health import CircuitState as CircuitState
    from backend.core.llm.health import Closed as Closed
    from backend.core.llm.health import HalfOpen as HalfOpen
    from backend.core.llm.health import Open as Open
    from backend.core.llm.health import Permit as Permit
    from backend.core.llm.health import ProviderHealth as ProviderHealth
    from backend.core.llm.health import Rejected as Rejected
    from backend.core.llm.health import RejectionReason as RejectionReason
    from backend.core.llm.provider import LlmProvider as LlmProvider
    from backend.core.llm.registry import ProviderRegistry as ProviderRegistry
    from backend.core.memory.embedder import Embedder as Embedder
    from backend.core.memory.importing import Importer as Importer
    from backend.core.memory.shared import SharedMemoryStore as SharedMemoryStore
    from backend.core.memory.vector import VectorMemoryStore as VectorMemoryStore
    from backend.core.memory.vector_index import VectorIndex as VectorIndex
    from backend.core.storage.file_store import FileStore as FileStore
    from backend.core.storage.kv_store import KvStore as KvStore
    from backend.core.store import BotTable as BotTable
    from backend.core.store import EntityImages as EntityImages
    from backend.core.store import HealthReads as HealthReads
    from backend.core.store import IndexJobs as IndexJobs
    from backend.core.store import JournalTable as JournalTable
    from backend.core.store import MemoryTable as MemoryTable
    from backend.core.store import MemoryViews as MemoryViews
    from backend.core.store import ProgramState as ProgramState
    from backend.core.store import RecallReads as RecallReads
    from backend.core.store import SavedFilters as SavedFilters
    from backend.core.store import Store as Store
    from backend.core.store import Transaction as Transaction

_NAMES = {
    "clock": "Clock Entropy",
    "llm.errors": "PermitAlreadyFinished",
    "llm.fallback": "FallbackChain",
    "llm.health": (
        "CircuitState Closed HalfOpen MAX_OPEN_DURATION MAX_RATE_LIMIT OPEN_JITTER Open Permit "
        "ProviderHealth RATE_MIN_CALLS RATE_THRESHOLD RATE_WINDOW Rejected RejectionReason"
    ),
    "llm.provider": "LlmProvider",
    "llm.registry": "ProviderRegistry",
    "memory.embedder": "Embedder",
    "memory.importing": "Importer",
    "memory.shared": "SharedMemoryStore",
    "memory.vector": "VectorMemoryStore",
    "memory.vector_index": "VectorIndex",
    "storage.file_store": "FileStore",
    "storage.kv_store": "KvStore",
    "store": (
        "BotTable EntityImages HealthReads IndexJobs JournalTable MemoryTable MemoryViews "
        "ProgramState RecallReads SavedFilters Store Transaction"
    ),
}
"""Module → the names it defines."""

_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = sorted(_MODULE_OF)

if not TYPE_CHECKING:  # a type checker would take any misspelt name for an object

    def __getattr__(name: str) -> object:
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{module}"), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return __all__
