"""A small hospital with its people and one of everything that a page can show: the cast of the page tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.hospital.choices import MessageStatus, StayStatus
from vardnara.apps.hospital.models import (
    AdtRecord,
    BedPlace,
    BedState,
    Division,
    Hospital,
    InboxMessage,
    Occupancy,
    Patient,
    PatientIdentity,
    Region,
    Room,
    Sender,
    Stay,
    Stream,
    Ward,
)
from vardnara.apps.service import services
from vardnara.apps.service.choices import Area, TaskKind
from vardnara.apps.service.models import Agreement, AgreementLine, AgreementVersion, TaskType

AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
RAW = (
    b"MSH|^~\\&|JOURNAL|FJH|VARDNARA||20260305100000||ADT^A01|42|P|2.5\r"
    b"EVN|A01|20260305100000\r"
    b"PID|1||19121212-1212^^^SE||Tolvansson^Tolvan||19121212|M|||Hemliga gatan 1\r"
    b"PV1|1|I|K1^1^1^FJH||||1234^Doktor^Anna||||||||||||V77\r"
    b"DG1|1||A04.7^Clostridioides difficile\r"
)


@dataclass
class Stage:
    """Who and what is there. ``occupied`` has a patient, ``free`` does not, ``foreign`` is another hospital's."""

    users: dict[str, User] = field(default_factory=dict)
    ward: Ward = None
    other_ward: Ward = None
    occupied: BedPlace = None
    free: BedPlace = None
    unconfirmed: BedPlace = None
    foreign: BedPlace = None
    outsider: User = None
    second_worker: User = None
    stay: Stay = None
    task_id: int = 0
    message: InboxMessage = None
    sender: Sender = None
    agreement_id: int = 0
    absence_id: int = 0


def ward_make(hospital: Hospital, code: str, n_beds: int) -> tuple[Ward, list[BedPlace]]:
    """A ward with one room for every two beds."""
    division, _ = Division.objects.get_or_create(hospital=hospital, code="D", defaults={"name": "Division"})
    ward = Ward.objects.create(division=division, code=code, name=f"Avdelning {code}")
    beds = []
    for number in range(n_beds):
        room, _ = Room.objects.get_or_create(ward=ward, code=str(number // 2 + 1))
        bed = BedPlace.objects.create(room=room, code=str(number % 2 + 1))
        BedState.objects.create(bed=bed)
        beds.append(bed)
    return ward, beds


def stay_make(bed: BedPlace, *, number: str, at: datetime, name: str = "Tolvansson", protected: bool = False) -> Stay:
    """Somebody who lies in a bed, with a name."""
    patient = Patient.objects.create()
    PatientIdentity.objects.create(
        patient=patient, family_name=name, given_name="Tolvan", protected=protected, as_of=at
    )
    stream = Stream.objects.create(key=f"test|{number}", patient=patient, by_visit=True)
    stay = Stay.objects.create(
        stream=stream,
        patient=patient,
        visit_number=number,
        status=StayStatus.OPEN,
        ward=bed.room.ward,
        admitted_at=at,
    )
    Occupancy.objects.create(stay=stay, bed=bed, during=(at, None))
    return stay


def stage_set(at: datetime = AT) -> Stage:
    """Build the stage through the tables and, where there is one, the service."""
    stage = Stage()
    region = Region.objects.create(code="R", name="Region")
    hospital = Hospital.objects.create(region=region, code="H", name="Påhittade sjukhuset", invented=True)
    elsewhere = Hospital.objects.create(region=region, code="E", name="Annat sjukhus")
    stage.ward, beds = ward_make(hospital, "K1", 6)
    stage.other_ward, _ = ward_make(hospital, "M1", 4)
    _, (stage.foreign, *_) = ward_make(elsewhere, "X1", 2)
    stage.occupied, stage.free, stage.unconfirmed = beds[0], beds[1], beds[5]
    BedPlace.objects.filter(pk=stage.unconfirmed.pk).update(confirmed=False)
    for role in Role:
        user = User.objects.create(username=str(role), role=role, first_name=str(role.name).title(), demo=True)
        Scope.objects.create(user=user, hospital=hospital, ward=stage.ward if role == Role.WARD_STAFF else None)
        stage.users[str(role)] = user
    stage.second_worker = User.objects.create(username="second", role=Role.SERVICE_WORKER, first_name="Second")
    Scope.objects.create(user=stage.second_worker, hospital=hospital)
    stage.outsider = User.objects.create(username="outsider", role=Role.COORDINATOR)
    Scope.objects.create(user=stage.outsider, hospital=elsewhere)
    stage.stay = stay_make(stage.occupied, number="V77", at=at - timedelta(days=2))
    stage.sender = Sender.objects.create(application="JOURNAL", facility="FJH")
    stage.message = InboxMessage.objects.create(
        raw=RAW,
        digest=b"0" * 32,
        received_at=at,
        application="JOURNAL",
        facility="FJH",
        control_id="42",
        message_type="ADT",
        trigger_event="A01",
        version="2.5",
        status=MessageStatus.PARKED,
        reason="later_events",
        acknowledgement=b"MSH|^~\\&|VARDNARA\rMSA|AA|42\r",
    )
    AdtRecord.objects.create(
        stream=stage.stay.stream, message=stage.message, code="A01", recorded_at=at, effect_at=at, payload={}
    )
    TaskType.objects.create(code="given-up", name="Nedlagd", area="beds", driver="ward", retired_at=at)
    stage.task_id = task_make(
        kind=TaskKind.DISCHARGE_CLEAN, ward_id=stage.ward.pk, bed_id=stage.free.pk, at=at, reason="departure"
    )
    stage.agreement_id = agreement_draft(stage, at)
    absent = User.objects.create(username="absent", role=Role.SERVICE_WORKER, first_name="Absent")
    Scope.objects.create(user=absent, hospital=hospital)
    lead = stage.users["coordinator"]
    stage.absence_id = services.absence_mark(user_id=absent.pk, actor=lead, at=at).pk
    return stage


def agreement_draft(stage: Stage, at: datetime) -> int:
    """A draft of an agreement in which the service cleans the first ward on weekdays, and nobody else does."""
    agreement = Agreement.objects.create(
        hospital_id=stage.ward.division.hospital_id,
        number="VNS-0",
        title="Vårdnära service",
        provider="Regionservice",
        care_unit="Division",
        made_at=at,
    )
    version = AgreementVersion.objects.create(agreement=agreement, number=1, valid_from=at.date(), made_at=at)
    kind, _ = TaskType.objects.get_or_create(
        code="contagion_clean",
        defaults={
            "name": "Smittstäd",
            "area": Area.CLEANING,
            "kind": TaskKind.CONTAGION_CLEAN,
            "driver": "contagion_case",
        },
    )
    AgreementLine.objects.create(
        version=version, task_type=kind, ward=stage.ward, party="service", days=[1, 2, 3, 4, 5], start_minutes=420,
        end_minutes=960,
    )  # fmt: skip
    return agreement.pk


def task_make(**fields: Any) -> int:
    """The id of a new task."""
    (task,) = services.tasks_create([services.NewTask(**fields)])
    return task.pk
