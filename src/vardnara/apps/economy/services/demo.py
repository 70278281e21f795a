"""The invented hospital's invented money: last year, this year until last month, and a budget; always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import demo_user
from vardnara.apps.economy.choices import Measure, Side
from vardnara.apps.economy.models import LedgerImport, Unit
from vardnara.apps.economy.services.following import adjustment_add, frame_step
from vardnara.apps.economy.services.ledger_import import ledger_import
from vardnara.apps.economy.services.reference import quantity_set
from vardnara.gateways.sie import Account, Book, PeriodSum, Transaction, Verification, sie_write
from vardnara.kernel.local_time import local_date

SEED = 20_260_101
UNITS = {"3100": "Vårdnära service, kirurgi (påhittad)", "3200": "Vårdnära service, medicin (påhittad)"}
CARE = {"4100": "Divisionen kirurgi (påhittad)"}
# Account, kind, unit: thousands of kronor a month in the budget, and how the year goes against it.
PLAN = {
    ("3110", "Ersättning från vården", "I"): {"3100": (-430, 1.0), "3200": (-390, 1.0)},
    ("4110", "Städ- och förbrukningsmaterial", "K"): {"3100": (38, 1.06), "3200": (31, 1.02)},
    ("4210", "Textilier och tvätt", "K"): {"3100": (22, 1.03), "3200": (19, 0.99)},
    ("5110", "Löner, månadsavlönade", "K"): {"3100": (240, 1.01), "3200": (215, 1.0)},
    ("5120", "Löner, timavlönade", "K"): {"3100": (26, 1.45), "3200": (22, 1.2)},
    ("5130", "OB-tillägg", "K"): {"3100": (14, 1.5), "3200": (12, 1.15)},
    ("5610", "Arbetsgivaravgifter och pension", "K"): {"3100": (118, 1.06), "3200": (105, 1.02)},
    ("6910", "Intern ersättning till vårdnära service", "K"): {"4100": (820, 1.0)},
}
OWN = {  # cost in kronor and number, of last year
    Measure.SQUARE_METRE: (3_900_000, 12_400),
    Measure.CLEAN: (1_450_000, 5_200),
    Measure.MEAL: (4_600_000, 74_000),
    Measure.BED_DAY: (10_100_000, 68_000),
}
SEASON = (1.0, 0.97, 1.0, 0.98, 1.0, 1.05, 1.18, 1.12, 0.98, 0.98, 0.97, 1.05)  # summer's replacements
GROWTH = 1.031  # of last year to this, in the invented figures


@transaction.atomic
def demo_ledger_load(*, hospital_id: int, at: datetime) -> bool:
    """Give the invented hospital its money, read in from SIE files like any other; once, else False."""
    controller = demo_user(hospital_id=hospital_id, role=Role.CONTROLLER)
    if controller is None or LedgerImport.objects.filter(hospital=hospital_id).exists():
        return False
    today = local_date(at)
    year, through = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    with TemporaryDirectory() as folder:
        for of_year, until in ((year - 1, 12), (year, through)):
            path = sie_write(
                Path(folder) / f"pahittad-{of_year}.se", _book(of_year, year), _months(of_year, year, until)
            )
            ledger_import(hospital_id=hospital_id, path=path, actor=controller, at=at)
    Unit.objects.filter(hospital=hospital_id, code__in=CARE).update(side=Side.CARE)
    for unit in Unit.objects.filter(hospital=hospital_id, code__in=UNITS).order_by("code"):
        budget = sum(Decimal(int(plan[unit.code][0] * 1000)) for plan in PLAN.values() if unit.code in plan) * 12
        frame_step(
            unit_id=unit.pk,
            year=year,
            amount_sek=budget.quantize(Decimal(1)),
            decided_on=date(year - 1, 11, 20),
            source="Påhittat beslut: driftnämnden, internbudget",
            actor=controller,
            at=at,
        )
    for measure, (cost, number) in OWN.items():
        quantity_set(
            hospital_id=hospital_id,
            year=year - 1,
            measure=measure,
            cost_sek=Decimal(cost),
            quantity=Decimal(number),
            source="Påhittat: bokslut och verksamhetssystem",
            actor=controller,
            at=at,
        )
    unit = Unit.objects.get(hospital=hospital_id, code="3100")
    adjustment_add(
        unit_id=unit.pk,
        account_id=unit.hospital.accounts.get(code="5120").pk,
        year=year,
        amount_sek=Decimal(-45_000),
        reason="Påhittat: två tjänster tillsatta, färre timvikarier resten av året.",
        actor=controller,
        at=at,
    )
    return True


def _book(of_year: int, year: int) -> Book:
    book = Book(company="Påhittade regionen", program="Vardnara demo", sie_type="4")
    book.years = {0: (date(of_year, 1, 1), date(of_year, 12, 31))}
    book.accounts = {"1930": Account("1930", "Bank", "T")}
    book.accounts |= {code: Account(code, name, kind) for code, name, kind in PLAN}
    book.objects = {(1, code): name for code, name in (UNITS | CARE).items()}
    if of_year == year:
        book.periods = [
            PeriodSum(0, "PBUDGET", 0, date(of_year, month, 1), code, ((1, unit),), Decimal(thousands * 1000))
            for (code, _, _), units in PLAN.items()
            for unit, (thousands, _) in units.items()
            for month in range(1, 13)
        ]
    return book


def _months(of_year: int, year: int, until: int) -> Iterator[Verification]:
    """Four vouchers a month for each unit's account, each with its other side at the bank."""
    draw = random.Random(SEED + of_year)  # noqa: S311  (invented figures, the same every time)
    number = 0
    for month in range(1, until + 1):
        for (code, name, kind), units in PLAN.items():
            for unit, (thousands, drift) in units.items():
                season = 1.0 if kind == "I" or code == "6910" else SEASON[month - 1]
                whole = thousands * 1000 * season * (drift if of_year == year else 1 / GROWTH)
                for part in range(4):
                    number += 1
                    noise = 1.0 if kind == "I" or code == "6910" else draw.uniform(0.9, 1.1)
                    amount = Decimal(round(whole / 4 * noise * 100)) / 100
                    day, text = date(of_year, month, 5 + 7 * part), f"Påhittad: {name}"[:60]
                    rows = (
                        Transaction(0, "", day, code, ((1, unit),), amount, text),
                        Transaction(0, "", day, "1930", (), -amount, text),
                    )
                    yield Verification("P", str(number), day, text, rows)
