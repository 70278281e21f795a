"""Who leads some wards sees and plans that part of the day: its people, its work, and who is taken elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.strategies.day_stage import DayStage
from tests.strategies.refusals import refused
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.staffing.models import DispatchPlan
from vardnara.apps.staffing.queries.day_plan_part import person_of
from vardnara.apps.staffing.queries.day_plan_rows import DayOptions
from vardnara.apps.staffing.queries.day_plans import HeldPlan, plan_held
from vardnara.apps.staffing.services import day_plans


@pytest.fixture
def made(db: None, settings: Any) -> DayStage:
    """Tomorrow: two of the first ward, one of the other, one of the pool; work on both wards."""
    settings.DEMO = True
    stage = stage_set(timezone.now() - timedelta(hours=1))
    made = DayStage(stage, timezone.localdate() + timedelta(days=1), timezone.now())
    day, away = made.kind("D", 420, 930, [(660, 690)]), made.kind("F", 420, 930, ward=stage.other_ward)
    for number in (1, 2):
        made.shift(made.person(number, user=stage.second_worker if number == 1 else None), day)
    made.shift(made.person(3, ward=stage.other_ward), away)
    made.shift(made.person(4, pool=True), made.kind("P", 420, 930))
    for _ in range(2):
        made.task("07:00", "07:35", 30)
        made.task("07:00", "07:35", 30, ward=stage.other_ward)
    smitta = made.kind_of_task("smitta", competence="contagion", hygiene_order=90)
    made.task("08:00", "09:00", 20, task_type=smitta)
    made.task("08:00", "09:00", 20, ward=stage.other_ward, task_type=smitta, note="Hemligt")
    return made


def leader(stage: Stage, role: Role, *wards: Any) -> User:
    user = User.objects.create(username=f"{role}-{len(wards)}", role=role, first_name="Lea")
    for ward in wards:
        Scope.objects.create(user=user, hospital=stage.ward.division.hospital, ward=ward)
    return user


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def plan_whole(made: DayStage) -> HeldPlan:
    row = day_plans.plan_ask(on=made.on, actor=made.head, at=timezone.now(), work=60)
    day_plans.plan_do(plan_id=row.pk, clock=timezone.now)
    return held_of(made)


def held_of(made: DayStage) -> HeldPlan:
    held = plan_held(hospital_id=made.hospital_id, on=made.on)
    assert held is not None
    return held


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SERVICE_HEAD, Role.UNIT_MANAGER, Role.ADMINISTRATOR])
def test_they_see_their_people_and_their_work(made: DayStage, role: Role) -> None:
    """Own people and the pool by name, own work in words; of work elsewhere that somebody is taken, and no more."""
    plan_whole(made)
    lead, day = leader(made.stage, role, made.stage.ward), made.on.isoformat()
    page = client_of(lead).get(f"/dagsplan/?dag={day}").text
    assert "Person 01" in page and "Person 02" in page and "Person 04" in page and "Person 03" not in page
    assert "Avdelning K1" in page and "Avdelning M1" not in page
    assert "Taken elsewhere" in page, "the pool's person has work on the other ward"
    assert page.count("Nobody who is there is trained for it.") == 1
    assert "minutes of walking" not in page and "Plan your part anew" in page
    assert "Ways and policy" not in page
    assert "Avdelning M1" not in client_of(lead).get(f"/dagsplan/utskrift/?dag={day}").text
    whole = client_of(made.stage.users["coordinator"]).get(f"/dagsplan/?dag={day}").text
    assert "Person 03" in whole and "Avdelning M1" in whole and "Taken elsewhere" not in whole


def test_they_plan_their_part_and_nobody_elses(made: DayStage) -> None:
    """After a plan of the whole; what is done elsewhere stays with whom it was, whoever is asked again."""
    lead, day = leader(made.stage, Role.COORDINATOR, made.stage.ward), made.on.isoformat()
    client = client_of(lead)
    assert "It is made for the whole hospital first" in client.get(f"/dagsplan/?dag={day}").text
    with refused("no_day_plan"):
        day_plans.plan_ask(on=made.on, actor=lead, at=timezone.now())
    before = plan_whole(made)
    made.task("09:00", "10:00", 30)
    made.task("09:00", "10:00", 30)
    client.post("/dagsplan/", {"dag": day})
    row = DispatchPlan.objects.latest("pk")
    assert (row.state, row.part) == ("waiting", [made.stage.ward.pk])
    day_plans.plan_do(plan_id=row.pk, clock=timezone.now)
    after = held_of(made)
    assert after.row.pk == row.pk and len(after.plan.left) == 2
    there = str(made.stage.other_ward.pk)
    other = next(code for code, who in before.workers.items() if who.name == "Person 03")
    assert after.plan.timeline(other) == before.plan.timeline(other)

    def elsewhere(held: HeldPlan) -> dict[str, tuple[str, ...]]:
        tasks = [code for code, one in held.row.basis["tasks"].items() if one["place"] == there]
        return {code: held.plan.workers_of(code) for code in tasks}

    assert elsewhere(after) == elsewhere(before)
    planned = {code for line in after.plan.timelines for code in line.tasks}
    assert len(planned) == 6, "what is new on the ward is planned with its people"


def test_somebody_of_theirs_is_ill(made: DayStage) -> None:
    """Chosen for their own people only; what another has chosen for the rest of the day stays."""
    held = plan_whole(made)
    code = {who.name: code for code, who in held.workers.items()}
    day_plans.plan_choose(on=made.on, options=DayOptions((code["Person 03"],)), actor=made.head, at=timezone.now())
    lead, day = leader(made.stage, Role.UNIT_MANAGER, made.stage.ward), made.on.isoformat()
    client = client_of(lead)
    page = client.get(f"/dagsplan/om/?dag={day}&visa=1&utan={code['Person 01']}").text
    assert "without Person 01" in page and "Avdelning M1" not in page
    assert "Person 03" not in page and "Person 04" not in page, "they are not theirs to take out"
    client.post("/dagsplan/om/", {"dag": day, "visa": "1", "utan": [code["Person 01"]]})
    now = held_of(made)
    assert set(now.options.without) == {code["Person 01"], code["Person 03"]}
    assert now.row.part == [made.stage.ward.pk] and code["Person 01"] not in now.workers
    with refused("out_of_scope"):
        day_plans.plan_choose(on=made.on, options=DayOptions((code["Person 04"],)), actor=lead, at=timezone.now())
    stranger = made.person(9, ward=made.stage.other_ward)
    with refused("out_of_scope"):
        options = DayOptions(added=((stranger.pk, made.group.kinds.first().pk),))
        day_plans.plan_choose(on=made.on, options=options, actor=lead, at=timezone.now())
    client.post("/dagsplan/", {"dag": day, "alla": "1"})
    day_plans.plan_do(plan_id=DispatchPlan.objects.latest("pk").pk, clock=timezone.now)
    assert held_of(made).options.without == (code["Person 03"],), "what the head chose is not theirs to undo"


def test_only_their_own_search_is_theirs_to_stop(made: DayStage) -> None:
    """A plan of the whole goes on; one of their part they may stop; another hospital's leader finds nothing."""
    lead = leader(made.stage, Role.COORDINATOR, made.stage.ward)
    both = leader(made.stage, Role.COORDINATOR, made.stage.ward, made.stage.other_ward)
    row = day_plans.plan_ask(on=made.on, actor=made.head, at=timezone.now())
    with refused("unknown_day_plan"):
        day_plans.plan_stop(plan_id=row.pk, actor=lead, at=timezone.now())
    assert "/stoppa/" not in client_of(lead).get(f"/dagsplan/?dag={made.on.isoformat()}").text
    day_plans.plan_do(plan_id=row.pk, clock=timezone.now)
    row = day_plans.plan_ask(on=made.on, actor=both, at=timezone.now())
    with refused("unknown_day_plan"):
        day_plans.plan_stop(plan_id=row.pk, actor=lead, at=timezone.now())
    day_plans.plan_stop(plan_id=row.pk, actor=both, at=timezone.now())
    foreign = User.objects.create(username="foreign", role=Role.UNIT_MANAGER)
    Scope.objects.create(
        user=foreign, hospital=made.stage.foreign.room.ward.division.hospital, ward=made.stage.foreign.room.ward
    )
    page = client_of(foreign).get(f"/dagsplan/?dag={made.on.isoformat()}")
    assert page.status_code == 200 and "Person 0" not in page.text
    nobody = User.objects.create(username="nobody", role=Role.COORDINATOR)
    with refused("no_scope"):
        day_plans.plan_ask(on=made.on, actor=nobody, at=timezone.now())


def test_codes_stand_for_people() -> None:
    """A shift of last night is the same person's; who stands in no register is nobody's."""
    assert [person_of(code) for code in ("p12", "p12-2026-03-11", "u7", "p", "12")] == [12, 12, None, None, None]
