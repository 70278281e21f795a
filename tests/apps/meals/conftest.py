"""Where most tests of meals begin."""

from __future__ import annotations

import pytest
from tests.strategies.meals import Mealtime, meals_set, restrict, tell


@pytest.fixture
def here() -> Mealtime:
    """P1 lies in K31 1-1 on a normal diet."""
    made = meals_set()
    tell("A01", 0, "1-1")
    restrict(made, "base_diet", "normal")
    return made
