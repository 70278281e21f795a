"""A week at the demo hospital, twice: meals on a list the day before, and digital ordering. Waste by cause in both.

The same patients come, move, fast, go on leave and go home at the same moments in both weeks, like and dislike the same
dishes and are as hungry; messages come as late as the feed lets them. All of it goes through the ordinary services and
a database of its own: inbox, diets, orders, tickets, handing over, what was eaten, and the engine that finds causes.
What differs is how meals are ordered:

- *on a list*: every meal closes at 14 the day before, nobody is asked, each gets the default of the diet, and the
  kitchen takes nothing back after that;
- *digital*: the demo kitchen's own deadlines on the day; those who are asked, or choose themselves, get the safe dish
  that they like best, in the size that they eat; meals follow the bed until the kitchen's limit.

**The patients' behaviour is assumed** (`Assumed`, printed with the result), so the size of the difference is no
forecast for any hospital; what is shown is that the causes are told apart, and which of them ordering can change. No
number has to be reached. Waste is told in portions; grams only where the dish has them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any

from _hospital import folder_temporary, machine

MEALS = ("breakfast", "lunch", "dinner")
START = date(2026, 3, 2)
STEP = timedelta(minutes=30)
LIST_CLOSES = clock(14)


@dataclass(frozen=True)
class Assumed:
    """How patients are. None of it was measured; both weeks have the same."""

    asked: float = 0.85  # of patients whose diet is known: asked at the bed, or choosing themselves
    dislikes: float = 0.25  # of dishes, for each patient
    eats_of_disliked: tuple[int, ...] = (0, 1, 2)  # quarters
    small_eaters: float = 0.35
    large_eaters: float = 0.15
    unwell: float = 0.07  # at a meal: eats nothing or a quarter
    fasts: float = 0.05  # of patient-days, until 14 o'clock
    fast_known_evening_before: float = 0.6  # at 19 o'clock; else at 7 the same day
    new_allergy: float = 0.01  # of patient-days, between 7 and 20
    cause_is_told: float = 0.7  # ward staff say why something was left


def django_open(address: str) -> None:
    os.environ["DATABASE_URL"] = address
    os.environ["DJANGO_SETTINGS_MODULE"] = "vardnara.config.settings"
    import django

    django.setup()
    from django.conf import settings

    settings.DEMO = True


@dataclass
class Whereabouts:
    """Where a visit's patient really was: from when until when, and on leave between which instants."""

    here_from: datetime | None = None
    left_at: datetime | None = None
    away: list[tuple[datetime, datetime | None]] | None = None

    def there(self, at: datetime) -> bool:
        """Whether the patient was in the hospital."""
        if self.here_from is None or at < self.here_from or (self.left_at is not None and at >= self.left_at):
            return False
        return not any(since <= at and (until is None or at < until) for since, until in self.away or [])


def whereabouts(events: list[Any]) -> dict[str, Whereabouts]:
    """What happened, whatever the messages said when."""
    found: dict[str, Whereabouts] = {}
    for event in sorted((one for one in events if not one.resent), key=lambda one: one.recorded_at):
        for visit in (event.visit, event.second):
            if visit is None:
                continue
            of = found.setdefault(visit.number, Whereabouts(away=[]))
            assert of.away is not None
            if of.here_from is None or event.code == "A01":
                of.here_from = min(filter(None, (of.here_from, visit.admitted_at, event.effect_at)))
            if event.code == "A03":
                of.left_at = event.effect_at
            elif event.code == "A13":
                of.left_at = None
            elif event.code == "A21":
                of.away.append((event.effect_at, None))
            elif event.code == "A22" and of.away:
                of.away[-1] = (of.away[-1][0], event.effect_at)
            elif event.code == "A52" and of.away:
                of.away.pop()
    return found


def chance(*words: object) -> random.Random:
    """The same words, the same chance: in both weeks."""
    return random.Random("|".join(str(word) for word in words))


