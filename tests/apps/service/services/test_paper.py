"""Lists that can be used when nothing else can: they say what is, they are whole, and their age is told."""

from __future__ import annotations

import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.strategies.stage import AT, Stage, stage_set, task_make, ward_make

from vardnara.apps.hospital.models import BedState
from vardnara.apps.service import services
from vardnara.apps.service.choices import TaskKind
from vardnara.apps.service.models import PaperList
from vardnara.apps.service.queries.paper import paper_ages, paper_status
from vardnara.gateways.paper_folder import folder_clean, paper_write
from vardnara.kernel.errors import GatewayError

MINUTE = timedelta(minutes=1)


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def file_lists(folder: Path, minutes: float = 0) -> int:
    return services.paper_lists_file(at=AT + minutes * MINUTE, folder=folder)


def text_of(folder: Path, stage: Stage) -> str:
    return pdf_text((folder / f"K1-{stage.ward.pk}.pdf").read_bytes())


def pdf_text(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.split())


def test_a_list_has_what_is_needed_to_go_on_without_the_system(stage: Stage, tmp_path: Path) -> None:
    """Ward, number, when it was true, beds, work with place, window and protection, columns and blank lines."""
    task_make(
        kind=TaskKind.CONTAGION_CLEAN, ward_id=stage.ward.pk, bed_id=stage.occupied.pk, at=AT, contagion_class="C",
        due_at=AT + 60 * MINUTE, reason="departure",
    )  # fmt: skip
    BedState.objects.filter(bed=stage.free).update(cleanliness="cleaning")
    file_lists(tmp_path)
    text = text_of(tmp_path, stage)
    paper = PaperList.objects.get(ward=stage.ward)
    for wanted in (
        "Avdelning K1, Avdelning K1",
        f"Lista {paper.number}",
        "5 mars 2026 10:00",
        "1:1 Belagd",
        "1:2 Städas",
        "Hemgångsstäd",
        "Smittstäd",
        "Smitta klass C",
        "senast 5/3 11:00",
        "Start",
        "Klart",
        "Signatur",
        paper.row_code(1),
        paper.row_code(2),
        paper.row_code(10),
    ):
        assert wanted in text, wanted
    assert "Tolvansson" not in text and "19121212" not in text


def test_work_of_the_coming_hours_is_there_and_no_more(stage: Stage, tmp_path: Path) -> None:
    make = {"kind": TaskKind.REQUEST, "ward_id": stage.ward.pk, "bed_id": None, "at": AT, "reason": "request"}
    for hours, note in ((15, "inom"), (17, "utanför")):
        task_make(starts_at=AT + timedelta(hours=hours), due_at=AT + timedelta(hours=hours + 1), note=note, **make)
    task_make(note="vårdens", party="care", **make)
    file_lists(tmp_path)
    text = text_of(tmp_path, stage)
    assert "inom" in text and "utanför" not in text and "vårdens" not in text


def test_every_ward_has_its_file_and_all_are_in_one(stage: Stage, tmp_path: Path) -> None:
    assert file_lists(tmp_path) == 3
    assert {path.name for path in tmp_path.iterdir()} >= {f"K1-{stage.ward.pk}.pdf", f"M1-{stage.other_ward.pk}.pdf"}
    text = pdf_text((tmp_path / "alla.pdf").read_bytes())
    assert "Avdelning K1" in text and "Avdelning M1" in text


def test_the_same_content_keeps_its_number_and_tells_the_new_time(stage: Stage, tmp_path: Path) -> None:
    """The time is that of the last look, not of the last change."""
    file_lists(tmp_path)
    file_lists(tmp_path, 10)
    paper = PaperList.objects.get(ward=stage.ward)
    assert (paper.made_at, paper.filed_at) == (AT, AT + 10 * MINUTE)
    assert "5 mars 2026 10:10" in text_of(tmp_path, stage)
    services.task_claim(task_id=stage.task_id, actor=stage.users["service_worker"], at=AT + 11 * MINUTE)
    file_lists(tmp_path, 20)
    assert PaperList.objects.filter(ward=stage.ward).count() == 2


