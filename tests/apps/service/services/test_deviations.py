"""Deviations: once however often they are sent, never changed, their pictures without what nobody shall know."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from PIL import Image
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service import services
from vardnara.apps.service.models import Deviation, DeviationPicture
from vardnara.apps.service.queries.deviations import deviation_count_open, deviation_list, deviation_picture
from vardnara.gateways.pictures.read import SIDE, PictureRefused, picture_read
from vardnara.kernel.errors import RuleBroken

AT = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def photo(width: int = 40, height: int = 20, *, kind: str = "JPEG", turned: bool = False) -> bytes:
    """A picture as a phone takes it, with the place and the camera written into it."""
    picture = Image.new("RGB", (width, height), "red")
    exif = picture.getexif()
    exif[0x010F] = "Hemlig kamera"
    exif.get_ifd(0x8825)[1] = "N"
    if turned:
        exif[0x0112] = 6
    written = io.BytesIO()
    picture.save(written, kind, exif=exif)
    return written.getvalue()


def report(stage: Stage, who: str = "service_worker", **words: Any) -> Deviation:
    told: dict[str, Any] = {"key": uuid4(), "kind": "broken", "note": "Pumpen", "task_id": stage.task_id}
    told |= {"actor": stage.users[who], "at": AT, "received_at": AT + timedelta(hours=3)}
    return services.deviation_report(**told | words)


def test_a_picture_says_nothing_but_what_can_be_seen() -> None:
    """No camera, no place; upright; no larger than needed."""
    seen = picture_read(photo(4000, 2000, turned=True))
    assert (seen.width, seen.height) == (SIDE // 2, SIDE)
    assert b"Hemlig" not in seen.jpeg and b"Exif" not in seen.jpeg
    with Image.open(io.BytesIO(seen.jpeg)) as again:
        assert not again.getexif() and again.size == (SIDE // 2, SIDE)
    clear = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(clear, "PNG")
    with Image.open(io.BytesIO(picture_read(clear.getvalue()).jpeg)) as white:
        assert min(white.getpixel((5, 5))) > 250  # what was clear is paper, not night


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unreadable"),
        (photo()[:300], "unreadable"),
        (photo(kind="TIFF"), "unreadable"),
        (b"\xff\xd8" + b"0" * 9_000_000, "too_large"),
    ],
)
def test_what_is_no_picture_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(PictureRefused) as no:
        picture_read(raw)
    assert no.value.code == code


def test_a_picture_of_too_many_pixels_is_not_unfolded() -> None:
    """A few kilobytes that would be hundreds of megabytes."""
    written = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG")
    assert len(written.getvalue()) < 100_000
    with pytest.raises(PictureRefused) as no:
        picture_read(written.getvalue())
    assert no.value.code == "too_large"


def test_a_report_sent_again_is_the_same(stage: Stage) -> None:
    """Also where it comes with other words; and nobody else's key can be taken."""
    first = report(stage, picture=photo())
    again = report(stage, key=first.key, note="Något annat", picture=b"")
    assert again.note == "Pumpen" and Deviation.objects.count() == 1 and DeviationPicture.objects.count() == 1
    with pytest.raises(RuleBroken) as no:
        report(stage, "coordinator", key=first.key)
    assert no.value.code == "another_user"


def test_where_it_belongs_and_when_it_was(stage: Stage) -> None:
    """A task's ward and bed; never later than it came, never older than a week."""
    made = report(stage)
    assert (made.ward_id, made.bed_id) == (stage.ward.pk, stage.free.pk)
    late = report(stage, at=AT + timedelta(days=1))
    assert late.at == late.received_at
    old = report(stage, at=AT - timedelta(days=400))
    assert old.at == old.received_at - timedelta(days=7)
    assert report(stage, task_id=None, ward_id=stage.other_ward.pk).bed_id is None
    assert report(stage, task_id=None, bed_id=stage.occupied.pk).ward_id == stage.ward.pk


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"kind": "nonsense"}, "unknown_kind"),
        ({"kind": "other", "note": " "}, "note_missing"),
        ({"task_id": 10**9}, "unknown_task"),
        ({"task_id": None}, "which_place"),
        ({"picture": b"nonsense"}, "bad_picture"),
    ],
)
def test_bad_reports_leave_nothing(words: dict[str, Any], code: str, stage: Stage) -> None:
    with pytest.raises(RuleBroken) as no:
        report(stage, **words)
    assert no.value.code == code and not Deviation.objects.exists()


def test_reach(stage: Stage) -> None:
    """A foreign ward is no place for a report, and another hospital's coordinator sees none."""
    with pytest.raises(RuleBroken) as no:
        report(stage, task_id=None, bed_id=stage.foreign.pk)
    assert no.value.code == "out_of_scope"
    made = report(stage, picture=photo())
    assert deviation_list(actor=stage.outsider, handled=False) == []
    with pytest.raises(RuleBroken):
        deviation_picture(actor=stage.outsider, key=made.key)
    with pytest.raises(RuleBroken):
        services.deviation_handle(key=made.key, note="", actor=stage.outsider, at=AT)
    assert deviation_picture(actor=stage.users["coordinator"], key=made.key)[:2] == b"\xff\xd8"


