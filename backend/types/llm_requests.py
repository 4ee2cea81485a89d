"""What is asked of a model and what it answers, in one shape for all providers."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Base64Bytes, Field, JsonValue

from backend.types.base import Value, Word

_Tokens = Annotated[int, Field(ge=0)]


class MessageRole(Word):
    """Who speaks; an adapter moves system and tool messages to where its provider wants them."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class TextBlock(Value):
    """Plain text."""

    type: Literal["text"] = "text"
    text: str


class ImageBlock(Value):
    """A picture; `data` is given and written as base64, and read as the picture's bytes."""

    type: Literal["image"] = "image"
    media_type: str
    data: Base64Bytes


class ThinkingBlock(Value):
    """A model's reasoning; `signature` must go back unchanged to the provider that made it."""

    type: Literal["thinking"] = "thinking"
    text: str
    signature: str | None = None


class ToolUseBlock(Value):
    """A model asks for a tool; `id` is what the result refers to."""

    type: Literal["tool_use"] = "tool_use"
    id: str
    name: str
    input: dict[str, JsonValue]


class ToolResultBlock(Value):
    """What a tool answered, or how it failed."""

    type: Literal["tool_result"] = "tool_result"
    tool_use_id: str
    content: str
    is_error: bool = False


ContentBlock = Annotated[
    TextBlock | ImageBlock | ThinkingBlock | ToolUseBlock | ToolResultBlock,
    Field(discriminator="type"),
]


def _text_of(content: tuple[ContentBlock, ...]) -> str:
    return "".join(block.text for block in content if isinstance(block, TextBlock))


class Message(Value):
    """One turn of a conversation."""

    role: MessageRole
    content: tuple[ContentBlock, ...]

    @classmethod
    def of_text(cls, role: MessageRole, text: str) -> Self:
        return cls(role=role, content=(TextBlock(text=text),))

    @property
    def text(self) -> str:
        """The text blocks, joined; pictures, reasoning and tools left out."""
        return _text_of(self.content)


class ToolDefinition(Value):
    """A tool that a model may ask for; `input_schema` is a JSON Schema."""

    name: str
    description: str = ""
    input_schema: dict[str, JsonValue]


class CompletionRequest(Value):
    """What is asked; what a target cannot take, its adapter leaves out by its capabilities."""

    messages: tuple[Message, ...]
    model: str | None = None
    """Meant for the primary alone, every other target uses its own; None: each its own."""
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    """The longest answer; None takes the target's `max_output_tokens`."""
    temperature: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    top_k: Annotated[int, Field(ge=1)] | None = None
    stop_sequences: tuple[str, ...] = ()
    tools: tuple[ToolDefinition, ...] = ()
    thinking_budget_tokens: Annotated[int, Field(ge=1)] | None = None
    """Asks for extended thinking, at most this long; None asks for none."""


class StopReason(Word):
    """Why a model stopped."""

    END_TURN = "end_turn"
    TOOL_USE = "tool_use"
    MAX_TOKENS = "max_tokens"
    STOP_SEQUENCE = "stop_sequence"
    PAUSE_TURN = "pause_turn"
    REFUSAL = "refusal"
    CONTEXT_EXCEEDED = "context_exceeded"


class Usage(Value):
    """Tokens, normalised: the three kinds of input do not overlap, whoever counted them."""

    input_uncached: _Tokens = 0
    cache_read: _Tokens = 0
    cache_write: _Tokens = 0
    output: _Tokens = 0
    estimated: bool = False
    """The provider did not say; we counted."""


class CompletionResponse(Value):
    """A whole answer, and who gave it."""

    provider_name: str
    model: str
    content: tuple[ContentBlock, ...]
    stop_reason: StopReason
    usage: Usage

    @property
    def text(self) -> str:
        """The text blocks, joined; reasoning and tools left out."""
        return _text_of(self.content)
