"""Measures of the invented hospital, so that the register and its pages are not empty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import demo_user
from vardnara.apps.decisions.choices import BenefitKind, MeasureKind
from vardnara.apps.decisions.models import Case, Measure, PostCheck
from vardnara.apps.decisions.services.measure_follow_up import (
    ReadingWords,
    measure_gate_add,
    measure_outcome_set,
    measure_promise_add,
    measure_reading_add,
)
from vardnara.apps.decisions.services.measures import MeasureWords, measure_add, measure_status_set
from vardnara.apps.decisions.services.post_checklists import CheckWords, post_check_set, post_checklists_make
from vardnara.apps.decisions.services.promises import PromiseWords
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

BOARD = "Hälso- och sjukvårdsnämnden"
SOURCE = "Påhittad månadsrapport"
MONTH = timedelta(days=30)


@transaction.atomic
def demo_measures_load(*, hospital_id: int, at: datetime) -> None:
    """Six invented measures in different standings, where the hospital has none."""
    if Measure.objects.filter(hospital_id=hospital_id).exists():
        return
    actor = demo_user(role=Role.CONTROLLER, hospital_id=hospital_id)
    assert actor is not None
    _Demo(hospital_id, actor, at).load()


class _Demo:
    def __init__(self, hospital_id: int, actor: User, at: datetime) -> None:
        self.hospital_id, self.at, self.today = hospital_id, at, local_date(at)
        self.who: dict[str, Any] = {"actor": actor, "at": at}
        own = organisation(hospital_id=hospital_id)
        self.divisions = {one.code: one.id for one in own}
        self.wards = {ward.code: ward.id for one in own for ward in one.wards}

    def load(self) -> None:
        year = self.today.year
        agency = self.measure(
            "Färre timmar av inhyrd personal inom medicin", MeasureKind.COST, "Divisionschef Medicin",
            division_id=self.divisions.get("MED"), payer=BOARD, starts_on=date(year, 1, 1),
            ends_on=date(year + 1, 12, 31), is_multi_year=True, short_sek=Decimal(2_400_000), short_year=year,
            long_sek=Decimal(4_100_000), requires="Särskild prövning av avrop",
        )  # fmt: skip
        self.promise(agency, "Timmar av inhyrd personal", "Fakturor från bemanningsföretag", "timmar i månaden",
                     Decimal(1450), Decimal(900), MONTH + MONTH / 2)  # fmt: skip
        self.stand(agency, "multi_year")
        self.read(agency, "agency_hours", (1430, 1390, 1310, 1330, 1240, 1180))

        beds = self.measure(
            "Platser med tätare övervakning avvecklas", MeasureKind.COST, "Verksamhetschef Kirurgi",
            ward_id=self.wards.get("K31"), payer=BOARD, starts_on=self.today - 8 * MONTH, short_sek=Decimal(700_000),
            short_year=year, long_sek=Decimal(1_150_000), beds_change=-2,
        )  # fmt: skip
        kept = self.promise(beds, "Bemanning på natten", "Schema för avdelningen", "tjänster", Decimal("6.5"),
                            Decimal(5), -MONTH)  # fmt: skip
        self.stand(beds, "on_plan", "pågick redan när registret började")
        self.outcome(beds, kept, Decimal("5.5"))
        self.stand(beds, "done_less")

        low = self.measure(
            "Utmönstring av lågvärdevård", MeasureKind.LOW_VALUE, "Lokalt programområde",
            starts_on=self.today - 3 * MONTH, benefit=BenefitKind.MOVED,
            goes_to="fler nybesök på mottagningen", long_sek=Decimal(600_000),
        )  # fmt: skip
        self.promise(low, "Åtgärder som inte längre utförs", "Åtgärdskoder ur journalen", "antal i månaden",
                     Decimal(120), Decimal(40), 4 * MONTH)  # fmt: skip
        self.stand(low, "on_plan")
        self.read(low, "low_value_done", (120, 104, 81))

        queue = self.measure(
            "Kortare väntan till operation", MeasureKind.CAPACITY, "Verksamhetschef Operation",
            starts_on=self.today - 6 * MONTH, benefit=BenefitKind.OTHER, requires="Två salar igång på fredagar",
        )  # fmt: skip
        self.promise(queue, "Väntande till operation", "Väntetidsrapport", "personer", Decimal(640), Decimal(480),
                     2 * MONTH - timedelta(days=5))  # fmt: skip
        self.stand(queue, "deviates", "personalbrist på fredagar, en månad efter plan")
        self.read(queue, "waiting", (640, 622, 587, 590, 561, 548))
        self.read(queue, "within_guarantee", (58, 61, 63, 62, 67, 69))

        self.measure("Gapanalys av ett nationellt vårdprogram", MeasureKind.GAP, "", starts_on=self.today + MONTH)

        case = Case.objects.filter(hospital_id=self.hospital_id).order_by("pk").first()
        again = self.measure(
            "Servicemedarbetare på fler kvällar", MeasureKind.REINVESTMENT, "Chef Vårdnära service",
            division_id=self.divisions.get("MED"), payer="Regionservice", starts_on=self.today + 4 * MONTH,
            long_sek=Decimal(-940_000), case_id=case.pk if case else None,
        )  # fmt: skip
        measure_gate_add(measure_id=again.pk, first_id=agency.pk, share=Decimal("0.8"), **self.who)
        if case is not None:
            self.posts(case)

    def measure(self, label: str, kind: str, owner: str, **said: Any) -> Measure:
        words = MeasureWords(label=label, kind=kind, owner=owner, **said)
        return measure_add(hospital_id=self.hospital_id, words=words, **self.who)

    def promise(
        self, measure: Measure, label: str, metric: str, unit: str, before: Decimal, after: Decimal, ahead: timedelta
    ) -> int:
        words = PromiseWords(label, metric, unit, promised=after, check_on=self.today + ahead, baseline=before)
        made = measure_promise_add(measure_id=measure.pk, words=words, baseline_on=self.today - 9 * MONTH, **self.who)
        return int(made.pk)

    def stand(self, measure: Measure, status: str, because: str = "") -> None:
        measure_status_set(measure_id=measure.pk, status=status, because=because, **self.who)

    def outcome(self, measure: Measure, promise_id: int, value: Decimal) -> None:
        day = self.today - timedelta(days=20)
        measure_outcome_set(measure_id=measure.pk, promise_id=promise_id, outcome=value, outcome_on=day, **self.who)

    def read(self, measure: Measure, indicator: str, values: Iterable[int]) -> None:
        told = list(values)
        for number, value in enumerate(told):
            day = self.today - (len(told) - number) * MONTH
            words = ReadingWords(indicator, day, Decimal(value), SOURCE)
            measure_reading_add(measure_id=measure.pk, words=words, **self.who)

    def posts(self, case: Case) -> None:
        """The lists of the posts that the case re-aims, with one step done and one past its day."""
        post_checklists_make(case_id=case.pk, **self.who)
        checks = {one.code: one.pk for one in PostCheck.objects.filter(checklist__case=case).order_by("-pk")}
        day = timedelta(days=1)
        for code, words in (
            ("consulted", CheckWords("Chef Vårdnära service", self.today - 3 * day)),
            ("redeployment", CheckWords("HR", self.today + 20 * day, note="Samma arbetstid, andra klockslag")),
        ):
            if code in checks:
                post_check_set(case_id=case.pk, check_id=checks[code], words=words, **self.who)
