"""What things are: every type, enum, limit and error of Boternity, importable from here.

A name is looked up in `_NAMES` and its module imported on first use, so that
`from backend.types import Bot` does not pay for the provider types. To add a name: one word in
`_NAMES`, one line under `TYPE_CHECKING`; `tests/unit/types/test_exports.py` compares both with
what the modules define.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.types.bots import RESERVED_SLUGS as RESERVED_SLUGS
    from backend.types.bots import Actor as Actor
    from backend.types.bots import ActorKind as ActorKind
    from backend.types.bots import Bot as Bot
    from backend.types.bots import BotStatus as BotStatus
    from backend.types.bots import BotSummary as BotSummary
    from backend.types.config import Address as Address
    from backend.types.config import ConfigLine as ConfigLine
    from backend.types.config import ConfigOrigin as ConfigOrigin
    from backend.types.config import ConfigProblem as ConfigProblem
    from backend.types.config import EmbedderEngine as EmbedderEngine
    from backend.types.config import EmbedderSettings as EmbedderSettings
    from backend.types.config import InterfaceSettings as InterfaceSettings
    from backend.types.config import RecallProfile as RecallProfile
    from backend.types.config import RecallSettings as RecallSettings
    from backend.types.config import Settings as Settings
    from backend.types.config import VariableName as VariableName
    from backend.types.config import VectorSettings as VectorSettings
    from backend.types.errors import BoternityError as BoternityError
    from backend.types.errors import Busy as Busy
    from backend.types.errors import ConfigError as ConfigError
    from backend.types.errors import Conflict as Conflict
    from backend.types.errors import Corrupt as Corrupt
    from backend.types.errors import EmbedderUnavailable as EmbedderUnavailable
    from backend.types.errors import HomeUnusable as HomeUnusable
    from backend.types.errors import IndexUnavailable as IndexUnavailable
    from backend.types.errors import Invalid as Invalid
    from backend.types.errors import InvalidFilter as InvalidFilter
    from backend.types.errors import LlmError as LlmError
    from backend.types.errors import NotFound as NotFound
    from backend.types.errors import OutOfSpace as OutOfSpace
    from backend.types.errors import RepositoryError as RepositoryError
    from backend.types.errors import UndoBlocked as UndoBlocked
    from backend.types.exchange import Check as Check
    from backend.types.exchange import HealthReport as HealthReport
    from backend.types.exchange import ImportReport as ImportReport
    from backend.types.exchange import RejectedLine as RejectedLine
    from backend.types.index import IndexState as IndexState
    from backend.types.index import IndexStatus as IndexStatus
    from backend.types.index import ReconcileReport as ReconcileReport
    from backend.types.index import VectorHit as VectorHit
    from backend.types.index import VectorHits as VectorHits
    from backend.types.journal import Act as Act
    from backend.types.journal import ChainReport as ChainReport
    from backend.types.journal import EntityKind as EntityKind
    from backend.types.journal import EventDetail as EventDetail
    from backend.types.journal import JournalChange as JournalChange
    from backend.types.journal import JournalEvent as JournalEvent
    from backend.types.journal import SavedFilter as SavedFilter
    from backend.types.llm import CircuitStateName as CircuitStateName
    from backend.types.llm import FallbackChainConfig as FallbackChainConfig
    from backend.types.llm import ProviderCapabilities as ProviderCapabilities
    from backend.types.llm import ProviderConfig as ProviderConfig
    from backend.types.llm import ProviderCostInfo as ProviderCostInfo
    from backend.types.llm import ProviderStatusInfo as ProviderStatusInfo
    from backend.types.llm import ProviderType as ProviderType
    from backend.types.llm import TokenLimitField as TokenLimitField
    from backend.types.llm_errors import MAX_REASON_LENGTH as MAX_REASON_LENGTH
    from backend.types.llm_errors import AllProvidersDown as AllProvidersDown
    from backend.types.llm_errors import AuthenticationFailed as AuthenticationFailed
    from backend.types.llm_errors import ContextLengthExceeded as ContextLengthExceeded
    from backend.types.llm_errors import InvalidRequest as InvalidRequest
    from backend.types.llm_errors import ModelNotFound as ModelNotFound
    from backend.types.llm_errors import Overloaded as Overloaded
    from backend.types.llm_errors import ProviderError as ProviderError
    from backend.types.llm_errors import ProviderFailure as ProviderFailure
    from backend.types.llm_errors import QuotaExhausted as QuotaExhausted
    from backend.types.llm_errors import RateLimited as RateLimited
    from backend.types.llm_errors import StreamError as StreamError
    from backend.types.llm_requests import CompletionRequest as CompletionRequest
    from backend.types.llm_requests import CompletionResponse as CompletionResponse
    from backend.types.llm_requests import ContentBlock as ContentBlock
    from backend.types.llm_requests import ImageBlock as ImageBlock
    from backend.types.llm_requests import Message as Message
    from backend.types.llm_requests import MessageRole as MessageRole
    from backend.types.llm_requests import StopReason as StopReason
    from backend.types.llm_requests import TextBlock as TextBlock
    from backend.types.llm_requests import ThinkingBlock as ThinkingBlock
    from backend.types.llm_requests import ToolDefinition as ToolDefinition
    from backend.types.llm_requests import ToolResultBlock as ToolResultBlock
    from backend.types.llm_requests import ToolUseBlock as ToolUseBlock
    from backend.types.llm_requests import Usage as Usage
    from backend.types.llm_stream import FailoverNotice as FailoverNotice
    from backend.types.llm_stream import MessageDelta as MessageDelta
    from backend.types.llm_stream import StreamConnected as StreamConnected
    from backend.types.llm_stream import StreamDone as StreamDone
    from backend.types.llm_stream import StreamEvent as StreamEvent
    from backend.types.llm_stream import TextDelta as TextDelta
    from backend.types.llm_stream import ThinkingDelta as ThinkingDelta
    from backend.types.llm_stream import ToolUseComplete as ToolUseComplete
    from backend.types.llm_stream import UsageUpdate as UsageUpdate
    from backend.types.memory import MAX_FACT_BYTES as MAX_FACT_BYTES
    from backend.types.memory import MAX_TAG_LENGTH as MAX_TAG_LENGTH
    from backend.types.memory import MAX_TAGS as MAX_TAGS
    from backend.types.memory import ActOutcome as ActOutcome
    from backend.types.memory import Added as Added
    from backend.types.memory import AuditAction as AuditAction
    from backend.types.memory import Candidate as Candidate
    from backend.types.memory import Grant as Grant
    from backend.types.memory import Importance as Importance
    from backend.types.memory import MemoryAuditEntry as MemoryAuditEntry
    from backend.types.memory import MemoryCategory as MemoryCategory
    from backend.types.memory import MemoryChange as MemoryChange
    from backend.types.memory import MemoryDraft as MemoryDraft
    from backend.types.memory import MemoryEntry as MemoryEntry
    from backend.types.memory import MemoryEvent as MemoryEvent
    from backend.types.memory import MemoryLine as MemoryLine
    from backend.types.memory import MemorySort as MemorySort
    from backend.types.memory import MemorySource as MemorySource
    from backend.types.memory import MemoryStats as MemoryStats
    from backend.types.memory import MemoryStatus as MemoryStatus
    from backend.types.memory import PairLabel as PairLabel
    from backend.types.memory import PairVerdict as PairVerdict
    from backend.types.memory import RankedMemory as RankedMemory
    from backend.types.memory import ScoreParts as ScoreParts
    from backend.types.memory import SharedMemoryEntry as SharedMemoryEntry
    from backend.types.memory import SourceKind as SourceKind
    from backend.types.memory import TrustLevel as TrustLevel
    from backend.types.memory import VectorMemoryEntry as VectorMemoryEntry
    from backend.types.recall import NearMiss as NearMiss
    from backend.types.recall import RankedRow as RankedRow
    from backend.types.recall import RankedRows as RankedRows
    from backend.types.recall import RecallAnswer as RecallAnswer
    from backend.types.recall import RecallLegs as RecallLegs
    from backend.types.recall import RecallTimings as RecallTimings
    from backend.types.recall import WhyNot as WhyNot
    from backend.types.storage import MAX_FILE_SIZE_BYTES as MAX_FILE_SIZE_BYTES
    from backend.types.storage import FileChunk as FileChunk
    from backend.types.storage import FileVersion as FileVersion
    from backend.types.storage import KvEntry as KvEntry
    from backend.types.storage import StorageFile as StorageFile

_NAMES = {
    "bots": "Actor ActorKind Bot BotStatus BotSummary RESERVED_SLUGS",
    "config": (
        "Address ConfigLine ConfigOrigin ConfigProblem EmbedderEngine EmbedderSettings "
        "InterfaceSettings RecallProfile RecallSettings Settings VariableName VectorSettings"
    ),
    "errors": (
        "BoternityError Busy ConfigError Conflict Corrupt EmbedderUnavailable HomeUnusable "
        "IndexUnavailable Invalid InvalidFilter LlmError NotFound OutOfSpace RepositoryError "
        "UndoBlocked"
    ),
    "exchange": "Check HealthReport ImportReport RejectedLine",
    "index": "IndexState IndexStatus ReconcileReport VectorHit VectorHits",
    "journal": "Act ChainReport EntityKind EventDetail JournalChange JournalEvent SavedFilter",
    "llm": (
        "CircuitStateName FallbackChainConfig ProviderCapabilities ProviderConfig "
        "ProviderCostInfo ProviderStatusInfo ProviderType TokenLimitField"
    ),
    "llm_errors": (
        "AllProvidersDown AuthenticationFailed ContextLengthExceeded InvalidRequest "
        "MAX_REASON_LENGTH ModelNotFound Overloaded ProviderError ProviderFailure "
        "QuotaExhausted RateLimited StreamError"
    ),
    "llm_requests": (
        "CompletionRequest CompletionResponse ContentBlock ImageBlock Message MessageRole "
        "StopReason TextBlock ThinkingBlock ToolDefinition ToolResultBlock ToolUseBlock Usage"
    ),
    "llm_stream": (
        "FailoverNotice MessageDelta StreamConnected StreamDone StreamEvent TextDelta "
        "ThinkingDelta ToolUseComplete UsageUpdate"
    ),
    "memory": (
        "ActOutcome Added AuditAction Candidate Grant Importance MAX_FACT_BYTES MAX_TAGS "
        "MAX_TAG_LENGTH MemoryAuditEntry MemoryCategory MemoryChange MemoryDraft MemoryEntry "
        "MemoryEvent MemoryLine MemorySort MemorySource MemoryStats MemoryStatus PairLabel "
        "PairVerdict RankedMemory ScoreParts SharedMemoryEntry SourceKind TrustLevel "
        "VectorMemoryEntry"
    ),
    "recall": "NearMiss RankedRow RankedRows RecallAnswer RecallLegs RecallTimings WhyNot",
    "storage": "FileChunk FileVersion KvEntry MAX_FILE_SIZE_BYTES StorageFile",
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