def test_lists_older_than_a_quarter_of_an_hour_are_told(stage: Stage, tmp_path: Path) -> None:
    assert {old for _, _, old in paper_ages(at=AT)} == {True}
    file_lists(tmp_path)
    assert paper_status(at=AT + 15 * MINUTE) == (AT, [])
    assert paper_status(at=AT + 16 * MINUTE)[1] == ["K1", "M1", "X1"]


def test_a_folder_that_cannot_be_written_leaves_the_old_lists_and_their_age(stage: Stage, tmp_path: Path) -> None:
    """A share that is gone: nothing breaks, and the lists grow old where everybody sees it."""
    file_lists(tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert services.paper_lists_file(at=AT + 20 * MINUTE, folder=blocked / "paper") == 0
    assert paper_status(at=AT + 20 * MINUTE)[1] == ["K1", "M1", "X1"]


def test_killed_while_writing_the_old_list_is_whole(tmp_path: Path) -> None:
    """A child is killed in the middle of a file: the old one is there to the last byte, and the rest is swept."""
    paper_write(tmp_path, "K1-1.pdf", b"old" * 1000)
    child = os.fork()
    if not child:
        real = os.fsync
        os.fsync = lambda number: time.sleep(60)  # the content is written, the file is not in place yet
        try:
            paper_write(tmp_path, "K1-1.pdf", b"new" * 1000)
        finally:
            os.fsync = real
            os._exit(0)
    ends = time.monotonic() + 20
    while not any(path.name.startswith(".vardnara-") and path.stat().st_size for path in tmp_path.iterdir()):
        assert time.monotonic() < ends
        time.sleep(0.01)
    os.kill(child, 9)
    os.waitpid(child, 0)
    assert (tmp_path / "K1-1.pdf").read_bytes() == b"old" * 1000
    (tmp_path / "anteckningar.pdf").write_bytes(b"somebody's own")
    (tmp_path / "K9-9.pdf").write_bytes(b"a ward that is no more")
    removed = folder_clean(tmp_path, {"K1-1.pdf"})
    assert len(removed) == 2 and removed[1] == "K9-9.pdf"
    assert {path.name for path in tmp_path.iterdir()} == {"K1-1.pdf", "anteckningar.pdf"}


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    with pytest.raises(GatewayError):
        paper_write(tmp_path / "K1-1.pdf" / "x", "y/z.pdf", b"x")


def test_old_lists_are_forgotten_but_the_one_before_an_outage_is_not(stage: Stage, tmp_path: Path) -> None:
    """After four days of darkness people come with the list of the first day."""
    file_lists(tmp_path, -60 * 24 * 10)
    services.task_claim(task_id=stage.task_id, actor=stage.users["service_worker"], at=AT)
    file_lists(tmp_path, -60 * 24 * 4)
    services.task_start(task_id=stage.task_id, actor=stage.users["service_worker"], at=AT)
    task_make(kind=TaskKind.REQUEST, ward_id=stage.ward.pk, bed_id=None, at=AT, reason="request", note="ny")
    file_lists(tmp_path)
    made = list(PaperList.objects.filter(ward=stage.ward).order_by("made_at").values_list("made_at", flat=True))
    assert made == [AT - timedelta(days=4), AT]


def test_twenty_wards_take_seconds(stage: Stage, tmp_path: Path) -> None:
    """With thirty rows each; well below the limit, so that a slow machine passes too."""
    for number in range(20):
        ward, beds = ward_make(stage.ward.division.hospital, f"W{number}", 24)
        for bed in beds:
            task_make(kind=TaskKind.DAILY_CLEAN, ward_id=ward.pk, bed_id=bed.pk, at=AT, reason="plan")
    began = time.perf_counter()
    assert file_lists(tmp_path) == 23
    assert time.perf_counter() - began < 20
