"""Model providers: what they are, what they can do, what they cost, and how they fare.

What is sent and answered stands in `llm_requests`, what streams in `llm_stream`, what fails in
`llm_errors`.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from backend.types.base import UtcDatetime, Value, Word

_Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""US dollars per million tokens."""


class ProviderType(Word):
    """The shape that a provider speaks."""

    ANTHROPIC = "anthropic"
    BEDROCK = "bedrock"
    OPENAI_COMPATIBLE = "openai_compatible"
    CLAUDE_SUBSCRIPTION = "claude_subscription"


class TokenLimitField(Word):
    """What a provider calls the limit on the tokens of an answer."""

    MAX_TOKENS = "max_tokens"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"


class ProviderCapabilities(Value):
    """What a provider's model can do and how it wants to be asked: data, never a model's name."""

    streaming: bool
    tool_calling: bool
    vision: bool
    extended_thinking: bool
    max_context_tokens: Annotated[int, Field(ge=1)]
    max_output_tokens: Annotated[int, Field(ge=1)]
    accepts_sampling: bool = True
    """Whether temperature, top_p and top_k may be sent; a model that refuses them says False."""
    token_limit_field: TokenLimitField = TokenLimitField.MAX_TOKENS


class ProviderConfig(Value):
    """One provider of a chain, as the person set it up."""

    name: Annotated[str, Field(min_length=1)]
    """A known one (openai, gemini, mistral, glm, bedrock, anthropic, claude_subscription) or the
    person's own word."""
    provider_type: ProviderType
    api_key_secret_name: str | None = None
    """Where the key is kept, never the key; None for a server that wants none."""
    base_url: str | None = None
    """Overrides the provider's own address."""
    model: Annotated[str, Field(min_length=1)]
    priority: int
    """Lower is tried first."""
    enabled: bool = True
    capabilities: ProviderCapabilities


class FallbackChainConfig(Value):
    """The providers that stand in for one another: a global chain, or a bot's own."""

    providers: tuple[ProviderConfig, ...] = ()
    rate_limit_queue_timeout_ms: Annotated[int, Field(ge=0)] = 5000
    """How long a caller queues for a rate-limited provider before the next one is asked."""
    cost_warning_multiplier: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 3.0
    """A stand-in that costs more than this many times the primary is announced first."""

    @model_validator(mode="after")
    def _each_name_once(self) -> Self:
        names = [provider.name for provider in self.providers]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(
                f"each provider of a chain needs its own name; used twice: {', '.join(twice)}"
            )
        return self


class ProviderCostInfo(Value):
    """What a model costs; None is a price that nobody told us, which is not 0."""

    provider_name: str
    model: str
    input_cost_per_million: _Price | None
    output_cost_per_million: _Price | None


class CircuitStateName(Word):
    """A circuit's state as people and rows name it."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class ProviderStatusInfo(Value):
    """How a provider fares, as a person reads it."""

    name: str
    circuit_state: CircuitStateName
    last_error: str | None = None
    last_success_ago: str | None = None
    """Such as "2m ago"; None before the first success."""
    total_calls: Annotated[int, Field(ge=0)] = 0
    total_failures: Annotated[int, Field(ge=0)] = 0
    uptime_since: str | None = None
    """ISO 8601, UTC: since when it answers without its circuit opening; None while it does not."""
    enabled: bool = True
    isolated: bool = False
    """A person forced the circuit open; only a person closes it."""
    rate_limited_until: UtcDatetime | None = None
    opens_again_at: UtcDatetime | None = None
    """When an open circuit lets one call through to try; None when it is not open or isolated."""
    latency: float | None = None
    """Of the last successful call, in milliseconds."""
