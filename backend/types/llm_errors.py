"""How a model provider fails.

LlmError
├── ProviderError           no answer: no connection, a server error, an answer nobody can read
├── StreamError             the answer broke off; what came before is kept
├── RateLimited             too many requests; knows for how long
├── Overloaded              the provider has no capacity
├── QuotaExhausted          no credit, or a spending limit
├── AuthenticationFailed    the key is missing, wrong, expired or not allowed to do this
├── InvalidRequest          the request itself is wrong; no other provider would help
├── ContextLengthExceeded   the request is longer than the model's window
├── ModelNotFound           the model does not exist, or no longer
└── AllProvidersDown        every provider of the chain; knows each one's reason

Which of them fail over and which weigh on a circuit is decided in `backend.core.llm.errors`.
No body of an answer is pasted into a sentence: providers echo parts of keys in theirs. The one
that needs a provider's own words, `InvalidRequest`, passes them through `redacted`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from backend.types.base import Word
from backend.types.errors import LlmError

MAX_REASON_LENGTH = 200
"""The longest piece of a provider's own words in a sentence, in characters. Our own choice."""

_MASK = "[redacted]"
# What keys look like: a known prefix and what follows it (often echoed with asterisks, as in
# "sk-ab***yz"), what follows "Bearer", a UUID, or an unbroken run of 20 letters and digits.
# A word masked by mistake ("/v1/chat/completions") costs less than a key that is shown.
_SECRET = re.compile(
    r"\b(?:(?:sk|pk|rk|gsk|xai)[-_]|AIza|AKIA|ASIA|ABSK|bedrock-api-key)[-_\w*.+/=…]{4,}"
    r"|\b(?i:bearer)\s+(?i:token\s+)?[^\s,;]{8,}"
    r"|\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b"
    r"|[A-Za-z0-9+/=*]{20,}[-_\w*.+/=…]*"
)


def redacted(text: str) -> str:
    """Return a provider's own words, fit to be shown: one line, short, without what may be a key.

    Control and format characters become spaces; what is cut ends in "…".
    """
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    masked = _SECRET.sub(_MASK, line)
    if len(masked) <= MAX_REASON_LENGTH:
        return masked
    return masked[: MAX_REASON_LENGTH - 1].rstrip() + "…"


class ProviderFailure(Word):
    """How a provider gave no usable answer."""

    CONNECT = "connect"
    DNS = "dns"
    TLS = "tls"
    RESET = "reset"
    TIMEOUT = "timeout"
    SERVER_ERROR = "server_error"
    UNREADABLE = "unreadable"


_WHAT_HAPPENED = {
    ProviderFailure.CONNECT: "could not be reached",
    ProviderFailure.DNS: "has an address that does not resolve",
    ProviderFailure.TLS: "offered no secure connection that can be trusted",
    ProviderFailure.RESET: "closed the connection before it answered",
    ProviderFailure.TIMEOUT: "did not answer in time",
    ProviderFailure.SERVER_ERROR: "failed",
    ProviderFailure.UNREADABLE: "sent an answer that cannot be read",
}


class ProviderError(LlmError):
    """No usable answer; `status` is the HTTP status, None when there was no answer at all."""

    def __init__(
        self, provider: str, *, failure: ProviderFailure, status: int | None = None
    ) -> None:
        with_status = f" (HTTP {status})" if status is not None else ""
        super().__init__(
            f"{provider} {_WHAT_HAPPENED[failure]}{with_status}. "
            "Try again, or check its address and your network."
        )
        self.provider, self.failure, self.status = provider, failure, status


class StreamError(LlmError):
    """An answer broke off; `partial_text` is what was said, `committed` whether anything was.

    A committed answer is never continued by another provider.
    """

    def __init__(self, provider: str, *, partial_text: str = "", committed: bool) -> None:
        super().__init__(
            f"The answer of {provider} broke off before its end"
            + ("; what had arrived is kept. " if committed else ", with nothing said yet. ")
            + "Ask again for a whole one."
        )
        self.provider, self.partial_text, self.committed = provider, partial_text, committed


