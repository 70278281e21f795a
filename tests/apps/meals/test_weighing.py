"""Weighing in the national categories: kilograms, people and grams each together; corrected by rows, never changed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from tests.strategies.meals import ON, Mealtime, meals_set, order, restrict, tell
from tests.strategies.messages import at, person

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import Ward
from vardnara.apps.meals.models import Intake, MealOrder, Weighing
from vardnara.apps.meals.queries.waste import finding_rows, waste_report
from vardnara.apps.meals.queries.weighing import campaign, paradox, weighed
from vardnara.apps.meals.services.ordering import event_write
from vardnara.apps.meals.services.waste import wastes_settle
from vardnara.apps.meals.services.weighing import WeighWords, portion_cost_set, weighing_add, weighing_undo
from vardnara.config.command import main
from vardnara.config.command.waste import document, text
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Mealtime:
    return meals_set()


def ward(code: str = "K31") -> int:
    return Ward.objects.get(code=code).pk


def weigh(here: Mealtime, kg: str, category: str = "plate", on: date = ON, **words: Any) -> Weighing:
    who = words.pop("actor", here.nurse)
    where = {"ward_id": words.pop("ward_id", ward())} if who == here.nurse else {"kitchen_id": here.kitchen.pk}
    keep = {name: words.pop(name) for name in ("command",) if name in words}
    said = WeighWords(on=on, meal="lunch", category=category, gross=Decimal(kg), **words)
    return weighing_add(words=said, actor=who, at=at(400), today=ON, **where, **keep)


def refused(code: str, deed: Any) -> None:
    with pytest.raises(RuleBroken) as broken:
        deed()
    assert broken.value.code == code


def test_the_scale_less_the_vessel(here: Mealtime) -> None:
    """Kilograms and grams, with the vessel taken off; the same tap once more is one row."""
    tap = uuid4()
    assert weigh(here, "3.456", tare=Decimal("1.2"), command=tap).grams == 2256
    assert weigh(here, "9", command=tap).grams == 2256
    assert weigh(here, "800", unit="g", tare=Decimal(50)).grams == 750
    assert Weighing.objects.count() == 2


def test_what_is_refused(here: Mealtime) -> None:
    """A vessel heavier than all, two tonnes, tomorrow, another's ward, the kitchen's own, both ways of one meal."""
    refused("weighed_nothing", lambda: weigh(here, "1", tare=Decimal(2)))
    refused("weighed_too_much", lambda: weigh(here, "2001"))
    refused("weighed_in_future", lambda: weigh(here, "1", on=ON + timedelta(days=1)))
    refused("weighed_by_kitchen", lambda: weigh(here, "1", "storage"))
    refused("no_kitchen", lambda: weigh(here, "1", ward_id=ward("BB")))
    stranger = person(Role.WARD_STAFF, "other", here.hospital, Ward.objects.get(code="M52"))
    said = WeighWords(on=ON, meal="lunch", category="plate", gross=Decimal(1))
    refused("out_of_scope", lambda: weighing_add(words=said, actor=stranger, at=at(0), today=ON, ward_id=ward()))
    refused(
        "wrong_role", lambda: weighing_add(words=said, actor=stranger, at=at(0), today=ON, kitchen_id=here.kitchen.pk)
    )
    first = weigh(here, "1")
    refused("weighed_together", lambda: weigh(here, "2", "meal"))
    weighing_undo(weighing_id=first.pk, actor=here.nurse, at=at(500))
    weigh(here, "2", "meal")
    refused("weighed_together", lambda: weigh(here, "1", "serving"))


def test_undo_is_a_row(here: Mealtime) -> None:
    """Both rows stay; a second undo finds nothing; the database lets nobody change or delete one."""
    made = weigh(here, "1")
    void = weighing_undo(weighing_id=made.pk, actor=here.nurse, at=at(500))
    assert (void.corrects, void.void, Weighing.objects.count()) == (made, True, 2)
    assert weighed(kitchen=here.kitchen, since=ON, until=ON + timedelta(days=1)) == []
    refused("unknown_weighing", lambda: weighing_undo(weighing_id=made.pk, actor=here.nurse, at=at(500)))
    refused("unknown_weighing", lambda: weighing_undo(weighing_id=void.pk, actor=here.nurse, at=at(500)))
    for deed in (lambda rows: rows.update(gross_grams=1), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed(Weighing.objects.filter(pk=made.pk))


def test_kilograms_people_and_grams_each(here: Mealtime) -> None:
    """From the record where somebody noted, by hand where not, and told apart where nobody knows."""
    meal = _meal(here)
    weigh(here, "0.25")
    weigh(here, "0.5", on=ON - timedelta(days=1), people=5)
    weigh(here, "4", on=ON - timedelta(days=2))
    weigh(here, "0.3", "cooking", actor=here.cook)
    Intake.objects.create(order=meal, quarters=2, cause="wrong_portion", at=at(250), by=here.nurse)
    wastes_settle(at=at(400))
    cooking, plate = weighed(kitchen=here.kitchen, since=ON - timedelta(days=6), until=ON + timedelta(days=1))
    assert (plate.grams, plate.people, plate.grams_known, plate.n_missing, plate.n_by_hand) == (4750, 6, 750, 1, 1)
    assert plate.grams_each == 125 and plate.by_eater
    assert (cooking.people, cooking.grams_each, cooking.by_eater) == (1, 300, False)


def test_half_the_notes_do_not_tell_how_many_ate(here: Mealtime) -> None:
    """With fewer notes than portions the eaters would be too few: then the number by hand counts, or none."""
    noted, _ = _meal(here), _meal(here, "V2", "1-2", "P2")
    Intake.objects.create(order=noted, quarters=4, at=at(250), by=here.nurse)
    wastes_settle(at=at(400))
    weigh(here, "0.2")
    period = {"kitchen": here.kitchen, "since": ON, "until": ON + timedelta(days=1)}
    (plate,) = weighed(**period)
    assert (plate.people, plate.n_missing, plate.grams_each) == (0, 1, None)
    weigh(here, "0.2", people=2)
    (plate,) = weighed(**period)
    assert (plate.people, plate.n_by_hand, plate.grams_each) == (2, 1, 200)


def _meal(here: Mealtime, visit: str = "V1", bed: str = "1-1", patient: str = "P1") -> MealOrder:
    tell("A01", 0, bed, visit=visit, patient=patient)
    restrict(here, "base_diet", "normal", visit=visit)
    made = order(here, "meatballs", visit=visit)
    for state in ("ticketed", "served"):
        MealOrder.objects.filter(pk=made.pk).update(state=state)
        event_write(made, state, at=at(180))
    return made


def test_the_report_counts_causes_and_kronor(here: Mealtime) -> None:
    """Half a portion is half of its cost, and nothing without a cost; each figure has its rows."""
    meal = _meal(here)
    Intake.objects.create(order=meal, quarters=2, cause="wrong_portion", at=at(250), by=here.nurse)
    wastes_settle(at=at(400))
    period = {"kitchen": here.kitchen, "since": ON, "until": ON + timedelta(days=1)}
    found = waste_report(**period, names={ward(): "K31"})
    (cause,) = found.causes
    assert (cause.key, cause.n, cause.portions, cause.said, cause.sek) == ("wrong_portion", 1, Decimal("0.5"), 1, None)
    assert (found.whole.cooked, found.whole.noted, found.whole.share, found.whole.untouched) == (1, 1, 0.5, 0)
    assert [one.name for one in found.wards] == ["K31"] and found.weeks[0].key == "2026-10"
    cost = {"kitchen_id": here.kitchen.pk, "from_on": ON, "actor": here.cook, "at": at(0)}
    portion_cost_set(sek=Decimal(40), source="Budget 2026", **cost)
    portion_cost_set(sek=Decimal(63), source="Sundsvall 2019", meal="lunch", **cost)
    assert waste_report(**period, names={}).causes[0].sek == Decimal("31.5")
    refused("cost_without_source", lambda: portion_cost_set(sek=Decimal(40), source=" ", **cost))
    assert [row.order_id for row in finding_rows(**period, cause="wrong_portion", ward_id=ward())] == [meal.pk]
    assert finding_rows(**period, cause="moved") == []
    weigh(here, "0.25")
    told = document(waste_report(**period, names={ward(): "K31"}), weighed(**period))
    assert (told["all"]["portions_wasted"], told["wards"][0]["ward"], told["causes"][0]["sek"]) == (0.5, "K31", 31.5)
    assert told["weighed"][0]["grams_each"] == 250
    assert "wrong_portion" in text(told) and "250 g each" in text(told)


def test_the_command_says_what_a_date_looks_like(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2 and one line a fault, before anything is opened."""
    assert main(["waste", "--since", "igår"]) == 2
    assert "--since: igår, expected a date" in capsys.readouterr().err


def test_a_campaign_says_what_is_missing(here: Mealtime) -> None:
    """Five weekdays in a row, by the kitchen and each ward (F-51)."""
    names = {ward("K31"): "K31", ward("M52"): "M52"}
    week = {"kitchen": here.kitchen, "monday": ON, "names": names, "in_kitchen": "Köket"}
    assert campaign(**week).n_missing == 15
    weigh(here, "1")
    found = campaign(**week)
    assert [row.name for row in found.rows] == ["Köket", "K31", "M52"]
    assert (found.rows[1].days, found.n_missing) == ((True, False, False, False, False), 14)


def test_fewer_kilograms_and_more_grams_each_is_flagged(here: Mealtime) -> None:
    """The paradox of F-56, and only that."""
    for on, kg, people in ((ON - timedelta(days=7), "10", 100), (ON, "9", 60)):
        weigh(here, kg, on=on, people=people)
    weeks = [
        weighed(kitchen=here.kitchen, since=first, until=first + timedelta(days=7))
        for first in (ON - timedelta(days=7), ON)
    ]
    assert len(paradox(*weeks)) == 1 and paradox(weeks[1], weeks[0]) == []
