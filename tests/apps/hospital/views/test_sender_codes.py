"""What a sender's precaution codes mean, on its page: rows that can be added, changed and removed by plain forms."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.strategies.messages import adt, apply, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import Sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(db: None, settings) -> Client:
    """An integrator, and a system with one code that is mapped and one that is not."""
    settings.DEMO = True
    settings.LANGUAGE_CODE = "sv"
    hospital = small_hospital()
    Sender.objects.create(application="EHR", facility="FJ", contagion_codes={"MR": "B"})
    apply(adt("A01", 0, "1-1", precaution="MR"), adt("A01", 1, "1-2", precaution="GE", visit="V2", patient="P2"))
    client = Client(headers={"accept-language": "sv"})
    client.force_login(person(Role.INTEGRATOR, "i", hospital))
    return client


def address() -> str:
    return f"/inkorg/avsandare/{Sender.objects.get().pk}/"


def rows(*codes: tuple[str, str], remove: int | None = None, **more: str) -> dict[str, str]:
    """The form with these rows; the first two are those that the page began with."""
    data = {"codes-TOTAL_FORMS": str(len(codes)), "codes-INITIAL_FORMS": "2", **more}
    for number, (code, chosen) in enumerate(codes):
        data |= {f"codes-{number}-code": code, f"codes-{number}-contagion_class": chosen}
    if remove is not None:
        data[f"codes-{remove}-DELETE"] = "on"
    return data


def send(client: Client, data: dict[str, str]) -> str:
    return client.post(f"{address()}smitta/", data, follow=True).content.decode()


def test_a_code_that_came_stands_in_a_row_and_waits_for_its_class(client: Client) -> None:
    """Mapped, waiting, and two empty rows; the list of systems says that one waits."""
    page = client.get(address()).content.decode()
    fields = re.findall(r'<input[^>]*name="codes-\d-code"[^>]*>', page)
    assert [re.findall('value="(.*?)"', field) for field in fields] == [["MR"], ["GE"], [], []]
    assert "1 kod har kommit" in page
    assert "behåller sin klass" in page
    assert "1 kod utan betydelse" in client.get("/inkorg/").content.decode()


def test_codes_are_mapped_changed_added_and_removed(client: Client) -> None:
    page = send(client, rows(("MR", "C"), ("GE", "none"), ("NY", "A"), ("", "")))
    assert "Sparat" in page and "har kommit" not in page
    assert Sender.objects.get().contagion_codes == {"MR": "C", "GE": "", "NY": "A"}
    send(client, rows(("GE", "none"), ("MR", "C"), ("NY", "A"), remove=0))
    assert Sender.objects.get().contagion_codes == {"MR": "C", "NY": "A"}


def test_a_code_that_nobody_knows_yet_may_be_left(client: Client) -> None:
    """The waiting row does not force a guess."""
    send(client, rows(("MR", "A"), ("GE", "")))
    assert Sender.objects.get().contagion_codes == {"MR": "A"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("X", "Z"), "”Z” är ingen smittklass"),
        (("MR", "C"), "”MR” står här två gånger"),
        (("X", ""), "Välj vad koden betyder"),
        (("", "C"), "Skriv koden"),
        (("X" * 61, "C"), "60 tecken"),
    ],
)
def test_a_fault_is_said_where_it_is_and_nothing_is_saved(client: Client, row: tuple[str, str], words: str) -> None:
    page = send(client, rows(("MR", "B"), ("GE", "A"), row))
    assert words in page and "Inget är sparat än" in page and 'value="GE"' in page
    assert Sender.objects.get().contagion_codes == {"MR": "B"}


def test_more_rows_keep_what_is_typed(client: Client) -> None:
    """Without JavaScript: the page again, longer, nothing saved, nothing blamed."""
    page = send(client, rows(("MR", "C"), ("GE", ""), ("", "A"), more="1"))
    assert page.count('-code"') >= 6 and "Skriv koden" not in page and "Inget är sparat" not in page
    assert Sender.objects.get().contagion_codes == {"MR": "B"}


@pytest.mark.parametrize("data", [{}, {"codes-TOTAL_FORMS": "x"}, {"more": "1"}])
def test_a_form_that_is_none_breaks_nothing(client: Client, data: dict[str, str]) -> None:
    assert client.post(f"{address()}smitta/", data).status_code == 200
    assert Sender.objects.get().contagion_codes == {"MR": "B"}


def test_the_other_settings_leave_the_codes_alone(client: Client) -> None:
    client.post(address(), {"time_zone": "UTC", "charset": "8859/1", "processing_ids": "P"})
    sender = Sender.objects.get()
    assert (sender.time_zone, sender.contagion_codes) == ("UTC", {"MR": "B"})
