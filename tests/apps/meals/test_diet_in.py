"""Diets from other systems: heard in any order, united with what others say, never known where nobody has mapped."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.db import DatabaseError, transaction
from tests.strategies.diet_messages import al1, allergies, iam, omd, order
from tests.strategies.meals import Mealtime, meals_set, restrict, stay_of, tell
from tests.strategies.meals import order as meal_order
from tests.strategies.messages import adt, apply, at, bed, receive

from vardnara.apps.accounts.choices import Profession
from vardnara.apps.accounts.models import User
from vardnara.apps.hospital.models import InboxMessage, Sender
from vardnara.apps.hospital.queries.stays import stays_by_id
from vardnara.apps.hospital.services.applying import inbox_apply
from vardnara.apps.meals.models import CodeMeaning, MealNotice, MealOrder, Restriction, SentDiet
from vardnara.apps.meals.queries.needs import NeedsNow, needs_of
from vardnara.apps.meals.queries.ward_meals import told
from vardnara.apps.meals.services.diet_codes import meaning_end, meaning_set
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db

LATE = 10_000  # minute in which ``apply`` applies
MEANINGS = {
    ("allergy", "NUT"): [("allergen", "8")],
    ("allergy", "MILK"): [("allergen", "7")],
    ("diet", "NORM"): [("base_diet", "normal")],
    ("diet", "GLUT"): [("base_diet", "normal"), ("special_diet", "gluten_free")],
    ("preference", "FF"): [("exclusion", "pork")],
}


@pytest.fixture
def dietitian() -> User:
    """Who may say what codes mean."""
    return User.objects.create(username="d", role="ward_staff", profession=Profession.DIETITIAN)


@pytest.fixture
def here(dietitian: User) -> Mealtime:
    """P1 lies in K31 1-1; the words of ``MEANINGS`` are mapped for everybody."""
    made = meals_set()
    for (use, code), targets in MEANINGS.items():
        meaning_set(source_name="", use=use, system="", code=code, targets=targets, actor=dietitian, at=at(0))
    tell("A01", 0, "1-1")
    return made


def parts(visit: str = "V1") -> list[str]:
    """What holds for a patient: parts with codes, ``?`` for what nobody knows."""
    stay = stay_of(visit)
    rows = Restriction.objects.filter(patient=stay.patient_id, ended_at__isnull=True)
    return sorted(f"{row.part} {row.code or '?' + row.text}" for row in rows)


def needs(minute: float = LATE) -> NeedsNow:
    stay = stay_of()
    return needs_of(stays_by_id([stay.pk]).values(), at=at(minute))[stay.pk]


def test_an_allergy_list_restricts_food_alone(here: Mealtime) -> None:
    """FA restricts; a medicine does not, and is counted (H-23). What is united stays: the row written here too."""
    restrict(here, "allergen", "4")
    assert apply(allergies("A08", 10, al1("NUT"), al1("PCN", kind="DA"))) == [("applied", "")]
    assert parts() == ["allergen 4", "allergen 8"]
    assert SentDiet.objects.get(source="al1").n_other == 1
    apply(allergies("A08", 20))
    assert parts() == ["allergen 4", "allergen 8"], "no AL1 says nothing (H-10)"
    apply(allergies("A08", 30, 'AL1|1||""'))
    assert parts() == ["allergen 4"]


def test_a_sender_that_always_sends_its_list(here: Mealtime) -> None:
    """Set so, a message without AL1 empties the list; a transfer, whose message has no AL1 at all, does not."""
    Sender.objects.filter(application="EHR").update(al1_snapshot=True)
    apply(allergies("A08", 10, al1("NUT")), adt("A21", 15, "1-1"))
    assert parts() == ["allergen 8"]
    apply(allergies("A08", 20))
    assert parts() == []


def test_a60_is_always_the_list_and_iam_changes_one(here: Mealtime) -> None:
    """AL1 in A60 replaces; IAM adds and takes away by its number, a row of the list by its code."""
    apply(allergies("A60", 10, al1("NUT"), al1("MILK")))
    assert parts() == ["allergen 7", "allergen 8"]
    apply(allergies("A60", 20, iam("D", "NUT", "17"), iam("A", "KIWI", "18"), iam("X", "MILK", "19")))
    assert parts() == ["allergen 7", "allergen ?KIWI"]
    assert needs().missing == ("base_diet", "unmapped") and not needs().needs.diet_known
    assert apply(allergies("A60", 30)) == [("applied", "")]
    assert parts() == []


def test_each_source_ends_its_own(here: Mealtime) -> None:
    """CONTRACT 2.1: the list of one system is nobody else's."""
    other = allergies("A60", 20, al1("MILK")).replace(b"|EHR|FJ|", b"|LAB|FJ|", 1)
    apply(allergies("A60", 10, al1("NUT")), other, allergies("A60", 30))
    assert parts() == ["allergen 7"]


