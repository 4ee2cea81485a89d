"""A FAKE embedder: bags of hashed words, so that texts sharing words have similar vectors."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from backend.types.errors import EmbedderUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIMENSION = 64


def bag_of_words(text: str, *, dimension: int = DIMENSION) -> list[float]:
    """Return a unit-length vector that depends on the words of `text`, not on their order.

    A text without words gives the first axis.
    """
    vector = [0.0] * dimension
    for word in re.findall(r"\w+", text.casefold()):
        number = int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace")).digest()[:8])
        vector[number // 2 % dimension] += 1.0 if number % 2 else -1.0
    length = math.hypot(*vector)
    if length == 0.0:
        return [1.0] + [0.0] * (dimension - 1)
    return [value / length for value in vector]


class DeterministicEmbedder:
    """Embeds at once and in this process; `outage` makes it fail until it is None again."""

    def __init__(self, *, dimension: int = DIMENSION, model_name: str = "fake-words@1") -> None:
        self._dimension, self._model_name = dimension, model_name
        self.outage: str | None = None
        self.asked: list[str] = []
        """Every text so far, in order."""

    @property
    def model_name(self) -> str:
        return self._model_name

    @property
    def dimension(self) -> int:
        return self._dimension

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        if self.outage is not None:
            raise EmbedderUnavailable(self.outage)
        self.asked += texts
        rows = [bag_of_words(text, dimension=self._dimension) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self._dimension)

    async def close(self) -> None:
        self.outage = "The embedder was closed. Make a new one."
