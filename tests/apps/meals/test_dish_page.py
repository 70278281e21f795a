"""A dish's page: its photo, its changes ("utan sås"), its cells of one menu; and the food of an ingredient."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.meals.models import Dish, DishPhoto
from vardnara.apps.meals.services import dish_photos, dishes
from vardnara.apps.meals.services.dishes import DishWords
from vardnara.gateways.pictures import BYTES_LIMIT
from vardnara.kernel.errors import RuleBroken


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def torsk(stage: Stage) -> Dish:
    words = DishWords("torsk", "Kokt torsk", "fish")
    return dishes.dish_add(hospital_id=stage.ward.division.hospital_id, words=words, **who(stage))


def who(stage: Stage, role: str = "kitchen", profession: str = "diet_cook") -> dict[str, Any]:
    user = stage.users[role]
    user.profession = profession
    user.save()
    return {"actor": user, "at": AT}


def client_of(stage: Stage, role: str = "kitchen", profession: str = "diet_cook") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who(stage, role, profession)["actor"])
    return client


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def do(client: Client, where: str, deed: str, **said: Any) -> str:
    return text(client.post(where, {"deed": deed, **said}, follow=True))


def refused(code: str) -> Any:
    return pytest.raises(RuleBroken, check=lambda error: error.code == code)


def snapshot(colour: str = "red", kind: str = "JPEG") -> bytes:
    """A picture as a phone takes it, with the camera and the place in it."""
    seen = Image.new("RGB", (900, 600), colour)
    exif = seen.getexif()
    exif[0x010F] = "Hemlig kamera"
    exif.get_ifd(0x8825)[1] = "N"
    written = io.BytesIO()
    seen.save(written, kind, exif=exif)
    return written.getvalue()


def test_a_dish_is_shown_by_its_photo(stage: Stage, torsk: Dish) -> None:
    """Sent by the form, small, without camera and place; patients get it; it is replaced and removed."""
    client, where = client_of(stage, profession=""), reverse("meals:dish", args=[torsk.pk])
    assert "patients see the pictogram" in text(client.get(where))
    do(client, where, "photo", photo=SimpleUploadedFile("torsk.jpg", snapshot()))
    first = DishPhoto.objects.get()
    address = reverse("meals:patient_photo", args=[torsk.pk, first.sha256])
    page = text(client.get(where))
    assert f'<img src="{address}" alt="Kokt torsk" width="480" height="320">' in page and (
        first.width,
        first.height,
    ) == (480, 320)
    got = Client().get(address)
    assert got["Content-Type"] == "image/jpeg" and b"Hemlig" not in got.content and b"Exif" not in got.content
    do(client, where, "photo", photo=SimpleUploadedFile("torsk.png", snapshot("blue", "PNG")))
    second = DishPhoto.objects.get()
    assert second.sha256 != first.sha256 and Client().get(address).status_code == 404
    do(client, where, "photo_remove")
    assert not DishPhoto.objects.exists()
    assert "has no photo" in do(client, where, "photo_remove")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"%PDF-1.7 a menu", "cannot be read"),
        (snapshot()[:900], "cannot be read"),
        (bytes(BYTES_LIMIT + 1), "at most 8 megabytes"),
        (None, "Photo: JPEG, PNG or WebP, at most 8 MB: This field is required."),
    ],
    ids=["no picture", "broken off", "too large", "none"],
)
def test_what_is_no_photo_is_refused_with_words(stage: Stage, torsk: Dish, sent: bytes | None, said: str) -> None:
    """And the photo that was there stays."""
    dish_photos.dish_photo_set(dish_id=torsk.pk, raw=snapshot(), **who(stage))
    more = {} if sent is None else {"photo": SimpleUploadedFile("x.jpg", sent)}
    assert said in do(client_of(stage), reverse("meals:dish", args=[torsk.pk]), "photo", **more)
    assert DishPhoto.objects.count() == 1


def test_who_may_add_a_photo(stage: Stage, torsk: Dish) -> None:
    """The kitchen's writers; not the ward, not a kitchen of another hospital, and readers see no form."""
    with refused("wrong_role"):
        dish_photos.dish_photo_set(dish_id=torsk.pk, raw=snapshot(), **who(stage, "ward_staff", ""))
    with refused("wrong_role"):
        dish_photos.dish_photo_remove(dish_id=torsk.pk, **who(stage, "auditor", ""))
    foreign = Dish.objects.create(hospital=stage.foreign.room.ward.division.hospital, code="x", name="Annans")
    with refused("out_of_scope"):
        dish_photos.dish_photo_set(dish_id=foreign.pk, raw=snapshot(), **who(stage))
    page = text(client_of(stage, "auditor", "").get(reverse("meals:dish", args=[torsk.pk])))
    assert "multipart" not in page
    assert not DishPhoto.objects.exists()
