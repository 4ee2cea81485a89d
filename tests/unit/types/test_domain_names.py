"""Every name that the domain requires can be imported from the front of its package.

The lists are written by hand, section by section: code that loses a name must not lose the test.
"""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest
from pydantic import BaseModel

import backend.core
import backend.types
from backend.types.base import Word

WORDS = {
    "ProviderType": "anthropic bedrock openai_compatible claude_subscription",
    "StopReason": (
        "end_turn tool_use max_tokens stop_sequence pause_turn refusal context_exceeded"
    ),
    "MemoryCategory": "preference fact decision context correction",
    "TrustLevel": "public trusted private",
    "MemoryStatus": "live superseded merged deleted",
    "AuditAction": ("add delete share revoke merge edit restore supersede reembed import undo"),
    "BotStatus": "active disabled archived",
    "CircuitStateName": "closed open half_open",
}

FIELDS = {
    # types/llm
    "ProviderCapabilities": (
        "streaming tool_calling vision extended_thinking max_context_tokens max_output_tokens "
        "accepts_sampling token_limit_field"
    ),
    "ProviderConfig": (
        "name provider_type api_key_secret_name base_url model priority enabled capabilities"
    ),
    "FallbackChainConfig": "providers rate_limit_queue_timeout_ms cost_warning_multiplier",
    "ProviderCostInfo": "provider_name model input_cost_per_million output_cost_per_million",
    "ProviderStatusInfo": (
        "name circuit_state last_error last_success_ago total_calls total_failures uptime_since "
        "isolated rate_limited_until opens_again_at latency"
    ),
    "Message": "role",
    "CompletionRequest": "messages",
    "CompletionResponse": "stop_reason usage",
    "Usage": "input_uncached cache_read cache_write output estimated",
    # types/memory
    "VectorMemoryEntry": (
        "id bot_id fact category importance session_id source_memory_id embedding_model "
        "created_at last_accessed_at access_count tags pinned status source confirmed_at "
        "updated_at seen_count superseded_by merged_into revision"
    ),
    "MemoryEntry": "id bot_id fact",
    "SharedMemoryEntry": (
        "id fact category importance author_bot_id author_bot_name trust_level embedding_model "
        "write_hash created_at"
    ),
    "MemoryAuditEntry": "id bot_id memory_id action actor details created_at",
    "ScoreParts": "",
    "Candidate": "",
    "PairVerdict": "",
    "MemoryEvent": "",
    "Grant": "",
    "RankedMemory": "entry relevance_score distance provenance",
    # types/storage
    "StorageFile": (
        "id bot_id filename mime_type size_bytes version is_indexed created_at updated_at"
    ),
    "FileVersion": "id file_id version size_bytes created_at sha256 author note",
    "FileChunk": (
        "chunk_id file_id bot_id filename chunk_index chunk_text embedding_model heading_path"
    ),
    "KvEntry": "bot_id key value created_at updated_at revision",
    # types/bots
    "Bot": "id slug name description status created_at updated_at trusted_bots",
    "Actor": "",
}

OTHER_TYPES = [
    "MessageRole",
    "StreamEvent",
    "MAX_FILE_SIZE_BYTES",
    "LlmError",
    "ProviderError",
    "StreamError",
    "RateLimited",
    "Overloaded",
    "QuotaExhausted",
    "AuthenticationFailed",
    "InvalidRequest",
    "ContextLengthExceeded",
    "ModelNotFound",
    "AllProvidersDown",
    "RepositoryError",
    "NotFound",
    "Conflict",
    "Invalid",
    "Corrupt",
    "Busy",
]

PROTOCOLS = {
    "FallbackChain": (
        "complete stream health_status rate_limit_queue_timeout_ms cost_warning_multiplier "
        "primary_provider_name"
    ),
    "LlmProvider": "name capabilities complete stream",
    "ProviderRegistry": "register get list_names",
    "ProviderHealth": (
        "is_available record_success record_failure set_rate_limited is_failover_error "
        "to_status_info"
    ),
    "VectorMemoryStore": (
        "search add delete delete_all count check_duplicate get_all_for_reembedding "
        "update_embedding"
    ),
    "SharedMemoryStore": "add search delete share revoke count_by_author verify_integrity",
    "Embedder": "embed model_name dimension",
    "FileStore": "save_file get_file delete_file list_files get_file_info get_versions",
    "KvStore": "get set delete list_keys get_entry",
}

