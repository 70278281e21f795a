"""Lines of a draft: by hand, copied, out to a table and back, and every fault of a table at its line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from tests.strategies.agreed import ALL_DAYS, WEEKDAYS, agreement_make, line_make, task_type_make, version_make
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service.bridge.line_words import (
    Unreadable,
    days_read,
    days_said,
    days_text,
    frequency_read,
    frequency_text,
    hours_text,
    window_read,
)
from vardnara.apps.service.models import AgreementLine, AgreementVersion
from vardnara.apps.service.queries.agreements import line_rows, lines_mark
from vardnara.apps.service.services import (
    LineInput,
    LinesWrong,
    draft_lines_import,
    draft_lines_save,
    draft_ward_copy,
    draft_ward_remove,
    lines_table,
)
from vardnara.gateways.tabular import tables_read, tables_write_csv, tables_write_xlsx
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.time_window import TimeWindow

AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
HEAD = "task;ward;party;days;window;frequency;times;quality;price;note\n"


@pytest.fixture
def stage(db: None) -> Stage:
    return stage_set()


@pytest.fixture
def draft(stage: Stage) -> AgreementVersion:
    task_type_make("lunch", driver="meal")
    task_type_make("textiles", name="Textilier")
    return version_make(agreement_make(stage.ward))


FIELDS = ("party", "days", "start_minutes", "end_minutes", "rrule", "anchor", "times", "quality", "price_sek", "note")


def fields_of(draft: AgreementVersion) -> list[tuple[object, ...]]:
    return list(draft.lines.order_by("task_type__code").values_list("task_type", "ward", *FIELDS))


def imported(draft: AgreementVersion, stage: Stage, folder: Path, text: str) -> int:
    file = folder / "rader.csv"
    file.write_text(text)
    return draft_lines_import(version_id=draft.pk, reading=tables_read(file), actor=stage.users["service_head"], at=AT)


def saved(draft: AgreementVersion, stage: Stage, *lines: LineInput, removed: tuple[int, ...] = (), mark: str = ""):
    ward = stage.ward.pk
    draft_lines_save(
        version_id=draft.pk,
        ward_id=ward,
        lines=lines,
        removed=removed,
        mark=mark or lines_mark(line_rows(version_id=draft.pk, ward_ids=[ward])),
        actor=stage.users["service_head"],
        at=AT,
    )


def line(stage: Stage, hours: str = "11-13", **fields: object) -> LineInput:
    named = {"task_type_id": task_type_make("lunch").pk, "ward_id": stage.ward.pk, "party": "service"}
    return LineInput(**(named | {"days": frozenset(WEEKDAYS), "window": window_read(hours)} | fields))


def test_ten_different_faults_are_named_and_nothing_is_saved(
    stage: Stage, draft: AgreementVersion, tmp_path: Path
) -> None:
    """Each with file and line, all of them at once; what stood there before still stands."""
    line_make(draft, task_type_make("textiles"), stage.ward, "10-11")
    rows = [
        "lunch;K1;service;mån-fre;11-13;;;;;",
        "lunch;K1;service;fre;12-14;;;;;",  # 3: overlaps line 2, same party
        "lunch;K1;vård;tis;10:30-11:30;;;;;",  # 4: another party at the same time as line 2
        "lunch;K1;service;lör;11-13;FREQ=WEEKLY;BYDAY=SU;;;;".replace("FREQ=WEEKLY;BYDAY=SU", '"FREQ=WEEKLY;BYDAY=SU"'),
        "middag;K1;service;mån;16-18;;;;;",  # 6
        "lunch;Z9;service;sön;11-13;;;;;",  # 7
        "lunch;K1;kommunen;sön;11-13;;;;;",  # 8
        "lunch;K1;service;måndax;11-13;;;;;",  # 9
        "lunch;K1;service;sön;13-13;;;;;",  # 10
        "lunch;K1;service;sön;11-13;ibland;;;;",  # 11
        "lunch;K1;service;helgdag;11-13;;0;;;",  # 12
        "lunch;K1;service;afton;11-13;;;;gratis;",  # 13
    ]
    with translation.override("sv"), pytest.raises(InputError) as caught:
        imported(draft, stage, tmp_path, HEAD + "\n".join(rows) + "\n")
    told = {(fault.place, fault.wrong.split(":")[0]) for fault in caught.value.faults}
    assert told == {
        ("3", "window"),
        ("4", "party"),
        ("5", "frequency"),
        ("6", "task"),
        ("7", "ward"),
        ("8", "party"),
        ("9", "days"),
        ("10", "window"),
        ("11", "frequency"),
        ("12", "times"),
        ("13", "price"),
    }
    assert all(Path(fault.source).name == "rader.csv" and fault.expected for fault in caught.value.faults)
    assert [row.task_type.code for row in draft.lines.all()] == ["textiles"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("task;ward;party;days\nlunch;K1;service;mon\n", "window"),
        (HEAD.replace("note", "colour") + "lunch;K1;service;mon;11-13;;;;;\n", "colour"),
        (HEAD, ""),
    ],
)
def test_a_table_of_another_shape_is_refused(
    text: str, wrong: str, stage: Stage, draft: AgreementVersion, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        imported(draft, stage, tmp_path, text)
    assert wrong in str(caught.value.faults[0])


def test_what_goes_out_comes_in_the_same(stage: Stage, draft: AgreementVersion, tmp_path: Path) -> None:
    """CSV and workbook, in both languages, frequency, price and note included."""
    lunch, textiles = task_type_make("lunch"), task_type_make("textiles")
    line_make(draft, lunch, stage.ward, "22-6", days=ALL_DAYS, quality="Varm mat", price_sek=Decimal("12.50"))
    line_make(
        draft, textiles, stage.other_ward, "10-11", party="care", days=[1, 3, 8], times=2, note="Linne; rent",
        rrule=frequency_read("varannan vecka", [1, 3, 8]), anchor=draft.valid_from,
    )  # fmt: skip
    before = fields_of(draft)
    wards = [stage.ward.pk, stage.other_ward.pk]
    for language in ("sv", "en"):
        with translation.override(language):
            (csv,) = tables_write_csv(tmp_path / language, [lines_table(draft, wards)])
            book = tables_write_xlsx(tmp_path / f"{language}.xlsx", [lines_table(draft, wards)])
            for file in (csv, book):
                reading = tables_read(file)
                assert draft_lines_import(
                    version_id=draft.pk, reading=reading, actor=stage.users["administrator"], at=AT
                ) == 2  # fmt: skip
                assert fields_of(draft) == before


def test_week_and_week_about_is_no_clash(stage: Stage, draft: AgreementVersion, tmp_path: Path) -> None:
    """Two parties that take every other Saturday never meet; two that take the same do."""
    row = 'lunch;K1;{};lör;11-13;"{}";;;;\n'
    odd, even = "FREQ=YEARLY;BYWEEKNO=1,3,5;BYDAY=SA", "FREQ=YEARLY;BYWEEKNO=2,4,6;BYDAY=SA"
    assert imported(draft, stage, tmp_path, HEAD + row.format("service", odd) + row.format("care", even)) == 2
    with pytest.raises(InputError):
        imported(draft, stage, tmp_path, HEAD + row.format("service", odd) + row.format("care", odd))


def test_rows_are_changed_added_and_removed_at_once(stage: Stage, draft: AgreementVersion) -> None:
    saved(draft, stage, line(stage), line(stage, "17-18", rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"))
    first, second = draft.lines.order_by("start_minutes")
    assert (first.anchor, second.anchor) == (None, draft.valid_from)
    AgreementLine.objects.filter(pk=second.pk).update(anchor=date(2026, 2, 23))
    changed = line(stage, "17-19", rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", id=second.pk)
    saved(draft, stage, changed, line(stage, "7-8"), removed=(first.pk,))
    rows = [(row.start_minutes, row.end_minutes, row.anchor) for row in draft.lines.order_by("start_minutes")]
    assert rows == [(420, 480, None), (1020, 1140, date(2026, 2, 23))]  # the weeks are counted as before


def test_a_save_with_a_fault_saves_nothing(stage: Stage, draft: AgreementVersion) -> None:
    """One party twice is a fault; two parties are the checker's to name before anybody signs."""
    saved(draft, stage, line(stage, row="1"), line(stage, party="care", row="2"))
    with pytest.raises(LinesWrong) as caught:
        saved(draft, stage, line(stage, "12-14", row="3"), line(stage, "15-16", row="4"))
    assert {fault.row for fault in caught.value.faults} <= {"3", hours_text(660, 780)}
    assert draft.lines.count() == 2