class Week:
    """One of the two weeks, through the services."""

    def __init__(self, *, digital: bool, days: int, seed: int, assumed: Assumed) -> None:
        self.digital, self.days, self.seed, self.assumed = digital, days, seed, assumed
        self.untold = Counter[str]()

    def stage(self) -> None:
        """The demo hospital with its kitchen, a feed for the days, and somebody of each role."""
        from vardnara.apps.accounts.models import Scope, User
        from vardnara.apps.hospital.queries.feed import feed_hospital
        from vardnara.apps.hospital.services.demo import demo_load
        from vardnara.apps.meals.models import Kitchen, MealTime
        from vardnara.apps.meals.services.demo import demo_kitchen_load
        from vardnara.config.demo import invented_hospital_id
        from vardnara.engines.feed import FeedOrder, feed_events
        from vardnara.gateways.hl7.writer import FeedSender, messages_write
        from vardnara.kernel.local_time import day_bounds

        self.began = day_bounds(START)[0]
        before = self.began - timedelta(days=3)
        demo_load(at=before)
        hospital_id = invented_hospital_id()
        people = {}
        for role, profession in (("kitchen", "diet_cook"), ("ward_staff", "nurse"), ("coordinator", "")):
            people[role] = User.objects.create(username=f"week-{role}", role=role, profession=profession, demo=True)
            Scope.objects.create(user=people[role], hospital_id=hospital_id)
        self.cook, self.nurse = people["kitchen"], people["ward_staff"]
        demo_kitchen_load(hospital_id=hospital_id, at=before)
        self.kitchen = Kitchen.objects.get(hospital=hospital_id)
        MealTime.objects.filter(kitchen=self.kitchen).exclude(meal__in=MEALS).delete()
        if not self.digital:
            MealTime.objects.filter(kitchen=self.kitchen).update(
                deadline_days=1, deadline_at=LIST_CLOSES, late_minutes=None, cancel_minutes=None
            )
        hospital = feed_hospital("")
        order = FeedOrder(hospital, self.began - timedelta(days=1), self.days + 2, self.seed)
        events = list(feed_events(order))
        self.where = whereabouts(events)
        written = messages_write(events, FeedSender(str(self.seed), hospital.code))
        self.messages = sorted(
            ((event.sent_at, n, raw) for n, (event, raw) in enumerate(zip(events, written, strict=True))),
            key=lambda one: one[:2],
        )
        self.messages.reverse()

    def deliver(self, at: datetime) -> None:
        """What has been sent until now arrives and is applied."""
        from vardnara.apps.hospital.models import InboxMessage
        from vardnara.apps.hospital.services.applying import inbox_apply
        from vardnara.gateways.hl7.reader import adt_read, digest

        seen: set[bytes] = set()
        while self.messages and self.messages[-1][0] <= at:
            sent_at, _, raw = self.messages.pop()
            key, reading = digest(raw), adt_read(raw)
            if key in seen or InboxMessage.objects.filter(digest=key).exists():
                continue
            seen.add(key)
            InboxMessage.objects.create(
                raw=raw,
                digest=key,
                received_at=sent_at,
                application=reading.header.application,
                facility=reading.header.facility,
                control_id=reading.header.control_id,
                message_type=reading.header.message_type,
                trigger_event=reading.event,
                version=reading.header.version,
                status="waiting" if reading.effective else "ignored",
            )
        while inbox_apply(at=at):
            pass

    def stays(self) -> list[Any]:
        """Who lies on a ward, in the order of their keys."""
        from vardnara.apps.hospital.queries.stays import stays_in_wards
        from vardnara.apps.meals.queries.sittings import wards_served

        return stays_in_wards(wards_served(kitchen_id=self.kitchen.pk, on=START))

    def plan(self) -> Iterator[tuple[datetime, int, str, Any]]:
        """What people do, by the clock: instant, rank, deed, about what."""
        from vardnara.apps.meals.queries.offered import meal_windows
        from vardnara.kernel.local_time import local_to_utc

        for n in range(-1, self.days):
            day = START + timedelta(days=n)
            yield local_to_utc(datetime.combine(day, clock(6, 30))), 0, "diets", day
            yield local_to_utc(datetime.combine(day, clock(7))), 0, "fast", (day, False)
            yield local_to_utc(datetime.combine(day, clock(19))), 0, "fast", (day + timedelta(days=1), True)
        for n in range(self.days):
            day = START + timedelta(days=n)
            for window in meal_windows(kitchen_id=self.kitchen.pk, on=day):
                if self.digital:
                    for rank in range(6):
                        at = window.deadline_at - timedelta(minutes=30 * (rank + 1))
                        yield at, 1, "choose", (day, window.meal, rank)
                yield window.deadline_at, 2, "fill", None
                yield window.serves_from_at - timedelta(minutes=60), 3, "tickets", (day, window.meal)
                yield window.serves_from_at, 4, "serve", (day, window.meal)
                yield window.serves_to_at, 5, "eaten", (day, window.meal)

    def run(self) -> dict[str, Any]:
        """The week, minute by minute where something happens."""
        from vardnara.apps.meals.services.demo_diets import demo_diets_keep
        from vardnara.apps.meals.services.filling import orders_fill
        from vardnara.apps.meals.services.rechecking import stale_recheck
        from vardnara.apps.meals.services.waste import wastes_settle

        self.stage()
        deeds = sorted(self.plan(), key=lambda one: one[:2])
        ends = self.began + timedelta(days=self.days, hours=6)
        at = self.began - timedelta(hours=20)
        while at <= ends:
            while deeds and deeds[0][0] <= at:
                when, _, deed, about = deeds.pop(0)
                self.deliver(when)
                if deed == "fill":
                    orders_fill(at=when)
                else:
                    getattr(self, deed)(when, about)
            self.deliver(at)
            demo_diets_keep(at=at)
            orders_fill(at=at)
            stale_recheck(at=at)
            at += STEP
        wastes_settle(at=ends)
        return self.result()

    def diets(self, at: datetime, day: date) -> None:
        """A few patients turn out to be allergic in the course of the day."""
        from vardnara.apps.meals.services.diet import Words, restriction_add

        for stay in self.stays():
            dice = chance("allergy", stay.patient_key, day)
            if dice.random() < self.assumed.new_allergy:
                words = Words("allergen", dice.choice(("7", "3", "1", "4", "9")), reason="week")
                restriction_add(stay_id=stay.id, words=words, actor=self.nurse, at=at + timedelta(hours=1))

    def fast(self, at: datetime, about: tuple[date, bool]) -> None:
        """Who is to fast until 14 o'clock, told the evening before or the same morning."""
        from vardnara.apps.meals.services.diet import Words, restriction_add
        from vardnara.kernel.local_time import local_to_utc

        day, evening = about
        for stay in self.stays():
            dice = chance("fast", stay.patient_key, day)
            if (
                dice.random() >= self.assumed.fasts
                or (dice.random() < self.assumed.fast_known_evening_before) != evening
            ):
                continue
            since = local_to_utc(datetime.combine(day, clock(0)))
            until = local_to_utc(datetime.combine(day, clock(14)))
            words = Words("fasting", "nothing", valid_from=max(at, since), valid_until=until, reason="week")
            restriction_add(stay_id=stay.id, words=words, actor=self.nurse, at=at)

    def likes(self, patient: str, dish_id: int) -> float:
        """How much a patient likes a dish, from 0 to 1."""
        return chance("likes", patient, dish_id).random()

    def size(self, patient: str) -> str:
        """The portion that a patient eats."""
        draw = chance("size", patient).random()
        if draw < self.assumed.small_eaters:
            return "small"
        return "large" if draw > 1 - self.assumed.large_eaters else "normal"

    def choose(self, at: datetime, about: tuple[date, str, int]) -> None:
        """A sixth of those who are asked choose: the safe dish that they like best, in their size."""
        from vardnara.apps.meals.queries.patient_menu import patient_menu
        from vardnara.apps.meals.services.ordering import Pick, order_place
        from vardnara.kernel.errors import RuleBroken

        day, meal, rank = about
        for stay in self.stays():
            dice = chance("asked", stay.patient_key, day, meal)
            if dice.random() >= self.assumed.asked or dice.randrange(6) != rank:
                continue
            try:
                menu = patient_menu(stay=stay, on=day, meal=meal, at=at, language="sv")
                dishes = [dish.dish_id for dish in (menu.mains or menu.safe)]
                if not menu.open or not menu.diet_known or not dishes:
                    continue
                best = max(dishes, key=lambda dish_id: self.likes(stay.patient_key, dish_id))
                order_place(
                    stay_id=stay.id, on=day, meal=meal, picks=[Pick(best)], portion=self.size(stay.patient_key),
                    at=at, received_at=at, origin="staff" if dice.random() < 0.8 else "patient", actor=self.nurse,
                )  # fmt: skip
            except RuleBroken as error:
                self.untold[f"choice: {error.code}"] += 1

    def tickets(self, at: datetime, about: tuple[date, str]) -> None:
        """The kitchen prints the tickets of a meal."""
        from vardnara.apps.meals.services.tickets import tickets_print

        tickets_print(kitchen_id=self.kitchen.pk, on=about[0], meal=about[1], actor=self.cook, at=at)

    def serve(self, at: datetime, about: tuple[date, str]) -> None:
        """The wards hand over what they have, each tray checked."""
        from vardnara.apps.meals.queries.sittings import wards_served
        from vardnara.apps.meals.services.serving import ward_step

        day, meal = about
        for ward_id in wards_served(kitchen_id=self.kitchen.pk, on=day):
            ward_step(ward_id=ward_id, on=day, meal=meal, step="hand_over", actor=self.nurse, at=at)

    def eaten(self, at: datetime, about: tuple[date, str]) -> None:
        """What came back, as the ward notes it."""
        from vardnara.apps.hospital.queries.stays import stays_by_id
        from vardnara.apps.meals.models import MealOrder
        from vardnara.apps.meals.services.eating import intake_note

        day, meal = about
        orders = list(MealOrder.objects.filter(on=day, meal=meal, state="served").prefetch_related("items__cell"))
        stays = stays_by_id({order.stay_id for order in orders})
        visits = dict(MealOrder.objects.filter(on=day, meal=meal).values_list("stay_id", "stay__visit_number"))
        for order in orders:
            key = stays[order.stay_id].patient_key
            where = self.where.get(visits[order.stay_id])
            there = where is None or where.there(order.serves_at)
            quarters, cause = self.eats(key, order, day, meal) if there else (0, "")
            told = chance("told", key, day, meal).random() < self.assumed.cause_is_told
            intake_note(
                order_id=order.pk, quarters=quarters, untouched=not there, cause=cause if told else "",
                actor=self.nurse, at=at,
            )  # fmt: skip

    def eats(self, patient: str, order: Any, day: date, meal: str) -> tuple[int, str]:
        """Quarters eaten, and why not all: unwell, disliked, or more than the patient eats."""
        dice = chance("eats", patient, day, meal)
        unwell, some = dice.random() < self.assumed.unwell, dice.choice(self.assumed.eats_of_disliked)
        main = min((item.cell.dish_id for item in order.items.all()), default=0)
        sizes = ("small", "normal", "large")
        too_much = sizes.index(order.portion) - sizes.index(self.size(patient))
        if unwell:
            return dice.choice((0, 1)), "unwell"
        if self.likes(patient, main) < self.assumed.dislikes:
            return some, "disliked"
        return (4, "") if too_much <= 0 else (4 - too_much, "wrong_portion")

    def result(self) -> dict[str, Any]:
        """Portions by cause, and what the week came to."""
        from django.db.models import Count

        from vardnara.apps.meals.models import MealOrder
        from vardnara.apps.meals.queries.waste import waste_report

        until = START + timedelta(days=self.days)
        report = waste_report(kitchen=self.kitchen, since=START, until=until, names={})
        orders = MealOrder.objects.filter(on__gte=START, on__lt=until)
        whole = report.whole
        return {
            "cooked": whole.cooked,
            "noted": whole.noted,
            "wasted_portions": float(whole.portions),
            "wasted_share": round(whole.share or 0, 3),
            "untouched": whole.untouched,
            "could_have_been_known": whole.in_time,
            "told_too_late": whole.told_late,
            "by_cause": {one.key: float(one.portions) for one in report.causes},
            "orders_by_state": dict(orders.values_list("state").annotate(Count("pk")).order_by("state")),
            "orders_by_origin": dict(orders.values_list("origin").annotate(Count("pk")).order_by("origin")),
            "not_told": dict(self.untold),
        }


