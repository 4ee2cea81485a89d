"""The port to whatever turns texts into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """Turns texts into vectors; the dot product of two of them is their cosine similarity."""

    @property
    def model_name(self) -> str:
        """Name and revision of the model; vectors of two names are never compared."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector; 0 for an embedder that makes none."""
        ...

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit-length float32 rows, shape (len(texts), dimension), in the order of `texts`.

        No texts give shape (0, dimension). A row does not depend on its neighbours beyond
        rounding (cosine >= 0.999). Raises EmbedderUnavailable and nothing else.
        """
        ...

    async def close(self) -> None:
        """Let go of models and connections; a second call does nothing."""
        ...