def test_nobody_writes_over_what_somebody_else_wrote(stage: Stage, draft: AgreementVersion) -> None:
    mark = lines_mark(line_rows(version_id=draft.pk, ward_ids=[stage.ward.pk]))
    saved(draft, stage, line(stage), mark=mark)
    with pytest.raises(RuleBroken) as caught:
        saved(draft, stage, line(stage, "17-18"), mark=mark)
    assert caught.value.code == "draft_changed"


def test_a_ward_is_copied_to_others_and_taken_out(stage: Stage, draft: AgreementVersion) -> None:
    saved(draft, stage, line(stage), line(stage, "17-18"))
    head = stage.users["service_head"]
    line_make(draft, task_type_make("textiles"), stage.other_ward, "10-11")
    draft_ward_copy(
        version_id=draft.pk, from_ward_id=stage.ward.pk, to_ward_ids=[stage.other_ward.pk], actor=head, at=AT
    )
    assert set(draft.lines.filter(ward=stage.other_ward).values_list("task_type__code", flat=True)) == {"lunch"}
    assert draft.lines.count() == 4
    with pytest.raises(RuleBroken):
        draft_ward_copy(
            version_id=draft.pk, from_ward_id=stage.ward.pk, to_ward_ids=[stage.foreign.room.ward_id], actor=head, at=AT
        )
    draft_ward_remove(version_id=draft.pk, ward_id=stage.ward.pk, actor=head, at=AT)
    assert draft.lines.count() == 2


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mån-fre", {1, 2, 3, 4, 5}),
        ("Lör, sön och helgdag", {6, 7, 8}),
        ("alla dagar", set(range(1, 10))),
        ("vardagar afton", {1, 2, 3, 4, 5, 9}),
        ("mon – wed", {1, 2, 3}),
    ],
)
def test_days_are_read_as_people_write_them(text: str, days: set[int]) -> None:
    assert days_read(text) == days
    for language in ("sv", "en"):
        with translation.override(language):
            assert days_read(days_text(days)) == days


