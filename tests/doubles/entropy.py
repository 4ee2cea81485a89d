"""Chance that is the same in every run: ids and tokens from a seed."""

from __future__ import annotations

import random
import uuid


class SeededEntropy:
    """An `Entropy` whose sequence depends on the seed alone."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self._random.getrandbits(128), version=4)

    def token(self, size: int) -> bytes:
        return self._random.randbytes(size)
