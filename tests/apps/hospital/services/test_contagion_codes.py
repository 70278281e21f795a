"""A sender's precaution codes become contagion classes as a person says; the rest is class not known, and listed."""

from __future__ import annotations

import pytest
from tests.strategies.messages import adt, apply, at, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import Hospital, Sender, Stay
from vardnara.apps.hospital.queries.inbox_page import sender_one
from vardnara.apps.hospital.services.contagion_codes import CODES_LIMIT, contagion_codes_set
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Hospital:
    return small_hospital()


def test_a_code_means_what_the_table_says_none_included(hospital: Hospital) -> None:
    """Also that a code of the other system is no contagion at all, which is not the same as not known."""
    Sender.objects.create(application="EHR", facility="FJ", contagion_codes={"X1": "C", "OBS": ""})
    apply(
        adt("A01", 0, "1-1", precaution="X1"),
        adt("A01", 1, "1-2", precaution="OBS", visit="V2", patient="P2"),
        adt("A01", 2, "2-1", precaution="???", visit="V3", patient="P3"),
        adt("A01", 3, "1-1", ward="M52", precaution="B", visit="V4", patient="P4"),
    )
    assert dict(Stay.objects.values_list("visit_number", "contagion_class")) == {
        "V1": "C", "V2": "", "V3": "U", "V4": "B",
    }  # fmt: skip


def test_codes_that_nobody_mapped_are_listed_once_and_gone_when_mapped(hospital: Hospital) -> None:
    """Treated as class not known, the strictest, until somebody says what they mean; what is recorded stays."""
    boss = person(Role.INTEGRATOR, "i", hospital)
    apply(adt("A01", 0, "1-1", precaution="MR"), adt("A08", 1, "1-1", precaution="MR"), one_by_one=True)
    apply(adt("A01", 2, "1-2", precaution="GE", visit="V2", patient="P2"), adt("A08", 3, "1-1", precaution="A"))
    pk = Sender.objects.get().pk
    assert sender_one(actor=boss, sender_id=pk).unmapped_codes == ("GE", "MR")
    contagion_codes_set(sender_id=pk, codes={"MR": "B"}, actor=boss, at=at(5))
    row = sender_one(actor=boss, sender_id=pk)
    assert (row.unmapped_codes, row.codes, row.confirmed) == (("GE",), (("MR", "B"),), True)
    apply(adt("A08", 9, "1-1", precaution="MR"), adt("A01", 10, "2-1", precaution="MR", visit="V3", patient="P3"))
    assert Stay.objects.get(visit_number="V1").contagion_class == "U"  # only a person at the bed lowers it
    assert Stay.objects.get(visit_number="V3").contagion_class == "B"


def test_a_sender_that_writes_prose_does_not_fill_the_list(hospital: Hospital) -> None:
    apply(*(adt("A08", n, "1-1", precaution=f"code {n}") for n in range(CODES_LIMIT + 5)))
    assert len(Sender.objects.get().unmapped_codes) == CODES_LIMIT


def test_what_is_no_class_is_refused_and_so_are_others(hospital: Hospital) -> None:
    """Nothing half is kept."""
    pk = Sender.objects.create(application="EHR", facility="FJ").pk
    boss = person(Role.INTEGRATOR, "i", hospital)
    for codes, code in (({"X": "Z"}, "unknown_class"), ({"": "A"}, "bad_input"), ({"X" * 61: "A"}, "bad_input")):
        with pytest.raises(RuleBroken) as no:
            contagion_codes_set(sender_id=pk, codes=codes, actor=boss, at=at(0))
        assert no.value.code == code
    with pytest.raises(RuleBroken):
        contagion_codes_set(
            sender_id=pk, codes={"X": "A"}, actor=person(Role.COORDINATOR, "c", hospital), at=at(0)
        )  # fmt: skip
    assert Sender.objects.get().contagion_codes == {}
