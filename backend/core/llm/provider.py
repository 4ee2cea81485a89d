"""The port to a model provider."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from backend.types.llm import ProviderCapabilities
from backend.types.llm_requests import CompletionRequest, CompletionResponse
from backend.types.llm_stream import StreamEvent


class LlmProvider(Protocol):
    """Asks one model of one provider. It neither retries nor fails over: that is the chain's."""

    @property
    def name(self) -> str:
        """The name in the configuration; unique within a chain."""
        ...

    @property
    def capabilities(self) -> ProviderCapabilities:
        """What the model can do; does not change while the provider is in use."""
        ...

    async def complete(self, request: CompletionRequest) -> CompletionResponse:
        """Return the whole answer.

        What the model cannot take (sampling, thinking) is left out. Raises a subclass of LlmError
        and nothing else; cancelling closes the connection.
        """
        ...

    def stream(
        self, request: CompletionRequest
    ) -> AbstractAsyncContextManager[AsyncIterator[StreamEvent]]:
        """Open an answer that arrives in pieces; leaving the context closes the connection.

        StreamConnected comes first, StreamDone last and only after the provider's own end marker;
        an answer that ends without it raises StreamError with the text so far. Entering and
        iterating raise a subclass of LlmError and nothing else.
        """
        ...
