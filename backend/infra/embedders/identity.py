"""Which model really answers: a silent swap must not mix vectors that do not compare.

An identity is `name@revision/dimension/sketch`. The sketch is a hash of the vectors of eight
fixed sentences, but not one over their digits: sums differ in the seventh decimal between
processors, thread counts and batch sizes, and among thousands of rounded numbers some always lie
at a rounding's edge. Instead each vector, less the mean of the eight, is projected on 32 fixed
directions and only the signs are kept (SimHash: Charikar 2002, doi 10.1145/509907.509965). A sign
turns with probability angle/pi, so the share of bits that differ measures how far two models lie
apart. Of the 256 bits, noise of 1e-6 turns one in fewer than 500 tries, other number formats
(cosine 0.9995) two, another model about half. Compare with `same_model`, not with `==`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from backend.core.memory.embedder import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SENTENCES = (
    "The user prefers dark mode in every editor.",
    "Deployments to Frankfurt wait until the backup has finished.",
    "Her daughter Mia starts school in September.",
    "PostgreSQL listens on port 5433, not on the default one.",
    "Invoices above 2,000 euros need a second signature.",
    "He is allergic to peanuts and carries an adrenaline pen.",
    "def retry(times: int) -> None: raise NotImplementedError",
    "Die Besprechung am Montag fällt aus, sagt der Kalender.",
)
"""Fixed for good: another sentence would make every known model look like a new one."""

_BITS = 32  # a sentence
_TOLERANCE = 16
"""Bits of 256: six per cent, a cosine of about 0.98 to the model of before (the sentences' mean
taken off); below that recall begins to differ, above it only noise and number formats live."""


async def identify(embedder: Embedder) -> str:
    """Return the identity of what `embedder` answers with now; "none/0/" where it makes nothing.

    Costs one call with eight short texts. Raises EmbedderUnavailable.
    """
    vectors = await embedder.embed(SENTENCES)
    return f"{embedder.model_name}/{vectors.shape[1]}/{_sketch(vectors)}"


def same_model(known: str, current: str) -> bool:
    """Say whether vectors made under one identity may be compared with those under the other.

    Name and dimension must be equal and the sketches at most 16 of 256 bits apart. What is not an
    identity is the same as nothing but itself.
    """
    known_name, _, known_sketch = known.rpartition("/")
    current_name, _, current_sketch = current.rpartition("/")
    if known == current:
        return True
    if known_name != current_name or len(known_sketch) != len(current_sketch):
        return False
    try:
        apart = (int(known_sketch, 16) ^ int(current_sketch, 16)).bit_count()
    except ValueError:
        return False
    return apart <= _TOLERANCE


def _sketch(vectors: NDArray[np.float32]) -> str:
    import numpy as np

    count, dimension = vectors.shape
    if dimension == 0:
        return ""
    digest = hashlib.shake_256(b"boternity identity 1").digest(dimension * _BITS // 8)
    signs = np.unpackbits(np.frombuffer(digest, dtype=np.uint8)).reshape(dimension, _BITS)
    directions = signs.astype(np.float64) * 2 - 1
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    bits = (centred @ directions > 0).reshape(count * _BITS)
    return np.packbits(bits).tobytes().hex()
