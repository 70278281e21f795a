"""Every shipped number loads with its source, and what has none does not load."""

from __future__ import annotations

import pytest

from vardnara.kernel.errors import InputError
from vardnara.kernel.evidence import evidence_read
from vardnara.parameters.clean_norms import clean_norm, clean_norms
from vardnara.parameters.contagion import instruction, instructions, strictest


def test_contagion_classes() -> None:
    """The strictest wins, an unknown code is the strictest, nothing is no contagion."""
    assert list(instructions()) == ["", "A", "B", "C", "U"]
    assert strictest(["A", "", "C"]) == "C"
    assert strictest([]) == ""
    assert instruction("Z").code == "U"


def test_no_shipped_norm_passes_for_measured() -> None:
    """DOMAIN 1.2: the templates are unverified and say so."""
    assert {norm.evidence.confidence for norm in clean_norms()} == {"unverified"}
    assert all(norm.low_minutes <= norm.typical_minutes <= norm.high_minutes for norm in clean_norms())
    found = clean_norm("discharge_clean", single_room=True)
    assert found is not None and found.typical_minutes == 35


def test_without_a_source_it_does_not_load() -> None:
    """Every missing field is named, not only the first."""
    with pytest.raises(InputError) as caught:
        evidence_read({"unit": "minutes"}, file="x.toml", place="/norm/0/evidence")
    assert {fault.place.rsplit("/", 1)[1] for fault in caught.value.faults} == {
        "source",
        "scope",
        "valid_from",
        "date",
        "confidence",
    }