def week(*, digital: bool, days: int, seed: int, assumed: Assumed) -> dict[str, Any]:
    """One week in a database of its own; runs in a process of its own, because Django has one database a process."""
    from vardnara.config.migrating import migrated_quickly
    from vardnara.config.postgres import Cluster

    with folder_temporary() as folder:
        cluster = Cluster.of(folder, durable=False, log=folder / "postgres.log")
        cluster.start()
        try:
            cluster.wait()
            cluster.database_make()
            django_open(cluster.url())
            from django.core.management import call_command
            from django.db import connections

            with migrated_quickly():
                call_command("migrate", interactive=False, verbosity=0)
            from vardnara.apps.service.services import catalogue_ship

            catalogue_ship(at=datetime.now(UTC))
            found = Week(digital=digital, days=days, seed=seed, assumed=assumed).run()
            connections.close_all()
            return found
        finally:
            cluster.stop()


def table(weeks: dict[str, dict[str, Any]]) -> str:
    """The two weeks beside each other."""
    lines = [f"{'':28}{'list':>10}{'digital':>10}"]
    for name in (
        "cooked",
        "noted",
        "wasted_portions",
        "wasted_share",
        "untouched",
        "could_have_been_known",
        "told_too_late",
    ):
        lines.append(f"{name:28}{weeks['list'][name]:>10}{weeks['digital'][name]:>10}")
    causes = sorted({cause for one in weeks.values() for cause in one["by_cause"]})
    lines += [
        f"  {cause:26}{weeks['list']['by_cause'].get(cause, 0.0):>10}{weeks['digital']['by_cause'].get(cause, 0.0):>10}"
        for cause in causes
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=7, help="days from a Monday (default 7)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same patients (default 1)")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=("list", "digital"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    assumed = Assumed()
    if args.only:
        print(json.dumps(week(digital=args.only == "digital", days=args.days, seed=args.seed, assumed=assumed)))
        return 0
    import subprocess

    began, weeks = time.monotonic(), {}
    for name in ("list", "digital"):
        words = [sys.executable, __file__, "--only", name, "--days", str(args.days), "--seed", str(args.seed)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr[-3000:])
        weeks[name] = json.loads(done.stdout)
    result = {
        "days": args.days,
        "seed": args.seed,
        "assumed": asdict(assumed),
        **weeks,
        "seconds": round(time.monotonic() - began),
        "machine": machine(),
    }
    print(json.dumps(result) if args.json else f"{table(weeks)}\n\nassumed: {result['assumed']}\n{result['machine']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
