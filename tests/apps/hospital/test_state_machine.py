"""A hospital that anything may happen to: random messages, taps and work, and what must hold after each."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.strategies.messages import adt, apply, at, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import BedPlace, BedState, Occupancy, Stay
from vardnara.apps.hospital.queries.status import status_numbers
from vardnara.apps.hospital.services import stays as taps
from vardnara.apps.hospital.services.verify import broken_invariants
from vardnara.apps.service import services as work
from vardnara.apps.service.choices import LIVE_STATES
from vardnara.apps.service.models import Task
from vardnara.kernel.errors import RuleBroken

PATIENTS = st.sampled_from(["P1", "P2", "P3", "P4"])
PLACES = st.sampled_from([("K31", "1-1"), ("K31", "1-2"), ("K31", "2-1"), ("M52", "1-1"), ("BB", "1-1"), ("K31", "")])
CANCEL_OF = {"A01": "A11", "A02": "A12", "A03": "A13", "A16": "A25", "A21": "A52"}


class HospitalMachine(RuleBasedStateMachine):
    """Time moves on by one minute a step; late messages are recorded up to an hour ago."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.minute = 100

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def open_hospital(self) -> None:
        hospital = small_hospital()
        self.people = [person(Role.SERVICE_WORKER, f"w{n}", hospital) for n in range(2)]
        self.nurse = person(Role.WARD_STAFF, "n", hospital)

    def message(
        self, code: str, patient: str, place: tuple[str, str], late: int = 0, **more: Any
    ) -> list[tuple[str, str]]:
        self.minute += 1
        raw = adt(code, self.minute - late, place[1], ward=place[0], patient=patient, visit=f"V{patient}", **more)
        return apply(raw)

    @rule(
        code=st.sampled_from(
            ["A01", "A02", "A03", "A04", "A06", "A07", "A08", "A11", "A12", "A13", "A16", "A21", "A22", "A23"]
        ),
        patient=PATIENTS,
        place=PLACES,
        late=st.sampled_from([0, 0, 0, 5, 60]),
        precaution=st.sampled_from(["", "", "A", "C"]),
    )
    def anything_arrives(self, code: str, patient: str, place: tuple[str, str], late: int, precaution: str) -> None:
        self.message(code, patient, place, late, precaution=precaution)

    @rule(first=PATIENTS, second=PATIENTS, one=PLACES, two=PLACES)
    def swap_arrives(self, first: str, second: str, one: tuple[str, str], two: tuple[str, str]) -> None:
        if first != second:
            self.message("A17", first, one, second=(second, f"V{second}", two[1]))

    @rule(code=st.sampled_from(["C", "H", "K", "U"]), place=PLACES)
    def bed_status_arrives(self, code: str, place: tuple[str, str]) -> None:
        if place[1]:
            self.message("A20", "P1", place, status=code)

    @rule(patient=PATIENTS, tap=st.sampled_from(["patient_left", "patient_left_undo", "discharge_confirm"]))
    def somebody_taps(self, patient: str, tap: str) -> None:
        stay = Stay.objects.filter(visit_number=f"V{patient}").order_by("-serial").first()
        self.minute += 1
        if stay is not None:
            with suppress(RuleBroken), transaction.atomic():
                getattr(taps, tap)(stay_id=stay.pk, actor=self.nurse, at=at(self.minute))

    @rule(
        step=st.sampled_from(["task_claim", "task_start", "task_finish", "task_hand_back", "task_resume"]),
        who=st.integers(0, 1),
        which=st.integers(0, 5),
    )
    def somebody_works(self, step: str, who: int, which: int) -> None:
        live = list(Task.objects.filter(state__in=LIVE_STATES).order_by("pk"))
        self.minute += 1
        if live:
            task_id = live[which % len(live)].pk
            with suppress(RuleBroken), transaction.atomic():
                getattr(work, step)(task_id=task_id, actor=self.people[who], at=at(self.minute))

    def picture(self) -> tuple[object, ...]:
        """Stays, occupancies and beds as everybody sees them."""
        return (
            sorted(Stay.objects.exclude(status="cancelled").values_list("pk", "status", "left_at", "without_place")),
            sorted((o.stay_id, o.bed_id, o.during.lower, str(o.during.upper)) for o in Occupancy.objects.all()),
            sorted(BedState.objects.values_list("bed_id", "cleanliness", "closed_at")),
        )

    @precondition(lambda self: not Stay.objects.filter(without_place=True, wanted_bed__isnull=False).exists())
    @precondition(lambda self: not Task.objects.filter(state__in=["started", "paused", "delayed"]).exists())
    @rule(code=st.sampled_from(sorted(CANCEL_OF)), patient=PATIENTS, place=PLACES)
    def event_and_its_cancel(self, code: str, patient: str, place: tuple[str, str]) -> None:
        """Nobody waits for a bed and nobody is cleaning, so nothing can come between: everything is as before."""
        in_hospital = Stay.objects.filter(visit_number=f"V{patient}", status="open").exists()
        if in_hospital == (code == "A01"):
            return
        before = self.picture()
        told = self.message(code, patient, place)
        cancelled = self.message(CANCEL_OF[code], patient, place, effect=self.minute)
        assert told == [("applied", "")]
        assert cancelled == [("applied", "")]
        assert self.picture() == before

    @invariant()
    def promises_hold(self) -> None:
        assert [str(row) for row in broken_invariants()] == []
        beds: Any = status_numbers(at(self.minute))["beds"]
        assert sum(n for name, n in beds.items() if name != "total") == beds["total"] == BedPlace.objects.count()


@pytest.mark.django_db
def test_hospital_machine() -> None:
    """Random histories: invariants 1 to 3 after each step, and a cancel restores stay and occupancy."""
    run_state_machine_as_test(
        HospitalMachine,
        settings=settings(
            max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
