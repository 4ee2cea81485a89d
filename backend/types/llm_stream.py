"""What arrives while a model answers: a closed, tagged union.

An answer that was read to its end closes with `StreamDone`; one that breaks off raises an
`LlmError` instead, so an answer without `StreamDone` is never a whole one.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from backend.types.base import Value
from backend.types.llm_requests import StopReason, Usage


class StreamConnected(Value):
    """A provider accepted the request; nothing is said yet."""

    type: Literal["connected"] = "connected"
    provider_name: str
    model: str


class TextDelta(Value):
    """The next piece of the text."""

    type: Literal["text_delta"] = "text_delta"
    text: str


class ThinkingDelta(Value):
    """The next piece of the reasoning."""

    type: Literal["thinking_delta"] = "thinking_delta"
    text: str


class ToolUseComplete(Value):
    """A tool is asked for; sent once, when its input is whole."""

    type: Literal["tool_use_complete"] = "tool_use_complete"
    id: str
    name: str
    input: dict[str, JsonValue]


class MessageDelta(Value):
    """Why the model stopped, as soon as it is known."""

    type: Literal["message_delta"] = "message_delta"
    stop_reason: StopReason


class UsageUpdate(Value):
    """Tokens so far; each update replaces the one before."""

    type: Literal["usage"] = "usage"
    usage: Usage


class FailoverNotice(Value):
    """Another provider takes over, before anything meaningful was said."""

    type: Literal["failover_notice"] = "failover_notice"
    from_provider: str
    to_provider: str
    reason: str
    """A sentence for a person; holds no secret."""


class StreamDone(Value):
    """The provider's own end marker was seen: the answer is whole."""

    type: Literal["done"] = "done"


StreamEvent = Annotated[
    StreamConnected
    | TextDelta
    | ThinkingDelta
    | ToolUseComplete
    | MessageDelta
    | UsageUpdate
    | FailoverNotice
    | StreamDone,
    Field(discriminator="type"),
]
