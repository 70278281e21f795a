"""The page of diet codes: who sees what, one word mapped there, and the daily list of gaps."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.strategies.diet_messages import al1, allergies, omd, order
from tests.strategies.meals import Mealtime, meals_set, restrict, stay_of, tell
from tests.strategies.messages import adt, apply, at, bed

from vardnara.apps.accounts.choices import Profession, Role
from vardnara.apps.accounts.models import User
from vardnara.apps.meals.choices import PART_CODES, DietPart, WordUse
from vardnara.apps.meals.models import CodeMeaning, Restriction, SentWord
from vardnara.apps.meals.queries.diet_gaps import diet_gaps
from vardnara.apps.meals.templatetags.code_words import CODES
from vardnara.engines.diet.codes import ALLERGENS
from vardnara.parameters.diet_words import diet_word_propose, diet_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Mealtime:
    """P1 lies in K31 1-1 with an order of two words and a free text, and one allergy."""
    made = meals_set()
    tell("A01", 0, "1-1")
    said = omd(10, order("NW", "1", "FF^Fläskfri^LOK"), order("NW", "2", "", text="Anna vill ha soppa"))
    apply(said, allergies("A60", 11, al1("NUT"), al1("PCN", kind="DA")))
    return made


def client_of(user: User, profession: str = "") -> Client:
    User.objects.filter(pk=user.pk).update(profession=profession)
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=user.pk))
    return client


def test_the_list_says_what_nobody_has_mapped(here: Mealtime) -> None:
    """With how many have it now. Free text, which may speak of a person, is for those alone who map."""
    page = client_of(here.nurse, Profession.DIETITIAN).get("/maltider/koder/").content.decode()
    assert "FF" in page and "Anna vill ha soppa" in page and "NUT" in page and "PCN" not in page
    integrator = User.objects.create(username="i", role=Role.INTEGRATOR)
    page = client_of(integrator).get("/maltider/koder/").content.decode()
    assert "FF" in page and "Anna" not in page and "/maltider/koder/1" not in page


def test_a_word_is_mapped_and_taken_back_on_the_page(here: Mealtime) -> None:
    """The proposal is ticked and marked as unverified; what is saved is true of the patient at once."""
    client = client_of(here.nurse, Profession.DIETITIAN)
    word = SentWord.objects.get(key="lok|ff")
    page = client.get(f"/maltider/koder/{word.pk}/").content.decode()
    assert page.count(" checked") == 2, "the proposal, and the one system"
    assert client.post(f"/maltider/koder/{word.pk}/", {"who": "one"}).status_code == 302
    assert not CodeMeaning.objects.exists(), "nothing chosen is not nothing"
    client.post(f"/maltider/koder/{word.pk}/", {"target": ["exclusion:pork"], "who": "one"})
    made = CodeMeaning.objects.get()
    assert (made.source_name, made.system, made.code, made.n_changed) == ("EHR FJ", "lok", "ff", 1)
    assert Restriction.objects.filter(part="exclusion", code="pork", ended_at__isnull=True).exists()
    assert "<b>FF</b>" in client.get("/maltider/koder/").content.decode()
    client.post("/maltider/koder/", {"meaning": made.pk})
    assert not Restriction.objects.filter(part="exclusion", ended_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("role", "profession", "may"),
    [
        ("ward_staff", "nurse", False),
        ("ward_staff", "physician", True),
        ("ward_staff", "diet_cook", False),
        ("kitchen", "diet_cook", True),
        ("kitchen", "", False),
        ("kitchen", "dietitian", True),
        ("integrator", "dietitian", False),
    ],
)
def test_who_maps(here: Mealtime, role: str, profession: str, may: bool) -> None:
    """By role and profession, for the page and for taking back alike."""
    client = client_of(User.objects.create(username="x", role=role), profession)
    word = SentWord.objects.get(key="lok|ff")
    assert client.get(f"/maltider/koder/{word.pk}/").status_code == (200 if may else 403)
    assert client.post("/maltider/koder/", {"meaning": 0}).status_code == (302 if may else 403)
    assert client.get("/maltider/koder/0/").status_code == (404 if may else 403)


def test_every_proposal_means_something_here() -> None:
    """Parts and codes exist, every evidence says unverified, every code that can be chosen has a word."""
    codes = PART_CODES | {DietPart.ALLERGEN: ALLERGENS}
    for word in diet_words():
        assert word.use in WordUse.values and word.evidence.confidence == "unverified"
        assert all(code in codes[part] for part, code in word.targets), word
    assert {part: {code for code, _ in words} for part, words in CODES.items()} == {
        part: set(values) for part, values in codes.items()
    }
    assert diet_word_propose("allergy", frozenset({"716186003"})) is not None
    assert diet_word_propose("diet", frozenset({"nothing of ours"})) is None


def test_the_gaps_of_a_ward(here: Mealtime, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    """No base diet, words without meaning, allergies known to one side (edge-20); who has none is not there."""
    restrict(here, "allergen", "4")
    apply(adt("A01", 1, "1-2", patient="P2", visit="V2"))
    restrict(here, "base_diet", "normal", visit="V2")
    ward_id = bed("1-1").room.ward_id
    with django_assert_max_num_queries(5):
        gaps = diet_gaps([ward_id], at(20))
    assert [gap.stay.id for gap in gaps] == [stay_of().pk]
    (gap,) = gaps
    assert (gap.no_base, gap.only_here, gap.only_sent) == (True, ("4",), ())
    assert gap.unmapped == ("Anna vill ha soppa", "Fläskfri", "NUT")
