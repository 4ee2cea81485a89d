"""Which class stands behind each word of `embedder.engine`.

A new type of embedder is one file beside this one and one line below. Importing this module
loads neither numpy nor onnxruntime nor httpx: each embedder does so when it is first asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backend.core.memory.embedder import Embedder
from backend.infra.embedders.minilm import MiniLmEmbedder
from backend.infra.embedders.none import NoEmbedder
from backend.infra.embedders.openai_endpoint import OpenAiEndpointEmbedder
from backend.types.config import EmbedderEngine, EmbedderSettings

_MAKERS: Mapping[EmbedderEngine, Callable[[EmbedderSettings], Embedder]] = {
    EmbedderEngine.MINILM: lambda _: MiniLmEmbedder(),
    EmbedderEngine.OPENAI: OpenAiEndpointEmbedder,
    EmbedderEngine.NONE: lambda _: NoEmbedder(),
}


def make_embedder(settings: EmbedderSettings) -> Embedder:
    """Return the embedder that `settings` ask for, at once: nothing is loaded or called yet.

    Never another one instead: vectors of two models do not compare. Raises ConfigError when the
    settings of an endpoint cannot be meant.
    """
    return _MAKERS[settings.engine](settings)
