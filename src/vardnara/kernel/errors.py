"""Errors that Vardnara expects.

::

    VardnaraError
    ├── InputError      what came in cannot be used; carries faults with place and expectation
    ├── RuleBroken      the wish is understood, a rule of the house says no
    ├── NoSolution      a planner proved or gave up that no answer exists
    └── GatewayError    the outside world did not behave

Each error has a stable ``code``. Apps translate codes to the reader's language; engines never translate.
"""

from __future__ import annotations

from collections.abc import Iterable

from vardnara.kernel.faults import Fault


class VardnaraError(Exception):
    """Base of every expected error.

    Parameters
    ----------
    code
        Stable, lower_snake name that callers may branch on and apps translate.
    detail
        English sentence for logs; never shown to a patient.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail


class InputError(VardnaraError):
    """Input cannot be used. ``faults`` lists every fault found, not only the first."""

    def __init__(self, faults: Iterable[Fault], code: str = "bad_input") -> None:
        self.faults = tuple(faults)
        super().__init__(code, "; ".join(str(fault) for fault in self.faults))


class RuleBroken(VardnaraError):
    """A rule forbids what was asked, for example claiming a task that somebody else has."""


class NoSolution(VardnaraError):
    """No answer exists under the rules given."""


class GatewayError(VardnaraError):
    """A system outside did not answer as its protocol says."""
