"""Whether anything has happened that a day's plan depends on."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q

from vardnara.apps.hospital.queries.organisation import ward_places
from vardnara.apps.service.queries.dispatch import dispatch_seen
from vardnara.apps.staffing.models import DispatchPolicy, Leave, Person, RosterShift, Training, WalkTime

DAY = timedelta(days=1)
SHIFT = (
    "pk", "person", "start_at", "end_at", "person__ward", "person__user", "kind", "kind__ward", "kind__division",
    "kind__breaks",
)  # fmt: skip


def day_seen(*, hospital_id: int, on: date, at: datetime) -> str:
    """A name for what a date's plan is made of: equal as long as nothing has happened.

    Read from the rows themselves, so that what a phone sends late counts as what happens now. The caller answers for
    scope.
    """
    of_hospital = {"person__hospital": hospital_id}
    shifts = RosterShift.objects.filter(Q(on=on) | Q(on=on - DAY), in_force=True, **of_hospital)
    leaves = Leave.objects.filter(undone_at__isnull=True, from_on__lte=on, to_on__gt=on - DAY, **of_hospital)
    trainings = Training.objects.filter(since_on__lte=on, **of_hospital)
    ways = WalkTime.objects.filter(start__division__hospital=hospital_id).aggregate(
        n=Count("pk"), last=Max("changed_at")
    )
    parts = [
        on.isoformat(), dispatch_seen(hospital_id=hospital_id, on=on, at=at),
        sorted(map(str, shifts.values_list(*SHIFT))), sorted(leaves.values_list("pk", flat=True)),
        sorted(map(str, trainings.values_list("person", "competence", "expires_on"))), sorted(ways.items()),
        sorted(DispatchPolicy.objects.filter(hospital=hospital_id).values_list("pk", "policy")),
        sorted(Person.objects.filter(hospital=hospital_id, user__isnull=False).values_list("pk", "user", "ward")),
        ward_places(hospital_id=hospital_id),
    ]  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()