def test_seen_to_once(stage: Stage) -> None:
    made, who = report(stage), stage.users["coordinator"]
    assert deviation_count_open(actor=who) == 1
    services.deviation_handle(key=made.key, note="Ny pump", actor=who, at=AT)
    assert deviation_count_open(actor=who) == 0
    (row,) = deviation_list(actor=who, handled=True)
    assert row.handled_note == "Ny pump"
    with pytest.raises(RuleBroken) as no:
        services.deviation_handle(key=made.key, note="Igen", actor=who, at=AT)
    assert no.value.code == "already_settled"
    with pytest.raises(RuleBroken):
        services.deviation_handle(key=report(stage).key, note="", actor=stage.users["service_worker"], at=AT)


def test_a_picture_can_be_removed_and_the_report_says_so(stage: Stage) -> None:
    made, who = report(stage, picture=photo()), stage.users["coordinator"]
    services.deviation_picture_remove(key=made.key, actor=who, at=AT)
    (row,) = deviation_list(actor=who, handled=False)
    assert row.size is None and row.picture_removed and not DeviationPicture.objects.exists()
    with pytest.raises(RuleBroken):
        services.deviation_picture_remove(key=made.key, actor=who, at=AT)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE service_deviation SET note = 'annat'",
        "UPDATE service_deviation SET at = at - interval '1 hour'",
        "UPDATE service_deviation SET handled_at = now(), handled_by_id = NULL",
        "DELETE FROM service_deviation",
        "UPDATE service_deviationpicture SET width = 1",
    ],
)
def test_the_database_keeps_what_was_reported(statement: str, stage: Stage) -> None:
    report(stage, picture=photo())
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with connection.cursor() as cursor:  # what may be written can be
        cursor.execute("UPDATE service_deviation SET handled_at = now(), handled_by_id = reporter_id")


def test_the_phones_page_without_javascript(stage: Stage) -> None:
    """A plain form with a picture; a fault is said and what was written stays."""
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users["service_worker"])
    page = client.get(f"/arbete/avvikelse/?uppgift={stage.task_id}").content.decode()
    assert f'name="task" value="{stage.task_id}"' in page
    assert 'name="ward"' in client.get("/arbete/avvikelse/").content.decode()
    bad = SimpleUploadedFile("bild.jpg", b"nonsense")
    words = {"task": stage.task_id, "kind": "missing", "note": "Inga påsar"}
    answer = client.post("/arbete/avvikelse/", words | {"picture": bad})
    assert answer.status_code == 422 and "Inga påsar" in answer.content.decode()
    assert "JPEG, PNG eller WebP" in answer.content.decode() and not Deviation.objects.exists()
    good = SimpleUploadedFile("bild.jpg", photo())
    assert client.post("/arbete/avvikelse/", words | {"picture": good}).status_code == 302
    assert DeviationPicture.objects.count() == 1
    assert client.get("/arbete/avvikelse/?uppgift=999999").status_code == 404


def test_a_phone_is_answered_in_json(stage: Stage) -> None:
    """Done, done again, never, and kept: what a phone can do something about."""
    client = Client(headers={"accept": "application/json", "accept-language": "sv"})
    client.force_login(stage.users["service_worker"])
    words = {"key": "0" * 31 + "1", "task": stage.task_id, "kind": "hygiene", "at": "2026-03-05T10:00:00Z"}
    for _ in range(2):
        assert client.post("/arbete/avvikelse/", words).json() == {"outcome": "done"}
    assert Deviation.objects.get().pk == UUID(words["key"])
    assert client.post("/arbete/avvikelse/", words | {"key": uuid4(), "kind": "x"}).status_code == 422
    far = {"key": uuid4(), "ward": stage.foreign.room.ward_id, "kind": "hygiene"}
    assert client.post("/arbete/avvikelse/", far).status_code == 403


def test_the_coordinators_page(stage: Stage) -> None:
    made = report(stage, picture=photo())
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users["coordinator"])
    assert "Avvikelser att ta hand om" in client.get("/samordning/").content.decode()
    page = client.get("/samordning/avvikelser/").content.decode()
    assert "Pumpen" in page and f"/samordning/avvikelser/{made.key}/bild/" in page
    seen = client.get(f"/samordning/avvikelser/{made.key}/bild/")
    assert seen["Content-Type"] == "image/jpeg" and "no-store" in seen["Cache-Control"]
    assert client.post(f"/samordning/avvikelser/{made.key}/ta-bort-bild/").status_code == 302
    assert client.get(f"/samordning/avvikelser/{made.key}/bild/").status_code == 404
    client.post(f"/samordning/avvikelser/{made.key}/atgardad/", {"note": "Bytt"})
    assert "Bytt" in client.get("/samordning/avvikelser/").content.decode()
    assert client.post(f"/samordning/avvikelser/{made.key}/nonsens/").status_code == 404
