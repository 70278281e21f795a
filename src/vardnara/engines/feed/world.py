"""The hospital as the feed plays it: its beds, its clock, its chances and its outgoing post."""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from vardnara.engines.feed.data import FeedEvent, FeedOrder, FeedPatient, FeedPlace, FeedVisit, FeedWard
from vardnara.engines.feed.params import FeedParams
from vardnara.engines.feed.people import newborn_of, patient_of, unknown_of
from vardnara.kernel.local_time import STOCKHOLM, day_bounds, local_date, local_to_utc

MINUTE, HOUR, DAY = 60, 3600, 86_400
MATCH_TRIES = 40  # numbers looked at to find somebody of the ward's age and sex


class Bed:
    """A bed place in play; ``stay`` is who lies in it or keeps it."""

    __slots__ = ("capacity", "closed", "free_at", "place", "stay", "ward")

    def __init__(self, place: FeedPlace, capacity: int, ward: Ward) -> None:
        self.place = place
        self.capacity = capacity
        self.ward = ward
        self.stay: Stay | None = None
        self.closed = False
        self.free_at = 0


class Ward:
    """A ward in play; ``used`` counts its beds that are taken or kept."""

    __slots__ = ("beds", "corridor", "kind", "shape", "staffed", "stay_factor", "used")

    def __init__(self, shape: FeedWard, stay_factor: float) -> None:
        self.shape = shape
        self.kind = shape.kind
        self.corridor = FeedPlace(shape.code, facility=shape.facility)
        self.beds = [Bed(bed.place, bed.capacity, self) for bed in shape.beds]
        self.staffed = len(self.beds) if shape.staffed_beds is None else min(shape.staffed_beds, len(self.beds))
        self.stay_factor = stay_factor
        self.used = 0

    def free(self, at: int) -> list[Bed]:
        """Beds that may be offered now."""
        return [bed for bed in self.beds if bed.stay is None and not bed.closed and bed.free_at <= at]

    def takes(self, patient: FeedPatient, year: int) -> bool:
        """Whether the ward is for somebody of this age and sex."""
        shape = self.shape
        if shape.sex and patient.sex not in (shape.sex, "U"):
            return False
        if shape.ages is None:
            return True
        age = year - patient.born_on.year if patient.born_on else 50
        return shape.ages[0] <= age <= shape.ages[1]


class Stay:
    """A visit in play."""

    __slots__ = (
        "admitted", "bed", "busy", "child", "expected", "gone", "klass", "number", "ordered", "paired", "patient",
        "person", "place", "plan", "precaution", "recorded",
    )  # fmt: skip

    def __init__(self, number: str, patient: FeedPatient, person: int, klass: str, admitted: int) -> None:
        self.number = number
        self.patient = patient
        self.person = person  # 0 for newborn and unknown people, who are never picked again
        self.klass = klass
        self.admitted = admitted
        self.bed: Bed | None = None
        self.place: FeedPlace | None = None
        self.expected: int | None = None
        self.precaution = ""
        self.recorded = 0
        self.plan = 0
        self.busy = False  # something is under way that moves, swaps and discharges must wait for
        self.gone = False
        self.ordered = False
        self.paired = False  # mother and child stay in their place
        self.child: Stay | None = None


type Action = Callable[..., None]


def instant(at: int) -> datetime:
    """Whole seconds since 1970 as an instant."""
    return datetime.fromtimestamp(at, UTC)


def local_time(at: int) -> datetime:
    """The same on the wall in Stockholm."""
    return datetime.fromtimestamp(at, STOCKHOLM)


