"""What a rule refuses: expected by its code."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest

from vardnara.kernel.errors import RuleBroken


def refused(code: str) -> AbstractContextManager[pytest.ExceptionInfo[RuleBroken]]:
    """Expect that a rule with this code is broken."""
    return pytest.raises(RuleBroken, check=lambda error: error.code == code)
