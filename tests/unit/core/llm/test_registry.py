"""The registry of providers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from backend.core import ProviderRegistry
from backend.types import (
    CompletionRequest,
    CompletionResponse,
    Conflict,
    NotFound,
    ProviderCapabilities,
    StreamEvent,
)


class Silent:
    """A provider that nobody asks."""

    name = "silent"
    capabilities = ProviderCapabilities(
        streaming=False,
        tool_calling=False,
        vision=False,
        extended_thinking=False,
        max_context_tokens=1,
        max_output_tokens=1,
    )

    async def complete(self, request: CompletionRequest) -> CompletionResponse:
        raise AssertionError("nobody asks")

    def stream(
        self, request: CompletionRequest
    ) -> AbstractAsyncContextManager[AsyncIterator[StreamEvent]]:
        raise AssertionError("nobody asks")


def test_a_registered_provider_is_found_by_its_name() -> None:
    registry, openai, glm = ProviderRegistry(), Silent(), Silent()

    registry.register("openai", openai)
    registry.register("glm", glm)

    assert registry.get("openai") is openai
    assert registry.list_names() == ["glm", "openai"]


def test_registering_the_same_provider_again_changes_nothing() -> None:
    registry, openai = ProviderRegistry(), Silent()
    registry.register("openai", openai)

    registry.register("openai", openai)

    assert registry.list_names() == ["openai"]


def test_a_name_that_is_taken_is_not_given_to_another_provider() -> None:
    registry, first = ProviderRegistry(), Silent()
    registry.register("openai", first)

    with pytest.raises(Conflict, match="There is a provider “openai” already"):
        registry.register("openai", Silent())

    assert registry.get("openai") is first


def test_asking_for_an_unknown_provider_lists_the_known_ones() -> None:
    registry = ProviderRegistry()
    registry.register("openai", Silent())
    registry.register("glm", Silent())

    with pytest.raises(NotFound, match=r"no provider “opnai”.*one of: glm, openai") as missing:
        registry.get("opnai")

    assert (missing.value.kind, missing.value.key) == ("provider", "opnai")
