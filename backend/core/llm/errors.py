"""What follows from a provider's failure, in one table.

| class                   | another provider is asked | weighs on the circuit |
| ---                     | ---                       | ---                   |
| ProviderError           | yes                       | yes                   |
| StreamError             | only before it committed  | yes                   |
| Overloaded              | yes                       | yes                   |
| RateLimited             | yes, after a short queue  | no: it is up          |
| QuotaExhausted          | yes, loudly               | no                    |
| ModelNotFound           | yes, loudly               | no                    |
| AuthenticationFailed    | no                        | no                    |
| InvalidRequest          | no                        | no                    |
| ContextLengthExceeded   | no                        | no                    |
| AllProvidersDown        | no: there is none left    | no                    |

Anything that is not an `LlmError` (a cancelled caller, a bug of ours) says nothing about a
provider: it neither fails over nor weighs on a circuit.
"""

from __future__ import annotations

from backend.types.llm_errors import (
    ModelNotFound,
    Overloaded,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    StreamError,
)


def is_failover_error(error: BaseException) -> bool:
    """Whether another provider of the chain may be asked instead."""
    match error:
        case StreamError():
            return not error.committed
        case ProviderError() | Overloaded() | RateLimited() | QuotaExhausted() | ModelNotFound():
            return True
        case _:
            return False


def weighs_on_circuit(error: BaseException) -> bool:
    """Whether a circuit counts the error as a failure; otherwise it is neutral."""
    return isinstance(error, ProviderError | StreamError | Overloaded)


class PermitAlreadyFinished(RuntimeError):
    """A mistake of the caller: each permit is finished exactly once."""
