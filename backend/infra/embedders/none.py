"""No vectors at all: keyword search only, a state in its own right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class NoEmbedder:
    """Takes any text and makes nothing of it; needs neither model nor network."""

    @property
    def model_name(self) -> str:
        """ "none"."""
        return "none"

    @property
    def dimension(self) -> int:
        """0."""
        return 0

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return shape (len(texts), 0)."""
        import numpy as np

        return np.zeros((len(texts), 0), dtype=np.float32)

    async def close(self) -> None:
        """Nothing to let go of."""