class World:
    """State of one run. Chances of coming, staying and recording are apart, so that one does not move the others."""

    def __init__(self, order: FeedOrder, params: FeedParams) -> None:
        self.order = order
        self.params = params
        self.coming = self._stream("coming")
        self.staying = self._stream("staying")
        self.recording = self._stream("recording")
        wards = self._stream("wards")
        self.wards = [Ward(ward, math.exp(wards.gauss(0.0, params.stay_ward_sigma))) for ward in order.hospital.wards]
        self.by_kind: dict[str, list[Ward]] = {}
        for ward in self.wards:
            self.by_kind.setdefault(ward.kind, []).append(ward)
        self.start = int(order.start_at.timestamp())
        last_day = local_date(order.start_at) + timedelta(days=order.days)
        self.end = int(day_bounds(last_day)[0].timestamp()) if order.days else self.start
        self.here: set[int] = set()
        self.patient_next = order.patient_first
        self.newborn_next = order.newborn_first
        self.visit_next = order.visit_first
        self.serial_next = order.serial_first
        self._agenda: list[tuple[int, int, Action, tuple[Any, ...]]] = []
        self._entries = 0
        self._post: list[tuple[int, int, int, FeedEvent]] = []

    def _stream(self, name: str) -> random.Random:
        return random.Random(f"{self.order.seed}:{name}")  # noqa: S311 - a seeded feed, not a secret

    # -- clock -------------------------------------------------------------------------------------------------

    def at(self, when: float, action: Action, *args: Any) -> None:
        """Do ``action(world, when, *args)`` then."""
        self._entries += 1
        heapq.heappush(self._agenda, (int(when), self._entries, action, args))

    def run(self) -> Iterator[FeedEvent]:
        """Play until the end, handing over what is sent by the time it is sent."""
        agenda, post = self._agenda, self._post
        while agenda and agenda[0][0] < self.end:
            when, _, action, args = heapq.heappop(agenda)
            while post and post[0][0] < when:
                yield heapq.heappop(post)[3]
            action(self, when, *args)
        while post:
            yield heapq.heappop(post)[3]

    # -- post --------------------------------------------------------------------------------------------------

    def emit(
        self,
        code: str,
        at: int,
        stay: Stay | None,
        *,
        effect: int | None = None,
        prior: FeedPlace | None = None,
        pending: FeedPlace | None = None,
        left: int | None = None,
        leave_until: int | None = None,
        precaution: str | None = None,
        second: tuple[Stay, FeedPlace] | None = None,
        merged: str = "",
        bed: FeedPlace | None = None,
        bed_status: str = "",
    ) -> None:
        """Record that something happened ``at`` and post the message about it.

        ``effect`` is when the cancelled event happened; ``second`` the other stay of a swap with its place before.
        """
        params, chance = self.params, self.recording
        late = chance.random() < params.late_record_share
        mean = params.late_record_mean_minutes * MINUTE if late else MINUTE
        recorded = at + int(chance.expovariate(1.0 / mean))
        for one in (stay, second[0] if second else None):
            if one is not None:
                recorded = max(recorded, one.recorded + 1)
        visit = other = None
        if stay is not None:
            stay.recorded = recorded
            visit = self._shown(stay, prior, pending, left, leave_until, precaution)
        if second is not None:
            second[0].recorded = recorded
            other = self._shown(second[0], second[1], None, None, None, None)
        sent = recorded + int(chance.random() * 4)
        if chance.random() < params.delayed_share:
            sent += int(chance.random() * params.delayed_max_minutes * MINUTE)
        serial = self.serial_next
        self.serial_next += 1
        event = FeedEvent(
            serial, code, instant(at if effect is None else effect), instant(recorded), instant(sent), visit, other,
            merged, bed, bed_status,
        )  # fmt: skip
        heapq.heappush(self._post, (sent, serial, 0, event))
        if chance.random() < params.resent_share:
            again = sent + 1 + int(chance.random() * 30)
            heapq.heappush(self._post, (again, serial, 1, event._replace(resent=True)))

    @staticmethod
    def _shown(
        stay: Stay,
        prior: FeedPlace | None,
        pending: FeedPlace | None,
        left: int | None,
        leave_until: int | None,
        precaution: str | None,
    ) -> FeedVisit:
        return FeedVisit(
            stay.patient,
            stay.number,
            stay.klass,
            stay.place,
            prior,
            pending,
            instant(stay.admitted),
            None if left is None else instant(left),
            None if stay.expected is None else instant(stay.expected),
            None if leave_until is None else instant(leave_until),
            precaution,
        )

    # -- people ------------------------------------------------------------------------------------------------

    def stay_new(self, patient: FeedPatient, person: int, klass: str, at: int, booked: Stay | None = None) -> Stay:
        """A visit with the booked number or the next one; the person is here from now on."""
        if booked is not None:
            stay = Stay(booked.number, patient, person, klass, at)
            stay.recorded = booked.recorded
        else:
            stay = Stay(f"V{self.visit_next:09d}", patient, person, klass, at)
            self.visit_next += 1
        if person:
            self.here.add(person)
        return stay

    def stay_end(self, stay: Stay) -> None:
        """The visit is over; the person may come again."""
        stay.gone = True
        self.here.discard(stay.person)

    def person(self, at: int, ward: Ward | None = None) -> tuple[FeedPatient, int, bool]:
        """Somebody who is not here and suits the ward; the last value says whether they are new."""
        year = instant(at).year
        chance = self.coming
        if self.patient_next > 1 and chance.random() < self.params.returning_share:
            for _ in range(MATCH_TRIES // 4):
                number = chance.randrange(1, self.patient_next)
                patient = patient_of(number)
                if number not in self.here and (ward is None or ward.takes(patient, year)):
                    return patient, number, False
        for _ in range(MATCH_TRIES):
            patient, number = self.person_new()
            if ward is None or ward.takes(patient, year):
                break
        return patient, number, True

    def person_new(self) -> tuple[FeedPatient, int]:
        """Somebody who has never been here."""
        number = self.patient_next
        self.patient_next += 1
        return patient_of(number), number

    def newborn(self, at: int, mother: FeedPatient) -> FeedPatient:
        """A child born now."""
        number = self.newborn_next
        self.newborn_next += 1
        return newborn_of(number, local_date(instant(at)), mother)

    def unknown(self) -> FeedPatient:
        """Somebody without a name; the number is that of the visit to come."""
        return unknown_of(self.visit_next)

    # -- beds --------------------------------------------------------------------------------------------------

    def bed_take(self, bed: Bed, stay: Stay) -> None:
        """Keep the bed for the stay."""
        bed.stay = stay
        bed.ward.used += 1

    def bed_leave(self, bed: Bed, at: int, *, lain_in: bool = True) -> None:
        """Give the bed up; one that was lain in is offered again once it would have been cleaned."""
        bed.stay = None
        bed.ward.used -= 1
        params = self.params
        pause = self.lognormal(params.turnaround_median_minutes * MINUTE, params.turnaround_sigma) if lain_in else 0
        bed.free_at = at + int(pause)

    def bed_find(self, at: int, patient: FeedPatient, avoid: Ward | None = None) -> Bed | None:
        """A free bed on an inpatient ward that suits: a staffed one, else any, else None."""
        year = instant(at).year
        room: list[tuple[int, list[Bed]]] = []
        crowded: list[Bed] = []
        for ward in self.by_kind.get("inpatient", ()):
            if ward is avoid or not ward.takes(patient, year):
                continue
            free = ward.free(at)
            if free and ward.used < ward.staffed:
                room.append((ward.staffed - ward.used, free))
            crowded += free
        if room:
            free = self.staying.choices([beds for _, beds in room], [weight for weight, _ in room])[0]
            return self.staying.choice(free)
        return self.staying.choice(crowded) if crowded else None

    def bed_of_kind(self, at: int, kind: str) -> Bed | None:
        """A free place in any ward of a kind."""
        free = [bed for ward in self.by_kind.get(kind, ()) for bed in ward.free(at)]
        return self.staying.choice(free) if free else None

    # -- chances -----------------------------------------------------------------------------------------------

    def lognormal(self, median: float, sigma: float) -> float:
        """A positive length whose logarithm is normal."""
        return median * math.exp(self.staying.gauss(0.0, sigma))

    def within(self, low: float, high: float) -> int:
        """A length in seconds between two others."""
        return int(low + (high - low) * self.staying.random())

    def happens(self, share: float) -> bool:
        """Whether something that happens to this share happens."""
        return self.staying.random() < share

    def contagion(self) -> str:
        """A contagion class."""
        return self.staying.choices("ABC", self.params.contagion_weights)[0]

    def hours(self, day: date) -> list[tuple[int, int]]:
        """Start and local hour of each of the day's 23, 24 or 25 hours."""
        start, end = (int(bound.timestamp()) for bound in day_bounds(day))
        return [(at, local_time(at).hour) for at in range(start, end, HOUR)]

    def discharge_at(self, came: int, days: float) -> int:
        """When somebody who came then and stays about so long leaves: by weekday and hour."""
        params = self.params
        target = came + int(days * DAY)
        if days < 0.5:  # leaves when ready, whatever the hour
            return target
        day = local_date(instant(target))
        saturday = 5
        if day.weekday() >= saturday and not self.happens(params.weekend_discharge_share):
            day += timedelta(days=7 - day.weekday())
        hour = self.staying.choices(range(24), params.discharge_by_hour)[0]
        clock = datetime(day.year, day.month, day.day, hour, self.staying.randrange(60))  # noqa: DTZ001 - wall clock
        leave = int(local_to_utc(clock).timestamp()) + self.staying.randrange(60)
        return leave if leave > came + 4 * HOUR else came + self.within(5 * HOUR, 20 * HOUR)