@pytest.mark.parametrize(("text", "start", "end"), [("7-16", 420, 960), ("07.30–09:00", 450, 540), ("22-6", 1320, 360)])
def test_hours_are_read_as_people_write_them(text: str, start: int, end: int) -> None:
    assert window_read(text) == TimeWindow(start, end) == window_read(hours_text(start, end))


@pytest.mark.parametrize("text", ["", "7", "25-26", "13-13", "7-16-18", "morgon"])
def test_what_is_no_window_is_not_read(text: str) -> None:
    with pytest.raises(Unreadable):
        window_read(text)


@pytest.mark.parametrize("text", ["varannan vecka", "var 4:e vecka", "en gång i månaden", "FREQ=MONTHLY;BYMONTHDAY=1"])
def test_a_frequency_is_told_as_it_was_written(text: str) -> None:
    with translation.override("sv"):
        assert frequency_text(frequency_read(text, [1, 2]), [1, 2]) == text
        assert frequency_text(frequency_read("varannan vecka", [1]), [1, 2]).startswith("FREQ=")  # other days, no word


def test_days_are_said_in_both_languages() -> None:
    with translation.override("sv"):
        assert days_said([1, 2, 3, 6, 8]) == "måndag till onsdag, lördag, helgdag"
    with translation.override("en"):
        assert days_said([6, 7]) == "Saturday, Sunday"