def test_a_new_diet_order_replaces_but_supplements_stand(here: Mealtime) -> None:
    """H-33: D replaces D; P and S stay; a change to an order is the order's own."""
    said = apply(
        omd(10, order("NW", "1", "NORM"), order("NW", "2", "FF", letter="P"), order("NW", "3", "DRINK", letter="S")),
        omd(20, order("NW", "4", "GLUT^Glutenfri^L")),
    )
    assert said == [("applied", ""), ("applied", "")]
    assert parts() == ["base_diet normal", "exclusion pork", "special_diet gluten_free", "supplement ?DRINK"]
    assert needs().needs.diet_known, "a supplement that nobody mapped restricts nothing"
    apply(omd(30, order("XO", "4", "NORM")))
    assert parts() == ["base_diet normal", "exclusion pork", "supplement ?DRINK"]
    apply(omd(40, order("CA", "2")), omd(41, order("DC", "4")))
    assert parts() == ["supplement ?DRINK"], "what was replaced does not come back"
    assert needs().missing == ("base_diet",)


def test_hold_release_and_fasting_with_its_end(here: Mealtime) -> None:
    """HD and RL; NPO is an order of its own with from and to, and leaves the diet as it is."""
    npo = f"ORC|NW|9^EHR/TQ1|1||||||{at(LATE + 60):%Y%m%d%H%M%S}+0000|{at(LATE + 120):%Y%m%d%H%M%S}+0000/ODS|D||NPO"
    apply(omd(10, order("NW", "1", "NORM")), omd(20, npo))
    assert parts() == ["base_diet normal", "fasting nothing"]
    assert [needs(LATE + n).needs.fasting.value for n in (30, 60, 120)] == ["false", "true", "false"]
    apply(omd(30, order("HD", "1")))
    assert parts() == ["fasting nothing"]
    apply(omd(40, order("RL", "1")), omd(50, order("OC", "9")))
    assert parts() == ["base_diet normal"]
    assert apply(omd(60, npo.replace("TQ1|1||||||2", "TQ1|1||||||3"))) == [("parked", "ends_before_it_begins")]


def test_what_nobody_has_mapped_is_not_known_until_somebody_does(here: Mealtime, dietitian: User) -> None:
    """The word is kept; mapping it changes every diet at once, and taking the meaning back too (mech-25)."""
    apply(adt("A01", 1, "1-2", patient="P2", visit="V2"))
    apply(
        omd(10, order("NW", "1", "K7^Kost 7^LOK")), omd(11, order("NW", "2", "K7^Kost 7^LOK"), patient="P2", visit="V2")
    )
    assert parts() == parts("V2") == ["special_diet ?Kost 7"]
    given = {"use": "diet", "system": "LOK", "code": " k7 ", "actor": dietitian, "at": at(LATE)}
    elsewhere = meaning_set(source_name="NOBODY", targets=[("base_diet", "normal")], **given)
    assert elsewhere.n_changed == 0
    made = meaning_set(source_name="EHR FJ", targets=MEANINGS["diet", "GLUT"], **given)
    assert made.n_changed == 2
    assert parts() == parts("V2") == ["base_diet normal", "special_diet gluten_free"]
    assert meaning_set(source_name="EHR FJ", targets=[], **given).n_changed == 2
    assert parts() == []
    assert meaning_end(meaning_id=CodeMeaning.objects.latest("pk").pk, actor=dietitian, at=at(LATE)) == 2
    assert parts() == ["special_diet ?Kost 7"]


