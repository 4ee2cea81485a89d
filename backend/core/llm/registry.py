"""The providers that a program can ask, by name."""

from __future__ import annotations

from backend.core.llm.provider import LlmProvider
from backend.types.errors import Conflict, NotFound


class ProviderRegistry:
    """Providers by name; a name stands for one provider as long as the registry lives."""

    def __init__(self) -> None:
        self._providers: dict[str, LlmProvider] = {}

    def register(self, name: str, provider: LlmProvider) -> None:
        """Make a provider known; the same one again changes nothing.

        Raises Conflict if the name stands for another.
        """
        known = self._providers.setdefault(name, provider)
        if known is not provider:
            raise Conflict(
                f"There is a provider “{name}” already: nothing was changed. Choose another name."
            )

    def get(self, name: str) -> LlmProvider:
        """Return the provider of that name. Raises NotFound, which lists the names there are."""
        try:
            return self._providers[name]
        except KeyError:
            known = ", ".join(self.list_names()) or "none yet"
            raise NotFound(
                f"There is no provider “{name}”. Set it up, or choose one of: {known}.",
                kind="provider",
                key=name,
            ) from None

    def list_names(self) -> list[str]:
        """Return the names in alphabetical order."""
        return sorted(self._providers)
