"""The catalogue: shipped once, changed by those who may, and every norm with a source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.strategies.agreed import agreement_make, line_make, version_make, version_sign
from tests.strategies.messages import at, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import Hospital, Ward
from vardnara.apps.service import services
from vardnara.apps.service.models import Norm, TaskType
from vardnara.apps.service.services.catalogue import NormWords, TypeWords
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.task_norms import task_norms
from vardnara.parameters.task_types import task_templates

pytestmark = pytest.mark.django_db

NOTHING = (Decimal(0), Decimal(0), Decimal(0))
SOME = (Decimal(10), Decimal(12), Decimal(20))


@pytest.fixture
def hospital() -> Hospital:
    services.catalogue_ship(at=at(0))
    return small_hospital()


@pytest.fixture
def head(hospital: Hospital) -> Any:
    return person(Role.SERVICE_HEAD, "head", hospital)


def words(**changes: Any) -> NormWords:
    given = {"fixed": SOME, "unit": NOTHING, "source": "Own stopwatch", "source_on": date(2026, 3, 1)}
    return NormWords(**(given | {"valid_from": date(2026, 3, 2)} | changes))


def test_shipped_once_and_marked(hospital: Hospital) -> None:
    """Shipping again adds nothing and leaves what a hospital has made its own; nothing claims to be measured."""
    TaskType.objects.filter(code="lunch").update(name="Lunch i matsalen")
    assert services.catalogue_ship(at=at(5)) == 0
    assert TaskType.objects.get(code="lunch").name == "Lunch i matsalen"
    assert set(Norm.objects.values_list("confidence", flat=True)) == {"unverified"}
    assert {template.norm.code for template in task_templates() if template.norm} == set(task_norms())


def test_a_norm_beside_the_old_one(head: Any) -> None:
    """The newest counts, the old one stays, and the database lets nobody rewrite it."""
    row = TaskType.objects.get(code="textiles")
    norm = services.norm_state(task_type_id=row.pk, ward_id=None, words=words(), actor=head, at=at(0))
    assert row.norms.count() == 2
    assert (norm.confidence, norm.made_by_id) == ("estimated", head.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Norm.objects.filter(pk=norm.pk).update(source="another")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"source": "  "}, "norm_without_source"),
        ({"fixed": (Decimal(5), Decimal(4), Decimal(9))}, "norm_out_of_order"),
        ({"fixed": NOTHING}, "norm_without_minutes"),
    ],
)
def test_bad_norms_are_named(head: Any, changes: dict[str, Any], code: str) -> None:
    """A norm without a source is not taken, nor one that is out of order or says nothing; nothing is saved."""
    row = TaskType.objects.get(code="textiles")
    with pytest.raises(RuleBroken) as no:
        services.norm_state(task_type_id=row.pk, ward_id=None, words=words(**changes), actor=head, at=at(0))
    assert no.value.code == code
    assert row.norms.count() == 1


def test_only_editors_change_it(hospital: Hospital) -> None:
    """A coordinator reads."""
    row = TaskType.objects.get(code="textiles")
    with pytest.raises(RuleBroken) as no:
        services.norm_state(
            task_type_id=row.pk, ward_id=None, words=words(), actor=person(Role.COORDINATOR, "c", hospital), at=at(0)
        )
    assert no.value.code == "wrong_role"


def test_nothing_waits_for_itself(head: Any) -> None:
    """Not directly and not through others."""
    made = [
        services.task_type_add(code=code, driver="event", each="ward", words=TypeWords(name=code), actor=head, at=at(0))
        for code in ("one", "two")
    ]
    one, two = made
    services.task_type_change(task_type_id=two.pk, words=TypeWords(name="two", follows_id=one.pk), actor=head, at=at(0))
    with pytest.raises(RuleBroken) as no:
        services.task_type_change(
            task_type_id=one.pk, words=TypeWords(name="one", follows_id=two.pk), actor=head, at=at(0)
        )
    assert no.value.code == "follows_itself"


def test_what_is_agreed_is_not_retired(hospital: Hospital, head: Any) -> None:
    """First it is ended in the agreement."""
    row = TaskType.objects.get(code="textiles")
    ward = Ward.objects.get(code="K31")
    version = version_make(agreement_make(ward), valid_from=date(2026, 3, 1))
    line_make(version, row, ward, "8-16")
    version_sign(version, head, person(Role.DECISION_MAKER, "care", hospital))
    with pytest.raises(RuleBroken) as no:
        services.task_type_retire(task_type_id=row.pk, retired=True, actor=head, at=at(0))
    assert no.value.code == "type_is_agreed"


def test_the_pages(head: Any, client: Client) -> None:
    """List, own kind of task, its page, a norm; what is missing is said beside its field and nothing is saved."""
    client.force_login(head)
    page = client.get("/katalog/").content.decode()
    assert "Frukost" in page and "Inte kontrollerad" in page
    own = {
        "code": "flowers", "name": "Blommor", "area": "beds", "driver": "patient", "each": "ward", "priority": "2",
        "n_people": "1", "hygiene_order": "50", "checklist": "Byt vatten\r\n\r\nKasta vissna",
    }  # fmt: skip
    assert client.post("/katalog/ny/", own).status_code == 302
    row = TaskType.objects.get(code="flowers")
    assert row.checklist == ["Byt vatten", "Kasta vissna"]
    said = {f"{part}_{bound}": "2" for part in ("fixed", "unit") for bound in ("low", "typical", "high")}
    said |= {"source_on": "2026-03-01", "valid_from": "2026-03-01", "source": ""}
    answer = client.post("/katalog/flowers/norm/", said)
    assert answer.status_code == 200 and "faults" in answer.content.decode()
    assert "Byt vatten\nKasta vissna" in answer.content.decode()
    assert not row.norms.exists()
    assert client.post("/katalog/flowers/norm/", said | {"source": "Klocka"}).status_code == 302
    assert "2 (2–2) min + 2 (2–2) min per styck" in client.get("/katalog/flowers/").content.decode()
