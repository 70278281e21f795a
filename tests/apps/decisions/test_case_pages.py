"""The pages of a case: read, written, opened to the source of a figure, taken along as a file."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.strategies.cases import ALL, FOLDER, REVIEW
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.decisions.models import Case


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def client_of(stage: Stage, role: str = "decision_maker", language: str = "sv") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(stage.users[role])
    return client


def read_in(client: Client, name: str = REVIEW, content: bytes | None = None):  # type: ignore[no-untyped-def]
    file = SimpleUploadedFile("case.toml", content or (FOLDER / f"{name}.toml").read_bytes())
    return client.post("/arenden/nytt/", {"from_file": "1", "file": file})


def text(answer) -> str:  # type: ignore[no-untyped-def]
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


@pytest.mark.parametrize("name", ALL)
def test_a_case_taken_along_reads_in_as_the_same(stage: Stage, name: str) -> None:
    """The file that a page gives says what the file said that it was read from."""
    client = client_of(stage)
    assert read_in(client, name).status_code == 302
    case = Case.objects.get()
    then = tomllib.loads((FOLDER / f"{name}.toml").read_text(), parse_float=Decimal)
    then.pop("consultation", None)
    answer = client.get(f"/arenden/{case.pk}/fil/")
    assert tomllib.loads(answer.content.decode(), parse_float=Decimal) == then


def test_the_page_shows_money_warnings_and_both_accounts(stage: Stage) -> None:
    """What a decision-maker needs to see stands on one page, in Swedish."""
    client = client_of(stage)
    read_in(client)
    page = text(client.get(f"/arenden/{Case.objects.get().pk}/"))
    for told in (
        "3 966 666,67",
        "3 583 333,33",
        "793 333,33",
        "21 385",
        "19 740",
        "inte i ram",
        "Källorna säger olika",
    ):
        assert told in page, told
    register = text(client.get("/arenden/"))
    assert "Översyn av vårdnära service, VNS" in register and "Bereds" in register


def test_a_figure_opens_to_its_words_and_to_what_it_is_made_of(stage: Stage) -> None:
    """Every number opens its source; a reckoned one its parts."""
    client = client_of(stage, language="en")
    read_in(client)
    number = Case.objects.get().pk
    quoted = text(client.get(f"/arenden/{number}/siffra/saving_all/"))
    assert "en besparing på helår på 4,76 mkr" in quoted and "agrees" in quoted
    assert f"/arenden/{number}/siffra/saving_care/" in quoted
    reckoned = text(client.get(f"/arenden/{number}/siffra/per_post_service/"))
    assert "430,000" in reckoned and "vår slutledning" in reckoned
    assert client.get(f"/arenden/{number}/siffra/nothing/").status_code == 404


def test_a_bad_file_is_told_fault_by_fault_and_saves_nothing(stage: Stage) -> None:
    """In the reader's words, with the place in the file's own structure."""
    bad = (FOLDER / f"{REVIEW}.toml").read_bytes().replace(b'figure = "posts_pool"', b'figure = "posts_poool"')
    answer = read_in(client_of(stage), content=bad)
    assert answer.status_code == 422
    assert "/posts/2/figure Det finns ingen siffra som heter posts_poool." in text(answer)
    assert not Case.objects.exists()
    kindless = (FOLDER / f"{REVIEW}.toml").read_bytes().replace(b'kind = "cooperation"', b"")
    for content in (kindless, b'title = "T"\nkind = "memo"\nconsultation = 3\n'):
        answer = read_in(client_of(stage), content=content)
        assert answer.status_code == 422 and "/consultation" in text(answer)
    assert not Case.objects.exists()
    for content, told in ((b"\xff\xfe", "inte text i UTF-8"), (b"a = ", "inte TOML")):
        assert told in text(read_in(client_of(stage), content=content))


def test_a_row_is_written_and_its_fault_stands_at_its_field(stage: Stage) -> None:
    """A formula that cannot be reckoned is told at the formula, and nothing typed is lost."""
    client = client_of(stage)
    read_in(client)
    number = Case.objects.get().pk
    where = f"/arenden/{number}/skriva/figure/ny/"
    row = {"seen": "1", "id": "net", "label": "Netto", "unit": "sek", "formula": "saving_all - nothing"}
    answer = client.post(where, row)
    assert answer.status_code == 422
    page = text(answer)
    assert "Det finns ingen siffra som heter nothing." in page and "saving_all - nothing" in page
    assert 'id="id_formula_error"' in page
    assert client.post(where, row | {"formula": "saving_all - saving_care"}).status_code == 302
    assert "4 300 000" in text(client.get(f"/arenden/{number}/siffra/net/"))


def test_payers_one_after_the_other_survive_the_page(stage: Stage) -> None:
    """A row that is opened and saved again says what it said."""
    client = client_of(stage)
    read_in(client, "rjh-2023-budget-reallocation")
    case = Case.objects.get()
    page = client.get(f"/arenden/{case.pk}/skriva/posts/0/")
    form = page.context["form"]
    sent = {"seen": "1"}
    for field in form:
        value = field.value()
        if value not in (None, "", False):
            sent[field.html_name] = "on" if value is True else value
    assert client.post(f"/arenden/{case.pk}/skriva/posts/0/", sent).status_code == 302
    first, second = (version.content["posts"][0] for version in case.versions.order_by("number"))
    assert second["funding"] == [one | {"in_frame": one.get("in_frame", True)} for one in first["funding"]]
    assert {key: value for key, value in second.items() if key != "funding"} == {
        key: value for key, value in first.items() if key != "funding"
    }


def test_a_decision_while_consultation_is_open_says_why_and_is_not_carried_out(stage: Stage) -> None:
    """The refusal stands on the page, in words."""
    client = client_of(stage)
    read_in(client)
    where = f"/arenden/{Case.objects.get().pk}/"
    client.post(f"{where}samverkan/ny/", {"kind": "mbl_11", "organ": "Regionkommittén", "held_on": "2026-02-05"})
    refused = client.post(f"{where}beslut/", {"decided_on": "2026-02-10"})
    assert refused.status_code == 422 and "Samverkan pågår." in text(refused)
    client.post(f"{where}beslut/", {"decided_on": "2026-02-10", "despite": "akut"})
    refused = client.post(f"{where}verkstall/", {"executed_on": "2026-02-28"})
    assert refused.status_code == 422 and "Samverkan pågår." in text(refused)
    assert Case.objects.get().state == "decided"


def test_readers_see_no_forms(stage: Stage) -> None:
    """An auditor reads; nothing on the page can be pressed in vain."""
    read_in(client_of(stage))
    page = text(client_of(stage, "auditor").get(f"/arenden/{Case.objects.get().pk}/"))
    assert "verkstall" not in page and "Framställ handlingarna" not in page
