"""When a kind of task is usually done, and its checklist, are read and changed in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from tests.strategies.messages import at, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.service import services
from vardnara.apps.service.bridge.line_words import Unreadable
from vardnara.apps.service.bridge.usual_words import usual_read, usual_said, usual_text
from vardnara.apps.service.models import TaskType

WEEKDAYS, WEEKEND = (1, 2, 3, 4, 5), (6, 7, 8, 9)


def test_written_back_as_it_was_read() -> None:
    """Days, hours over midnight and how often, in Swedish and in English; empty is none."""
    usual = ((WEEKDAYS, 450, 540, 2), (WEEKEND, 1320, 390, 1), (tuple(range(1, 10)), 0, 1440, 1))
    for language in ("sv", "en"):
        with translation.override(language):
            assert usual_read(usual_text(usual)) == usual
    with translation.override("sv"):
        assert usual_said(usual)[0] == "måndag till fredag 07:30–09:00 ×2"
    assert usual_read(" \n ") == ()


@pytest.mark.parametrize("line", ["mån-fre", "07-09", "mån-fre 7-25", "sommar 07-09", "mån 07-09 x0", "mån 07-09 x99"])
def test_what_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(Unreadable, match=line):
        usual_read("alla dagar 08-15\n" + line)


@pytest.mark.django_db
def test_saved_from_the_page_and_seen_by_readers() -> None:
    """Nothing is saved of a fault; a shipped checklist read in Swedish is the shipped one after saving."""
    services.catalogue_ship(at=at(0))
    hospital = small_hospital()
    head, reader = Client(), Client()
    head.force_login(person(Role.SERVICE_HEAD, "h", hospital))
    reader.force_login(person(Role.UNIT_MANAGER, "m", hospital))
    row = TaskType.objects.get(code="daily_clean")
    form: dict[str, Any] = head.get("/katalog/daily_clean/").context["form"].initial
    assert "Tagställen" in form["checklist"] and form["usual"] == "alla dagar 08:00–15:00"
    said = {name: "" if value is None or value is False else value for name, value in form.items()}
    assert head.post("/katalog/daily_clean/", said | {"usual": "ibland"}).context["form"].errors["usual"]
    assert head.post("/katalog/daily_clean/", said | {"usual": "mån-fre 08-15\nlör 09-12 x2"}).status_code == 302
    now = TaskType.objects.get(code="daily_clean")
    assert now.usual == [[[1, 2, 3, 4, 5], 480, 900, 1], [[6], 540, 720, 2]]
    assert now.checklist == row.checklist
    page = reader.get("/katalog/daily_clean/").content.decode()
    assert "måndag till fredag 08:00–15:00<br>lördag 09:00–12:00 ×2" in page and "50 av 99" in page
