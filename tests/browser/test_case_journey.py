"""Five public decisions through the pages: written, analysed, consulted on, decided, carried out, followed up."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).resolve().parents[2] / "examples" / "decisions"
CASES = [
    ("halland-2018-continued-development", "Kostnad hos Regionservice", "−12 400 000 kr"),
    ("rjh-2023-budget-reallocation", "Ingen finansierar 10 tjänster", "−4 500 000"),
    ("rjh-2026-review-of-ward-service", "19 740 timmar har ingen mottagare", "3 583 333,33"),
    ("rjh-2026-short-term-measures", "gäller till och med 31 mars 2026", "175 000 000"),
]


def today() -> str:
    return datetime.now(UTC).astimezone(ZoneInfo("Europe/Stockholm")).date().isoformat()


def plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())


def shows(page: Page, *told: str) -> None:
    text = plain(page.locator("main").inner_text())
    for words in told:
        assert words in text, words


def row_add(page: Page, section: str, **fields: str) -> None:
    """A row of a section by its form, as a person fills it in."""
    page.goto(page.url.split("/skriva/")[0] + f"/skriva/{section}/ny/")
    for name, value in fields.items():
        field = page.locator(f"#id_{name}")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "checkbox":
            field.set_checked(value == "yes")
        else:
            field.fill(value)
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("h1")).to_have_text("Skriv ärendet")


def write_protocol(page: Page) -> None:
    """The paragraph of 2021 (doc S3), written by hand from nothing."""
    page.goto(page.url.split("/arenden")[0] + "/arenden/nytt/")
    page.locator("#id_title").fill("Återrapportering av Vårdnära service")
    page.locator("#id_kind").select_option("protocol_paragraph")
    page.locator("#id_organ").fill("Regionstyrelsens arbetsutskott")
    page.get_by_role("button", name="Börja ärendet").click()
    page.get_by_role("link", name="Skriv", exact=True).click()
    row_add(page, "source", id="S3", title="Protokoll, § 30 Återrapportering av Vårdnära service")
    row_add(
        page, "step", id="direction", kind="direction", organ="Hälso- och sjukvårdsnämnden",
        text="Först effektiviseringar, sedan återinvestering", on="2020-12-09", paragraph="133",
        quote="inriktningen att först genomföra effektiviseringar", source="S3", place="Sammanfattning",
    )  # fmt: skip
    row_add(page, "measure", label="Effektiviseringar inom vårdnära service", status="planeras")
    row_add(
        page, "measure", label="Återinvestering", requires="Effektiviseringar inom vårdnära service", status="väntar"
    )
    row_add(page, "proposal", text="Återrapporteringen är godkänd.")
    page.goto(page.url.split("/skriva/")[0] + "/")
    shows(page, "§ 133", "först: Effektiviseringar inom vårdnära service", "Återrapporteringen är godkänd.")


def through(page: Page) -> None:
    """From consultation to follow-up; the decision is refused while the consultation is open, and so is execution."""
    case = page.url
    page.get_by_text("Utlova en effekt").click()
    for name, value in {
        "label": "Besparing", "metric": "utfall mot budget", "unit": "kr", "promised": "100", "check_on": today(),
    }.items():  # fmt: skip
        page.locator(f"details[open] #id_{name}").fill(value)
    page.get_by_role("button", name="Utlova", exact=True).click()
    page.get_by_text("Ny samverkan eller förhandling").click()
    page.locator("details[open] #id_organ").fill("Regionkommittén")
    page.locator("details[open] #id_held_on").fill(today())
    page.get_by_role("button", name="Öppna samverkan").click()
    shows(page, "pågår")
    page.get_by_role("button", name="Beslutet är fattat").click()
    shows(page, "Samverkan pågår. Avsluta den först.")
    page.locator("#id_despite").fill("beslutet brådskar")
    page.get_by_role("button", name="Beslutet är fattat").click()
    expect(page.locator("main")).to_contain_text("Beslutat")
    page.get_by_role("button", name="Det är verkställt").click()
    shows(page, "Samverkan pågår. Avsluta den först.")
    page.goto(case)
    page.locator("#samverkan td select").select_option("agreed")
    page.get_by_role("button", name="Avsluta", exact=True).click()
    page.get_by_role("button", name="Det är verkställt").click()
    page.get_by_text("Ange utfallet").click()
    page.locator("details[open] input[id$=outcome]").fill("80")
    page.locator("details[open]").get_by_role("button", name="Spara").click()
    shows(page, "80 % av löftet")
    page.get_by_role("button", name="Ärendet är uppföljt").click()
    expect(page.locator("main p.quiet").first).to_contain_text("Uppföljt")


def test_the_protocol_of_2021_is_written_by_hand_and_followed_to_its_end(open_as: Opener) -> None:
    """doc S3: every word through the forms of the pages."""
    page = open_as("decision_maker", "/arenden/", size="desktop")
    write_protocol(page)
    through(page)


@pytest.mark.parametrize(("name", "warned", "told"), CASES, ids=[name for name, _, _ in CASES])
def test_a_public_decision_goes_the_whole_way(open_as: Opener, name: str, warned: str, told: str) -> None:
    """doc S0, S1, S2 and S4: read in, reckoned, warned about, and taken to its follow-up."""
    page = open_as("decision_maker", "/arenden/nytt/", size="desktop")
    page.set_input_files("input[type=file]", FOLDER / f"{name}.toml")
    page.get_by_role("button", name="Läs in").click()
    shows(page, warned, told)
    case = page.url
    if not page.locator("ol.proposals").count():  # Halland's document proposes nothing in so many words
        page.get_by_role("link", name="Skriv", exact=True).click()
        row_add(page, "proposal", text="Samtliga överenskommelser dokumenteras.")
        page.goto(case)
    page.get_by_role("button", name="Framställ handlingarna").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    through(page)
