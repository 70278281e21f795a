"""Portions of meals that are over get their cause from the real records, and another one when those are corrected."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from tests.strategies.meals import Mealtime, order, restrict, tell
from tests.strategies.messages import at

from vardnara.apps.meals.models import Intake, MealOrder, OrderEvent, WasteFinding
from vardnara.apps.meals.queries import tray_check
from vardnara.apps.meals.services import scanning
from vardnara.apps.meals.services.ordering import event_write
from vardnara.apps.meals.services.waste import wastes_settle
from vardnara.engines.waste.settle import REFUSED_FOR

pytestmark = pytest.mark.django_db
DONE = 180 + 120  # minutes: lunch is over


def sent(here: Mealtime, minute: float = 155) -> MealOrder:
    """Lunch for a patient on a tray that has left."""
    made = order(here, "meatballs", minute=10)
    for number, state in enumerate(("ticketed", "sent")):
        made.state = state
        made.save(update_fields=["state"])
        event_write(made, state, at=at(minute + number))
    return made


def found(made: MealOrder) -> WasteFinding:
    return WasteFinding.objects.get(order=made, superseded_at__isnull=True)


def test_a_discharge_after_the_limit(here: Mealtime) -> None:
    """Discharged at 11:40 with lunch at 12: whole, discharged, with the record's times; settled once and no more."""
    made = sent(here)
    tell("A03", 160, "1-1")
    assert wastes_settle(at=at(DONE - 1)) == 0
    assert wastes_settle(at=at(DONE)) == 1
    row = found(made)
    assert (row.extent, row.cause, row.sure, row.timing, row.side) == (
        "whole",
        "discharged",
        "joined",
        "after_limit",
        "ward",
    )
    assert row.evidence[0]["at"] == row.evidence[0]["known_at"] == at(160).isoformat()
    assert row.evidence[0]["ref"].startswith("record:")
    assert wastes_settle(at=at(DONE + 5)) == 0 and WasteFinding.objects.count() == 1


def test_a_correction_settles_anew(here: Mealtime) -> None:
    """The discharge is cancelled the day after: the former finding stays in the history, and cannot be changed."""
    made = sent(here)
    tell("A03", 160, "1-1")
    wastes_settle(at=at(DONE))
    tell("A13", 1600, "1-1", effect=160)
    assert wastes_settle(at=at(1605)) == 1
    old, new = WasteFinding.objects.filter(order=made).order_by("pk")
    assert (old.cause, old.superseded_at) == ("discharged", at(1605))
    assert (new.cause, new.noted, new.superseded_at) == ("", False, None)
    for change in ({"cause": "moved"}, {"superseded_at": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            WasteFinding.objects.filter(pk=old.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        WasteFinding.objects.filter(pk=old.pk).delete()


def test_told_late_and_taken_back_in_time(here: Mealtime) -> None:
    """A discharge that came late is told late; a meal that was held in time was never cooked."""
    made = sent(here)
    dinner = order(here, "meatballs", meal="dinner")
    tell("A03", 158, "1-1", effect=100)
    wastes_settle(at=at(DONE))
    assert (found(made).cause, found(made).timing) == ("discharged", "told_late")
    wastes_settle(at=at(DONE + 300))
    assert (found(dinner).cooked, found(dinner).cause) == (False, "")


def test_fasting_stops_the_tray(here: Mealtime) -> None:
    """Nothing by mouth from 11:45 on: the tray that was sent is waste, and the restriction is the evidence."""
    made = sent(here)
    row = restrict(here, "fasting", "nothing", minute=165)
    wastes_settle(at=at(DONE))
    assert (found(made).cause, found(made).timing) == ("fasting", "after_limit")
    assert f"restriction:{row.pk}" in [one["ref"] for one in found(made).evidence]


def test_intake_decides_and_comes_late(here: Mealtime) -> None:
    """What somebody notes after the meal was settled settles it anew."""
    made = sent(here)
    made.state = "served"
    made.save(update_fields=["state"])
    event_write(made, "served", at=at(185))
    wastes_settle(at=at(DONE))
    assert not found(made).noted
    Intake.objects.create(order=made, quarters=1, cause="disliked", at=at(DONE + 1), by=here.nurse)
    assert wastes_settle(at=at(DONE + 2)) == 1
    assert (found(made).quarters, found(made).cause, found(made).sure) == (3, "disliked", "said")
    assert OrderEvent.objects.filter(order=made).count() == 4


def test_the_database_keeps_one_cause(here: Mealtime) -> None:
    """Waste without a cause, and a cause without waste, are refused; so is a second finding that holds."""
    made = sent(here)
    wastes_settle(at=at(DONE))
    row = found(made)
    for words in ({"quarters": 4, "extent": "whole"}, {"cause": "moved"}, {}):
        row.pk, row._state.adding = None, True
        for name, value in ({"quarters": 0, "extent": "none", "cause": ""} | words).items():
            setattr(row, name, value)
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)


def test_what_a_scan_refuses_is_read_as_it_is_written(here: Mealtime) -> None:
    """Each code that the engine reads is one that scanning writes; a tray refused for good is waste with that cause."""
    written = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in (tray_check, scanning))
    assert [code for code in REFUSED_FOR if f'"{code}"' not in written] == []
    made = sent(here)
    event_write(made, "refused", at=at(170), reason="unsafe", detail={"step": "hand_over"})
    wastes_settle(at=at(DONE))
    assert (found(made).cause, found(made).side, found(made).quarters) == ("wrong_diet", "ward", 4)
