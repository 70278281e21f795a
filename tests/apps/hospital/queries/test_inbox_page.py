"""The inbox shows what an integrator needs, and identity to those who ask for it and are logged."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.strategies.stage import AT, RAW, Stage, stage_set

from vardnara.apps.accounts.models import AccessLog
from vardnara.apps.hospital.models import InboxMessage, PatientIdentity
from vardnara.apps.hospital.queries.inbox_page import inbox_list, message_open
from vardnara.apps.hospital.services.identity import message_look, stay_name_look
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db
SECRET = ("Tolvansson", "191212121212", "19121212", "Hemliga", "A04.7", "difficile", "Doktor", "V77")


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def text(stage: Stage, who: str, *, shown: bool) -> str:
    view = message_open(actor=stage.users[who], message_id=stage.message.pk, shown=shown)
    return " ".join(field.text for segment in view.segments for field in segment.fields)


def test_nothing_of_the_person_or_the_diagnosis_is_shown_unasked(stage: Stage) -> None:
    """Fields are shown by an allow-list: location, event and times, and nothing else."""
    shown = text(stage, "integrator", shown=False)
    assert "K1^1^1^FJH" in shown and "ADT^A01" in shown
    assert not [word for word in SECRET if word in shown]


def test_a_segment_that_nobody_has_heard_of_is_hidden_whole(stage: Stage) -> None:
    InboxMessage.objects.create(
        raw=RAW + b"ZXX|Tolvansson\r", digest=b"1" * 32, received_at=AT, control_id="43", status="parked"
    )
    newest = InboxMessage.objects.latest("pk")
    view = message_open(actor=stage.users["integrator"], message_id=newest.pk, shown=False)
    assert all(field.hidden for segment in view.segments if segment.name == "ZXX" for field in segment.fields)


def test_a_look_is_logged_with_the_patient(stage: Stage) -> None:
    """Opening with identity writes who, when, which message and which patient."""
    client = Client()
    client.force_login(stage.users["integrator"])
    where = f"/inkorg/{stage.message.pk}/identitet/"
    assert b"Tolvansson" in client.post(where).content
    row = AccessLog.objects.get()
    assert (row.actor, row.object_id) == (stage.users["integrator"], str(stage.message.pk))
    assert row.patient_key == str(stage.stay.patient.key)


def test_protected_identity_stays_hidden_from_everybody(stage: Stage) -> None:
    """Sekretessmarkering: no name in message or at the bed (I-03), and the attempt is logged all the same."""
    PatientIdentity.objects.update(protected=True)
    assert not [word for word in SECRET if word in text(stage, "auditor", shown=True)]
    name = stay_name_look(actor=stage.users["ward_staff"], at=AT, stay_id=stage.stay.pk, ward_code="K1")
    assert name.protected and not name.family_name
    assert AccessLog.objects.count() == 1


@pytest.mark.parametrize("who", ["coordinator", "service_worker", "administrator"])
def test_no_other_role_may_look(who: str, stage: Stage) -> None:
    with pytest.raises(RuleBroken, match=r"."):
        message_look(actor=stage.users[who], at=AT, message_id=stage.message.pk)
    with pytest.raises(RuleBroken):
        stay_name_look(actor=stage.users[who], at=AT, stay_id=stage.stay.pk, ward_code="K1")
    assert not AccessLog.objects.exists()


def test_the_list_pages_backwards(stage: Stage) -> None:
    """A hundred to a page, newest first, and the next page begins where this one ends."""
    InboxMessage.objects.bulk_create(
        InboxMessage(raw=b"x", digest=bytes([n]) * 32, received_at=AT, control_id=f"n{n}", status="parked")
        for n in range(120)
    )
    first, older = inbox_list(actor=stage.users["integrator"], status="parked")
    second, end = inbox_list(actor=stage.users["integrator"], status="parked", before_id=older)
    assert (len(first), len(second), end) == (100, 21, None)
    assert {line.id for line in first}.isdisjoint(line.id for line in second)