WRITES = {
    "VectorMemoryStore": "add delete delete_all update_embedding",
    "SharedMemoryStore": "add delete share revoke",
    "FileStore": "save_file delete_file restore_version",
    "KvStore": "set delete compare_and_set",
}


@pytest.mark.parametrize("name", WORDS)
def test_each_list_of_words_holds_the_words_of_the_domain(name: str) -> None:
    words = getattr(backend.types, name)

    assert issubclass(words, Word)
    assert [word.value for word in words] == WORDS[name].split()


@pytest.mark.parametrize("name", FIELDS)
def test_each_type_is_a_frozen_value_with_the_fields_of_the_domain(name: str) -> None:
    model = getattr(backend.types, name)

    assert issubclass(model, BaseModel)
    assert model.model_config["frozen"] is True
    assert set(FIELDS[name].split()) <= set(model.model_fields)


@pytest.mark.parametrize("name", OTHER_TYPES)
def test_each_error_and_limit_of_the_domain_exists(name: str) -> None:
    assert hasattr(backend.types, name)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_each_protocol_has_the_methods_of_the_domain(name: str) -> None:
    protocol = getattr(backend.core, name)

    assert [method for method in PROTOCOLS[name].split() if not hasattr(protocol, method)] == []


@pytest.mark.parametrize(
    ("name", "method"), [(name, method) for name in WRITES for method in WRITES[name].split()]
)
def test_whoever_writes_says_who_they_are(name: str, method: str) -> None:
    parameters = inspect.signature(getattr(getattr(backend.core, name), method)).parameters

    assert parameters["actor"].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["actor"].default is inspect.Parameter.empty


@pytest.mark.parametrize("name", ["VectorMemoryStore", "SharedMemoryStore", "FileStore", "KvStore"])
def test_every_method_of_a_store_can_be_awaited(name: str) -> None:
    store = getattr(backend.core, name)
    methods = [found for found in vars(store) if not found.startswith("_")]

    assert [found for found in methods if not inspect.iscoroutinefunction(vars(store)[found])] == []


def test_the_circuit_has_the_three_states_of_the_domain() -> None:
    assert list(inspect.signature(backend.core.Closed).parameters) == ["consecutive_failures"]
    assert list(inspect.signature(backend.core.Open).parameters) == ["opened_at", "wait_duration"]
    assert list(inspect.signature(backend.core.HalfOpen).parameters) == []


def test_a_providers_health_starts_with_the_numbers_of_the_domain() -> None:
    health = backend.core.ProviderHealth("openai", 0)

    assert (health.name, health.priority) == ("openai", 0)
    assert (health.failure_threshold, health.success_threshold) == (3, 1)
    assert health.open_duration == timedelta(seconds=30)
    assert health.state == backend.core.Closed(0)
    assert (health.total_calls, health.total_failures) == (0, 0)
    assert (health.last_error, health.last_success, health.last_latency_ms) == (None, None, None)
    assert (health.uptime_since, health.rate_limit_until) == (None, None)


def test_numbers_and_defaults_are_those_of_the_domain() -> None:
    chain = backend.types.FallbackChainConfig()
    memory = backend.types.MemoryDraft(fact="Prefers dark mode")
    shared = backend.types.SharedMemoryEntry.model_fields["trust_level"]

    assert backend.types.MAX_FILE_SIZE_BYTES == 52_428_800
    assert (chain.rate_limit_queue_timeout_ms, chain.cost_warning_multiplier) == (5000, 3.0)
    assert (memory.category, memory.importance) == (backend.types.MemoryCategory.FACT, 3)
    assert shared.default is backend.types.TrustLevel.PRIVATE
