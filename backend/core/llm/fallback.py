"""The port to a chain of providers that stand in for one another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from backend.types.llm import ProviderStatusInfo
from backend.types.llm_requests import CompletionRequest, CompletionResponse
from backend.types.llm_stream import StreamEvent


class FallbackChain(Protocol):
    """Asks the providers of a chain in order of priority until one answers."""

    @property
    def primary_provider_name(self) -> str:
        """The enabled provider with the lowest priority; asked again once it recovers."""
        ...

    @property
    def rate_limit_queue_timeout_ms(self) -> int:
        """How long a caller queues for a rate-limited provider before the next one is asked."""
        ...

    @property
    def cost_warning_multiplier(self) -> float:
        """A stand-in dearer than this many times the primary is announced before it is asked."""
        ...

    async def complete(self, request: CompletionRequest) -> CompletionResponse:
        """Return the first whole answer; it names the provider and the model that gave it.

        Raises the provider's own LlmError where no other would help, AllProvidersDown where none
        is left.
        """
        ...

    def stream(
        self, request: CompletionRequest
    ) -> AbstractAsyncContextManager[AsyncIterator[StreamEvent]]:
        """Open an answer that arrives in pieces; leaving the context closes the connection.

        A provider may be replaced (FailoverNotice) until the first piece of its answer has been
        handed on, never after: then a broken answer raises StreamError. Otherwise as `complete`.
        """
        ...

    def health_status(self) -> Sequence[ProviderStatusInfo]:
        """Return how each provider fares, in the order they are tried; reading changes nothing."""
        ...
