"""Any endpoint that speaks OpenAI's `POST /embeddings`: a vendor's, or one on your own machine.

Format: platform.openai.com/docs/api-reference/embeddings/create (request `model`, `input`;
answer `data[].index`, `data[].embedding`). The key is read from the environment at each request
and kept nowhere; what the endpoint says in an error is never shown, because it may echo it.
Held by `tests/contracts/test_embedder.py`.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from backend.types.config import EmbedderSettings
from backend.types.errors import ConfigError, EmbedderUnavailable

if TYPE_CHECKING:
    import httpx
    import numpy as np
    from numpy.typing import NDArray

_BATCH_TEXTS = 64
_LONGEST_TEXT = 6_000
"""Characters; OpenAI refuses more than 8,191 tokens and many local servers far fewer."""
_LARGEST_ANSWER = 32 * 2**20  # bytes; 64 vectors of 4,096 numbers are about 6 MB
_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 60.0  # a local model on a slow machine, 64 texts


class OpenAiEndpointEmbedder:
    """Asks an endpoint for vectors; connects when first asked."""

    def __init__(self, settings: EmbedderSettings) -> None:
        """Raise ConfigError when url or model are missing or the url is not one."""
        self._where = _host(settings.url)
        if not settings.model:
            raise ConfigError(
                "embedder.model is empty. Set it to the name of a model that the endpoint serves."
            )
        self._url = settings.url.rstrip("/") + "/embeddings"
        self._model = settings.model
        self._key_env = settings.key_env
        self._expected = settings.dimension
        self._dimension = settings.dimension
        self._client: httpx.AsyncClient | None = None
        self._closed = False

    @property
    def model_name(self) -> str:
        """The model's name in the settings; endpoints tell no revision (`identity.py` helps)."""
        return self._model

    @property
    def dimension(self) -> int:
        """What the settings say, else what the first answer had; 0 before that answer."""
        return self._dimension

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit-length float32 rows, shape (len(texts), dimension), in the order of `texts`.

        Only the first 6,000 characters of a text count. Raises EmbedderUnavailable: no key, no
        connection, an error status, or an answer that is not one vector a text.
        """
        await self._connected()  # first, because it also loads numpy and httpx off the loop
        import numpy as np

        asked = [_sendable(text) for text in texts]
        if not asked and self._dimension == 0:
            await self._ask([" "])  # the shape of nothing needs a dimension too
        parts = [
            await self._ask(asked[start : start + _BATCH_TEXTS])
            for start in range(0, len(asked), _BATCH_TEXTS)
        ]
        return np.concatenate([np.zeros((0, self._dimension), dtype=np.float32), *parts])

    async def close(self) -> None:
        """Close the connections; a second call does nothing."""
        self._closed = True
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _ask(self, texts: list[str]) -> NDArray[np.float32]:
        status, body = await self._post({"model": self._model, "input": texts})
        if status != 200:
            raise EmbedderUnavailable(
                f"The embeddings endpoint at {self._where} answered HTTP {status}: "
                f"{self._advice(status)}"
            )
        # In a thread: 64 long vectors take tens of milliseconds to parse.
        rows = await asyncio.to_thread(_rows, body, len(texts))
        if rows is None:
            raise EmbedderUnavailable(
                f"The embeddings endpoint at {self._where} did not answer with one vector a text. "
                "Check that embedder.url ends where its API begins, often in /v1."
            )
        dimension = rows.shape[1]
        if self._dimension not in (0, dimension):
            raise EmbedderUnavailable(
                f"The embeddings endpoint at {self._where} sent vectors of length {dimension}, "
                f"not {self._dimension}: it serves another model than before. Check "
                "embedder.model and embedder.dimension, then index again."
            )
        self._dimension = dimension
        return rows

    async def _post(self, payload: dict[str, object]) -> tuple[int, bytes]:
        """Send once; once more when a kept connection turns out to be closed."""
        import httpx

        headers = self._headers()
        try:
            try:
                return await self._send(payload, headers)
            except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
                return await self._send(payload, headers)
        except httpx.TimeoutException as error:
            raise EmbedderUnavailable(
                f"The embeddings endpoint at {self._where} did not answer in time. "
                "Check that it runs, then try again; keyword search works meanwhile."
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise EmbedderUnavailable(
                f"The embeddings endpoint at {self._where} cannot be reached. "
                "Check embedder.url and that it runs; keyword search works meanwhile."
            ) from error

    async def _send(self, payload: dict[str, object], headers: dict[str, str]) -> tuple[int, bytes]:
        client = await self._connected()
        body = bytearray()
        async with client.stream(
            "POST", self._url, content=json.dumps(payload).encode(), headers=headers
        ) as answer:
            if answer.status_code != 200:
                return answer.status_code, b""
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > _LARGEST_ANSWER:
                    return 200, b""  # not an answer to what was asked
        return 200, bytes(body)

    async def _connected(self) -> httpx.AsyncClient:
        if self._client is None and not self._closed:
            await self._keep(await asyncio.to_thread(_make_client))
        if self._client is None:
            raise EmbedderUnavailable(
                "The connection to the embeddings endpoint was closed. Open the home again."
            )
        return self._client

    async def _keep(self, made: httpx.AsyncClient) -> None:
        """Take the new client, unless another caller was faster or this was closed meanwhile."""
        if self._client is None and not self._closed:
            self._client = made
        else:
            await made.aclose()

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if not self._key_env:
            return headers
        key = os.environ.get(self._key_env, "").strip()
        if not key:
            raise EmbedderUnavailable(
                f"The environment variable {self._key_env} holds no key for the embeddings "
                "endpoint. Set it, or clear embedder.key_env when the endpoint needs none."
            )
        # Checked here, because the HTTP library would quote a bad header in its error.
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise EmbedderUnavailable(
                f"The key in the environment variable {self._key_env} has characters that no key "
                "has. Copy it again, without line breaks."
            )
        return headers | {"Authorization": f"Bearer {key}"}

    def _advice(self, status: int) -> str:
        match status:
            case 401 | 403 if self._key_env:
                return f"it refuses the key. Check the environment variable {self._key_env}."
            case 401 | 403:
                return "it wants a key. Name the environment variable of one in embedder.key_env."
            case 404 | 405:
                return "it knows no such address or model. Check embedder.url and embedder.model."
            case 429:
                return "too many requests or no credit. Wait, then index again."
            case _ if status >= 500:
                return "it failed on its side. Try again later; keyword search works meanwhile."
            case _:
                return "it refuses the request. Check embedder.url and embedder.model."


def _make_client() -> httpx.AsyncClient:
    """Load the libraries and the certificates, some 100 ms."""
    try:
        import httpx
        import numpy  # noqa: F401  # for the answers

        return httpx.AsyncClient(timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS))
    except (ImportError, ValueError, OSError) as error:  # also a proxy or certificate variable
        raise EmbedderUnavailable(
            "No connection to the embeddings endpoint can be made from this environment. Check "
            "the proxy and certificate variables, such as HTTPS_PROXY and SSL_CERT_FILE."
        ) from error


def _host(url: str) -> str:
    """Return host and port of `url` for messages, without a user's name or a query's secrets."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise ConfigError(_BAD_URL) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ConfigError(_BAD_URL)
    if parts.username is not None or parts.password is not None:
        raise ConfigError(
            "embedder.url holds a user name or a password. Take it out and name the environment "
            "variable of the key in embedder.key_env."
        )
    return f"{parts.hostname}{port}"


_BAD_URL = (
    "embedder.url is not the base address of an endpoint. "
    "Set it to one such as http://127.0.0.1:11434/v1."
)


def _sendable(text: str) -> str:
    """Return what every endpoint takes: no NUL, no lone surrogate, not empty, not endless."""
    cut = text[:_LONGEST_TEXT].replace("\0", " ")
    return cut.encode("utf-8", "replace").decode("utf-8") or " "


def _rows(body: bytes, count: int) -> NDArray[np.float32] | None:
    """Return the answer's vectors by their `index`, scaled to length 1; None if it has others."""
    import numpy as np

    try:
        entries: list[Any] = json.loads(body)["data"]
        by_index = {entry["index"]: entry["embedding"] for entry in entries}
        if len(entries) != count or set(by_index) != set(range(count)):
            return None
        rows = np.asarray([by_index[index] for index in range(count)], dtype=np.float64)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if rows.ndim != 2 or rows.shape[1] == 0:
        return None
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        return None
    unit: NDArray[np.float32] = (rows / lengths).astype(np.float32)
    return unit