def test_who_may_say_what_a_code_means(here: Mealtime) -> None:
    """A nurse may not; the database does not take it from one either, nor a part that there is not."""
    given = {"source_name": "", "use": "diet", "system": "", "at": at(5)}
    for actor in (here.nurse, here.cook):
        with pytest.raises(RuleBroken) as no:
            meaning_set(code="x", targets=[], actor=actor, **given)
        assert no.value.code == "not_code_mapper"
    row = {"use": "diet", "code": "x", "made_at": at(5), "made_by": here.nurse, "made_profession": "nurse"}
    for wrong in ({}, {"made_profession": "dietitian", "targets": [["mood", "good"]]}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CodeMeaning.objects.create(**({"targets": []} | row | wrong))


def test_the_register_never_goes_back(here: Mealtime) -> None:
    """The database holds that an older word never takes the place of a newer."""
    apply(allergies("A60", 10, al1("NUT")))
    with pytest.raises(DatabaseError), transaction.atomic():
        SentDiet.objects.update(said_at=at(9))


def test_any_order_of_arrival_gives_the_same_diet(here: Mealtime) -> None:
    """Admission among them: what waits for its stay or its order is used when that comes, and says so."""
    said = [
        adt("A01", 1, "1-2", patient="P9", visit="V9"),
        omd(10, order("NW", "1", "NORM"), patient="P9", visit="V9"),
        omd(20, order("NW", "2", "GLUT"), patient="P9", visit="V9"),
        omd(30, order("DC", "2"), patient="P9", visit="V9"),
        omd(40, order("NW", "3", "NORM"), patient="P9", visit="V9"),
    ]
    for n, mixed in enumerate(list(permutations(said))[::9]):
        found = []
        for raw in mixed:
            renamed = raw.replace(b"P9", b"P9%d" % n).replace(b"V9", b"V9%d" % n)
            found += apply(renamed)
        assert parts(f"V9{n}") == ["base_diet normal"], mixed
    assert set(InboxMessage.objects.values_list("status", flat=True)) <= {"applied", "ignored"}
    assert set(InboxMessage.objects.filter(status="ignored").values_list("reason", flat=True)) <= {"older_than_known"}


def test_an_order_for_nobody_is_parked_and_mended(here: Mealtime) -> None:
    """Parked with the reason, used when the stay comes. One without a visit number means the only stay."""
    early = omd(10, order("NW", "1", "NORM"), patient="P3", visit="V3")
    loose = omd(11, order("NW", "2", "FF", letter="P"), patient="P3", visit="")
    wrong = omd(12, order("NW", "3", "NORM"), visit="V99")
    assert apply(early, loose, wrong) == [
        ("parked", "unknown_patient"),
        ("parked", "unknown_patient"),
        ("parked", "unknown_visit"),
    ]
    apply(adt("A01", 5, "1-2", patient="P3", visit="V3"))
    assert parts("V3") == ["base_diet normal", "exclusion pork"]
    assert list(InboxMessage.objects.filter(status="parked").values_list("reason", flat=True)) == ["unknown_visit"]
    assert apply(omd(20, order("CA", "2"), patient="P3", visit="")) == [("applied", "")]
    assert parts("V3") == ["base_diet normal"]


def test_the_diet_field_of_an_admission(here: Mealtime) -> None:
    """PV1-38: empty changes nothing, two quotes delete, an order's base diet goes before it (H-34)."""

    def field(minute: float, text: str) -> bytes:
        lines = adt("A08", minute, "1-1").decode().split("\r")
        pv1 = next(i for i, line in enumerate(lines) if line.startswith("PV1"))
        cells = lines[pv1].split("|")
        cells += [""] * (39 - len(cells))
        cells[38] = text
        lines[pv1] = "|".join(cells)
        return "\r".join(lines).encode()

    apply(field(10, "GLUT^Glutenfri"), field(20, ""), field(5, "NORM"))
    assert parts() == ["base_diet normal", "special_diet gluten_free"]
    apply(field(30, '""'))
    assert parts() == []


def test_two_records_that_were_one_person_keep_both_lists(here: Mealtime) -> None:
    """A40: what either must not have, the person must not have, until the next list comes."""
    apply(adt("A01", 1, "1-2", patient="P2", visit="V2"))
    apply(allergies("A60", 10, al1("NUT")), allergies("A60", 11, al1("MILK"), patient="P2", visit="V2"))
    apply(adt("A40", 20, patient="P1", merge="P2"))
    assert parts() == ["allergen 7", "allergen 8"]
    apply(allergies("A60", 30, al1("NUT")))
    assert parts() == ["allergen 8"]


def test_a_nut_allergy_after_the_ticket_stops_the_tray(here: Mealtime) -> None:
    """The whole way: A60 comes, the tray is stopped, a safe one ordered, the ward told (edge-19)."""
    apply(omd(5, order("NW", "1", "NORM")))
    made = meal_order(here, "meatballs")
    MealOrder.objects.filter(pk=made.pk).update(state="ticketed")
    receive(allergies("A60", 100, al1("MILK")))
    inbox_apply(at=at(100))
    made.refresh_from_db()
    assert (made.state, made.state_reason) == ("stopped", "wrong_diet")
    assert MealOrder.objects.get(replaces=made).state == "open"
    assert MealNotice.objects.filter(code="stop_tray").exists()


def test_a_tray_that_is_asked_for_is_told_to_the_ward(here: Mealtime) -> None:
    """ODT orders nothing by itself; both requests are there to be seen."""
    apply(omd(10, "ORC|NW|5^EHR/ODT|EARLY|breakfast|07:00"), omd(11, "ORC|NW|6^EHR/ODT|LATE|lunch|"))
    page = list(told(ward_id=bed("1-1").room.ward_id))
    assert [(one.code, one.reasons) for one in page] == [
        ("tray_asked", ("1-1 EARLY breakfast 07.00", "1-1 LATE lunch"))
    ]
    assert parts() == []
