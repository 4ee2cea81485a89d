"""What follows from each failure: another provider, a mark against the circuit, both or neither."""

from __future__ import annotations

import asyncio

import pytest

from backend.core import ProviderHealth
from backend.core.llm.errors import is_failover_error, weighs_on_circuit
from backend.types import (
    AllProvidersDown,
    AuthenticationFailed,
    ContextLengthExceeded,
    InvalidRequest,
    LlmError,
    ModelNotFound,
    Overloaded,
    ProviderError,
    ProviderFailure,
    QuotaExhausted,
    RateLimited,
    StreamError,
)

TABLE = [
    # error, another provider is asked, weighs on the circuit
    (ProviderError("p", failure=ProviderFailure.CONNECT), True, True),
    (StreamError("p", committed=False), True, True),
    (StreamError("p", partial_text="Once", committed=True), False, True),
    (Overloaded("p"), True, True),
    (RateLimited("p", retry_after_ms=1000), True, False),
    (QuotaExhausted("p"), True, False),
    (ModelNotFound("p", model="gone"), True, False),
    (AuthenticationFailed("p"), False, False),
    (InvalidRequest("p", reason=""), False, False),
    (ContextLengthExceeded("p", max=1, requested=2), False, False),
    (AllProvidersDown({}, earliest_retry=None), False, False),
    (asyncio.CancelledError(), False, False),
    (ValueError("a bug of ours"), False, False),
]


@pytest.mark.parametrize(
    ("error", "fails_over", "weighs"), TABLE, ids=lambda value: type(value).__name__
)
def test_a_failure_leads_to_what_the_table_says(
    error: BaseException, fails_over: bool, weighs: bool
) -> None:
    assert is_failover_error(error) is fails_over
    assert ProviderHealth.is_failover_error(error) is fails_over
    assert weighs_on_circuit(error) is weighs


def test_no_failure_is_missing_from_the_table() -> None:
    assert set(LlmError.__subclasses__()) <= {type(error) for error, _, _ in TABLE}
