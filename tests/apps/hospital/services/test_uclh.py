"""The real UCLH sequences, each on an empty database, end as their expected readings say."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from tests.strategies.messages import apply

from vardnara.apps.hospital.models import BedState, Sender, Stay
from vardnara.apps.service.models import Task
from vardnara.gateways.mllp.framing import messages_in_file

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]


@pytest.mark.parametrize(("name", "n_dirty"), [("CancelAdmit", 2), ("Moves", 4)])
def test_sequence(shared_data: Path, name: str, n_dirty: int) -> None:
    """The timeline holds every location and time of the readings; beds and cleans agree with it."""
    folder = shared_data / "hl7v2" / "emap_epic_uclh"
    Sender.objects.create(application="EPIC", facility="UCLH", time_zone="UTC")
    sent = sorted((folder / "messages" / "Adt" / "Location" / name).glob("*.hl7"))
    results = apply(*[message for path in sent for message in messages_in_file(path.read_bytes())])
    assert {status for status, _ in results} == {"applied"}
    expected: list[tuple[str, datetime]] = []
    for path in sorted((folder / "expected_interpretation" / "AdtMessages" / "Location" / name).glob("*.yaml")):
        text = path.read_text()
        at = re.search(r"(?:eventOccurred|discharge)DateTime: \"([^\"]+)\"", text)
        place = re.search(r"fullLocationString:(?:\n  .*)*?\n  value: \"([^\"]+)\"", text)
        assert at is not None and place is not None
        if path.stem.endswith("A11"):
            expected.clear()
        else:
            expected.append((place[1], datetime.fromisoformat(at[1])))
    stay = Stay.objects.get()
    lay = [
        (f"{o.bed.room.ward.code}^{o.bed.room.code}^{o.bed.code}", o.during.lower, o.during.upper)
        for o in stay.occupancies.order_by("during").select_related("bed__room__ward")
    ]
    assert [(place, start) for place, start, _ in lay] == expected[:-1]
    assert (lay[-1][0], lay[-1][2]) == expected[-1]
    assert (stay.status, stay.left_at) == ("ended", expected[-1][1])
    assert BedState.objects.filter(cleanliness="dirty").count() == n_dirty
    assert Task.objects.filter(kind="discharge_clean", state="open").count() == n_dirty