class RateLimited(LlmError):
    """Too many requests; `retry_after_ms` is the provider's own wish, None if it named none."""

    def __init__(self, provider: str, *, retry_after_ms: int | None) -> None:
        when = "in a moment" if retry_after_ms is None else f"in {_seconds(retry_after_ms)}"
        super().__init__(f"{provider} takes no more requests for now. Try again {when}.")
        self.provider, self.retry_after_ms = provider, retry_after_ms


class Overloaded(LlmError):
    """The provider has no capacity; `retry_after_ms` is None if it named no time."""

    def __init__(self, provider: str, *, retry_after_ms: int | None = None) -> None:
        when = "in a moment" if retry_after_ms is None else f"in {_seconds(retry_after_ms)}"
        super().__init__(f"{provider} is overloaded. Try again {when}.")
        self.provider, self.retry_after_ms = provider, retry_after_ms


class QuotaExhausted(LlmError):
    """No credit is left, or a spending limit is reached; `resets_at` is None if unknown."""

    def __init__(self, provider: str, *, resets_at: datetime | None = None) -> None:
        until = f" until {_instant(resets_at)}" if resets_at is not None else ""
        super().__init__(
            f"The credit or spending limit at {provider} is used up{until}. "
            "Check the plan and the billing of that account."
        )
        self.provider, self.resets_at = provider, resets_at


class AuthenticationFailed(LlmError):
    """The key was refused; `secret_name` says where it is kept, never what it is."""

    def __init__(
        self, provider: str, *, status: int | None = None, secret_name: str | None = None
    ) -> None:
        key = f"the key “{secret_name}”" if secret_name is not None else "a request without a key"
        super().__init__(
            f"{provider} refused {key}: it is missing, wrong, expired or not allowed to do this. "
            "Set a valid key for this provider."
        )
        self.provider, self.status, self.secret_name = provider, status, secret_name


class InvalidRequest(LlmError):
    """The request itself is wrong; `reason` is what the provider said, redacted."""

    def __init__(self, provider: str, *, reason: str, status: int | None = None) -> None:
        self.provider, self.reason, self.status = provider, redacted(reason), status
        said = f": {self.reason.rstrip('.')}" if self.reason else ""
        super().__init__(
            f"{provider} does not accept this request{said}. Change the request; "
            "another provider was not tried, for it would refuse it too."
        )


class ContextLengthExceeded(LlmError):
    """The request is too long: `requested` of at most `max` tokens; None where nobody told."""

    def __init__(self, provider: str, *, max: int | None, requested: int | None) -> None:
        window = f"{max:,} tokens" if max is not None else "what it can read at once"
        length = f"{requested:,} tokens" if requested is not None else "more"
        super().__init__(
            f"The request is too long for {provider}: its model takes {window}, this is {length}. "
            "Send less, or choose a model with a larger window."
        )
        self.provider, self.max, self.requested = provider, max, requested


class ModelNotFound(LlmError):
    """The provider has no such model; it is left out until its configuration is edited."""

    def __init__(self, provider: str, *, model: str) -> None:
        super().__init__(
            f"{provider} has no model “{model}”: it is misspelt, retired or not open to this "
            "account. Set another model for this provider."
        )
        self.provider, self.model = provider, model


class AllProvidersDown(LlmError):
    """Nobody answered; `reasons` has each provider's, in the order they were tried.

    `earliest_retry` is when the first one may be asked again, None if a person must act first.
    """

    def __init__(self, reasons: Mapping[str, str], *, earliest_retry: datetime | None) -> None:
        listed = "; ".join(f"{name}: {reason.rstrip('.')}" for name, reason in reasons.items())
        retry = ""
        if earliest_retry is not None:
            retry = f"The first may be asked again at {_instant(earliest_retry)}. "
        super().__init__(
            f"No provider can answer now ({listed or 'none is set up'}). {retry}"
            "Look with: boternity provider status"
        )
        self.reasons, self.earliest_retry = dict(reasons), earliest_retry


def _seconds(milliseconds: int) -> str:
    seconds = max(1, -(-milliseconds // 1000))
    return f"{seconds} second" if seconds == 1 else f"{seconds} seconds"


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
