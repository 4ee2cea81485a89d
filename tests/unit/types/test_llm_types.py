"""Provider types: what they refuse, how they travel, and what a person reads when a call fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from pydantic import TypeAdapter, ValidationError

from backend.types import (
    AllProvidersDown,
    AuthenticationFailed,
    CompletionRequest,
    ContextLengthExceeded,
    FailoverNotice,
    FallbackChainConfig,
    ImageBlock,
    InvalidRequest,
    LlmError,
    Message,
    MessageDelta,
    MessageRole,
    ModelNotFound,
    Overloaded,
    ProviderCapabilities,
    ProviderConfig,
    ProviderCostInfo,
    ProviderError,
    ProviderFailure,
    ProviderType,
    QuotaExhausted,
    RateLimited,
    StopReason,
    StreamConnected,
    StreamDone,
    StreamError,
    StreamEvent,
    TextBlock,
    TextDelta,
    ThinkingBlock,
    ThinkingDelta,
    TokenLimitField,
    ToolResultBlock,
    ToolUseBlock,
    ToolUseComplete,
    Usage,
    UsageUpdate,
)
from backend.types.llm_errors import MAX_REASON_LENGTH, redacted

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CAPABILITIES = ProviderCapabilities(
    streaming=True,
    tool_calling=True,
    vision=False,
    extended_thinking=False,
    max_context_tokens=128_000,
    max_output_tokens=16_384,
)

# The type checker takes a union for a value, not for a type.
EVENTS: TypeAdapter[StreamEvent] = TypeAdapter(cast(Any, StreamEvent))


def a_provider(name: str) -> ProviderConfig:
    return ProviderConfig(
        name=name,
        provider_type=ProviderType.OPENAI_COMPATIBLE,
        model="small",
        priority=1,
        capabilities=CAPABILITIES,
    )


def test_a_provider_is_enabled_and_needs_no_key_unless_told_otherwise() -> None:
    provider = a_provider("local")

    assert provider.enabled
    assert provider.api_key_secret_name is None
    assert provider.base_url is None
    assert provider.capabilities.accepts_sampling
    assert provider.capabilities.token_limit_field is TokenLimitField.MAX_TOKENS


def test_a_chain_names_each_provider_once() -> None:
    with pytest.raises(ValidationError, match="used twice: openai"):
        FallbackChainConfig(providers=(a_provider("openai"), a_provider("openai")))


@pytest.mark.parametrize("multiplier", [0.5, float("nan"), float("inf")])
def test_a_cost_warning_needs_a_multiple_that_can_be_reached(multiplier: float) -> None:
    with pytest.raises(ValidationError):
        FallbackChainConfig(cost_warning_multiplier=multiplier)


def test_a_chain_travels_as_json() -> None:
    chain = FallbackChainConfig(providers=(a_provider("openai"), a_provider("mistral")))

    assert FallbackChainConfig.model_validate_json(chain.model_dump_json()) == chain


def test_an_unknown_price_is_not_a_price_of_nothing() -> None:
    unknown = ProviderCostInfo(
        provider_name="local",
        model="small",
        input_cost_per_million=None,
        output_cost_per_million=None,
    )

    assert unknown.input_cost_per_million != 0
    assert ProviderCostInfo.model_validate_json(unknown.model_dump_json()) == unknown


def test_a_request_with_every_kind_of_block_travels_as_json() -> None:
    request = CompletionRequest(
        messages=(
            Message.of_text(MessageRole.SYSTEM, "Be brief."),
            Message(
                role=MessageRole.USER,
                content=(
                    TextBlock(text="What is this? "),
                    ImageBlock(media_type="image/png", data=b"iVBORw=="),
                    TextBlock(text="Be honest."),
                ),
            ),
            Message(
                role=MessageRole.ASSISTANT,
                content=(
                    ThinkingBlock(text="Hm.", signature="c2ln"),
                    ToolUseBlock(id="1", name="look", input={"where": ["here", None]}),
                ),
            ),
            Message(
                role=MessageRole.TOOL, content=(ToolResultBlock(tool_use_id="1", content="a cat"),)
            ),
        )
    )

    assert CompletionRequest.model_validate_json(request.model_dump_json()) == request
    assert request.messages[1].text == "What is this? Be honest."


@pytest.mark.parametrize(
    ("event", "tag"),
    [
        (StreamConnected(provider_name="openai", model="small"), "connected"),
        (TextDelta(text="Hel"), "text_delta"),
        (ThinkingDelta(text="Hm"), "thinking_delta"),
        (ToolUseComplete(id="1", name="look", input={}), "tool_use_complete"),
        (MessageDelta(stop_reason=StopReason.END_TURN), "message_delta"),
        (UsageUpdate(usage=Usage(input_uncached=3, output=1)), "usage"),
        (
            FailoverNotice(from_provider="openai", to_provider="glm", reason="Overloaded."),
            "failover_notice",
        ),
        (StreamDone(), "done"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_event_of_a_stream_is_known_by_its_tag(event: StreamEvent, tag: str) -> None:
    assert event.type == tag
    assert EVENTS.validate_json(EVENTS.dump_json(event)) == event


def test_an_unknown_event_is_refused_with_the_list_of_right_tags() -> None:
    with pytest.raises(ValidationError, match=r"'connected', 'text_delta'.*'done'"):
        EVENTS.validate_python({"type": "nonsense"})


SENTENCES: list[tuple[Callable[[], LlmError], str]] = [
    (
        lambda: ProviderError("openai", failure=ProviderFailure.SERVER_ERROR, status=503),
        "openai failed (HTTP 503). Try again, or check its address and your network.",
    ),
    (
        lambda: ProviderError("local", failure=ProviderFailure.CONNECT),
        "local could not be reached. Try again, or check its address and your network.",
    ),
    (
        lambda: StreamError("glm", committed=False),
        "The answer of glm broke off before its end, with nothing said yet. "
        "Ask again for a whole one.",
    ),
    (
        lambda: StreamError("glm", partial_text="Once upon", committed=True),
        "The answer of glm broke off before its end; what had arrived is kept. "
        "Ask again for a whole one.",
    ),
    (
        lambda: RateLimited("openai", retry_after_ms=1200),
        "openai takes no more requests for now. Try again in 2 seconds.",
    ),
    (
        lambda: RateLimited("openai", retry_after_ms=None),
        "openai takes no more requests for now. Try again in a moment.",
    ),
    (
        lambda: Overloaded("anthropic", retry_after_ms=1000),
        "anthropic is overloaded. Try again in 1 second.",
    ),
    (
        lambda: QuotaExhausted("glm", resets_at=NOON),
        "The credit or spending limit at glm is used up until 2026-11-22T12:00:00+00:00. "
        "Check the plan and the billing of that account.",
    ),
    (
        lambda: AuthenticationFailed("openai", status=401, secret_name="OPENAI_API_KEY"),
        "openai refused the key “OPENAI_API_KEY”: it is missing, wrong, expired or not allowed "
        "to do this. Set a valid key for this provider.",
    ),
    (
        lambda: InvalidRequest("mistral", reason="messages must alternate.", status=422),
        "mistral does not accept this request: messages must alternate. Change the request; "
        "another provider was not tried, for it would refuse it too.",
    ),
    (
        lambda: ContextLengthExceeded("openai", max=128_000, requested=130_500),
        "The request is too long for openai: its model takes 128,000 tokens, this is 130,500 "
        "tokens. Send less, or choose a model with a larger window.",
    ),
    (
        lambda: ModelNotFound("gemini", model="gone-1"),
        "gemini has no model “gone-1”: it is misspelt, retired or not open to this account. "
        "Set another model for this provider.",
    ),
    (
        lambda: AllProvidersDown(
            {"openai": "is overloaded.", "glm": "no network"}, earliest_retry=NOON
        ),
        "No provider can answer now (openai: is overloaded; glm: no network). The first may be "
        "asked again at 2026-11-22T12:00:00+00:00. Look with: boternity provider status",
    ),
    (
        lambda: AllProvidersDown({}, earliest_retry=None),
        "No provider can answer now (none is set up). Look with: boternity provider status",
    ),
]


@pytest.mark.parametrize(("make", "sentence"), SENTENCES)
def test_a_failed_call_is_told_in_a_sentence_with_the_next_step(
    make: Callable[[], LlmError], sentence: str
) -> None:
    error = make()

    assert isinstance(error, LlmError)
    assert str(error) == sentence


def test_what_a_program_needs_to_know_of_a_failure_is_an_attribute() -> None:
    broken = StreamError("glm", partial_text="Once upon", committed=True)
    limited = RateLimited("openai", retry_after_ms=1200)
    too_long = ContextLengthExceeded("openai", max=128_000, requested=130_500)
    down = AllProvidersDown({"openai": "is overloaded."}, earliest_retry=NOON)

    assert (broken.partial_text, broken.committed) == ("Once upon", True)
    assert (limited.provider, limited.retry_after_ms) == ("openai", 1200)
    assert (too_long.max, too_long.requested) == (128_000, 130_500)
    assert (down.reasons, down.earliest_retry) == ({"openai": "is overloaded."}, NOON)


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-AbC_123-xyz",
        "sk-ant-api03-AAAA-bbbb_CC",
        "sk-ab***yz",
        "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "0123456789abcdef0123456789abcdef.AbCdEfGhIjKlMnOp",
        "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF",
        "AKIAIOSFODNN7EXAMPLE",
        "ABSKQmVkcm9ja0FQSUtleS1hYmNk+/12==",
        "123e4567-e89b-12d3-a456-426614174000",
        "Bearer abcdefgh",
    ],
)
def test_a_key_that_a_provider_echoes_is_shown_nowhere(secret: str) -> None:
    error = InvalidRequest("openai", reason=f"Incorrect key provided: {secret}, see the manual")

    assert error.reason == "Incorrect key provided: [redacted], see the manual"
    assert secret not in f"{error} {error!r} {vars(error)}"


@pytest.mark.parametrize(
    "said",
    [
        "max_completion_tokens is not supported, use max_tokens",
        "messages: roles must alternate between user and assistant",
        "model claude-sonnet-4-5-20250929 takes no temperature",
    ],
)
def test_what_a_provider_says_of_the_request_stays_readable(said: str) -> None:
    assert redacted(said) == said


def test_a_providers_words_cannot_move_the_cursor_or_fill_the_screen() -> None:
    hostile = "bad\x1b[2J\r\n\u202erequest " + "very " * 1000

    shown = redacted(hostile)

    assert shown.startswith("bad [2J request very very")
    assert len(shown) <= MAX_REASON_LENGTH
    assert shown.isprintable()
