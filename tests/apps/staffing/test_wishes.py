"""Wishes: for days that are not published, one's own, settled by what is published."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from tests.strategies.refusals import refused
from tests.strategies.rostered import DAY, FIRST, Rostered, rostered_set
from tests.strategies.stage import AT, stage_set

from vardnara.apps.staffing.models import Availability, Wish
from vardnara.apps.staffing.queries.wishes import own_wishes
from vardnara.apps.staffing.services.people import leave_add
from vardnara.apps.staffing.services.rosters import roster_need_set, roster_publish
from vardnara.apps.staffing.services.wishes import wish_set, wish_withdraw
from vardnara.apps.staffing.templatetags.schedule_words import wish_why


@pytest.fixture
def cast(db: None, settings: Any) -> Rostered:
    settings.DEMO = True
    return rostered_set(stage_set())


def wish(cast: Rostered, name: str, day: int, code: str, wanted: bool, weight: int = 1) -> Wish:
    kind = cast.kinds[code].pk if code else None
    on = FIRST + day * DAY
    return wish_set(on=on, kind_id=kind, wanted=wanted, weight=weight, actor=cast.user(name), at=AT)


def test_said_anew_changes_and_turned_round_replaces(cast: Rostered) -> None:
    """One wish for a day and shift, whatever is said of it last."""
    wish(cast, "ann", 1, "D", wanted=True)
    wish(cast, "ann", 1, "D", wanted=True, weight=3)
    wish(cast, "ann", 1, "", wanted=False)
    assert sorted(Wish.objects.values_list("kind__code", "wanted", "weight"), key=str) == [
        ("D", True, 3),
        (None, False, 1),
    ]
    wish(cast, "ann", 1, "D", wanted=False)
    assert set(Wish.objects.values_list("kind__code", "wanted")) == {("D", False), (None, False)}


def test_wishes_are_settled_at_publication(cast: Rostered) -> None:
    """Granted is what the published lines say, of every sort of wish; after that none is made or taken back."""
    lines = {("ann", 0): "D", ("ann", 1): "K", ("bo", 3): "D"}
    wanted = [
        ("ann", 0, "D", True, True),
        ("ann", 1, "D", True, False),
        ("ann", 1, "", True, True),
        ("ann", 0, "K", False, True),
        ("ann", 0, "", False, False),
        ("bo", 2, "", True, False),
        ("bo", 2, "", False, True),
    ]
    rows = []
    for name, day, code, want, granted in wanted:
        rows.append((wish(cast, name, day, code, want).pk, granted))
    roster = cast.draft()
    cast.give(roster, lines)
    assert own_wishes(actor=cast.user("ann"), at=AT).planned[0].until == FIRST - 14 * DAY
    roster_publish(roster_id=roster.pk, actor=cast.planner, at=AT)
    found = dict(Wish.objects.values_list("pk", "granted"))
    assert found == {pk: granted for pk, granted in rows if pk in found}
    assert len(found) == len(rows) - 1, "the turned one replaced the other"
    with refused("wish_day_published"):
        wish(cast, "ann", 5, "D", wanted=True)
    with refused("wish_day_published"):
        wish_withdraw(wish_id=rows[0][0], actor=cast.user("ann"), at=AT)


def test_a_refused_wish_is_told_why(cast: Rostered) -> None:
    """A rule by its name, cover that would have been missing, and a granted one without a reason; in words."""
    roster = cast.draft()
    cast.give(roster, {("ann", 0): "K", ("ann", 3): "D"})
    roster_need_set(
        roster_id=roster.pk, kind_id=cast.kinds["D"].pk, on=FIRST + 3 * DAY, wanted=1, actor=cast.planner, at=AT
    )
    for name in ("bo", "cia", "head"):
        leave_add(
            person_id=cast.people[name].pk, kind="vacation", from_on=FIRST, to_on=FIRST + 7 * DAY, actor=cast.planner,
            at=AT,
        )  # fmt: skip
    wish(cast, "ann", 1, "D", wanted=True)
    wish(cast, "ann", 3, "", wanted=False)
    wish(cast, "ann", 4, "", wanted=False)
    roster_publish(roster_id=roster.pk, actor=cast.planner, at=AT)
    rows = {one.on: one for one in Wish.objects.all()}
    assert rows[FIRST + DAY].why == {"reason": "rules", "rules": ["daily_rest_day", "daily_rest_gap"]}
    assert rows[FIRST + 3 * DAY].why == {"reason": "short", "rules": []}
    assert (rows[FIRST + 4 * DAY].granted, rows[FIRST + 4 * DAY].why) == (True, {})
    with translation.override("en"):
        assert wish_why(rows[FIRST + DAY].why) == "too short a daily rest, too short a rest between two shifts"
        assert wish_why(rows[FIRST + 3 * DAY].why) == "the shift would have lacked people"
    with translation.override("sv"):
        assert wish_why(rows[FIRST + 3 * DAY].why) == "passet skulle ha saknat folk"


def test_only_ones_own_and_only_ahead(cast: Rostered) -> None:
    """Nobody takes another's wish back, wishes for yesterday, or for a shift of nowhere."""
    row = wish(cast, "ann", 1, "D", wanted=True)
    with refused("unknown_wish"):
        wish_withdraw(wish_id=row.pk, actor=cast.user("bo"), at=AT)
    with refused("not_rostered"):
        wish_withdraw(wish_id=row.pk, actor=cast.stage.outsider, at=AT)
    with refused("wish_day_past"):
        wish(cast, "ann", -18, "D", wanted=True)
    with refused("unknown_kind"):
        wish_set(on=FIRST, kind_id=0, wanted=True, weight=1, actor=cast.user("ann"), at=AT)
    with refused("bad_wish"):
        wish(cast, "ann", 1, "D", wanted=True, weight=4)
    wish_withdraw(wish_id=row.pk, actor=cast.user("ann"), at=AT)
    assert not Wish.objects.exists()


def test_the_page(cast: Rostered) -> None:
    """A wish and own hours are entered on the phone; a day that is past is told beside the field."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.user("ann"))
    sent = {"on": "2099-03-24", "wanted": "0", "kind": "", "weight": "2", "note": "kalas"}
    assert "within a year" in client.post("/mitt-schema/onskemal/", sent).text
    assert "still to come" in client.post("/mitt-schema/onskemal/", sent | {"on": "2026-03-01"}).text
    never = {
        "t-TOTAL_FORMS": 1, "t-INITIAL_FORMS": 0, "t-0-weekday": 4, "t-0-since": "17:00", "t-0-until": "22:00",
        "t-0-from_on": "2026-01-01", "t-0-last_on": "",
    }  # fmt: skip
    assert "Friday 17:00–22:00" in client.post("/mitt-schema/tider/", never, follow=True).text
    assert Availability.objects.get().person_id == cast.people["ann"].pk
