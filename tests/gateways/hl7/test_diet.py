"""AL1, IAM, PV1-38 and diet orders: what is read of them, from real messages too."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.strategies.diet_messages import allergies, iam, omd, order
from tests.strategies.messages import at, stamp

from vardnara.gateways.hl7.reader import adt_read


def test_the_shared_messages_are_read(shared_data: Path) -> None:
    """Every message that was read before still is; their allergies are to a medicine, their diet field is one code."""
    found: Counter[str] = Counter()
    for path in sorted((shared_data / "hl7v2" / "ms_fhir_converter").iterdir()):
        reading = adt_read(path.read_bytes())
        for subject in reading.subjects:
            if subject.allergies is not None:
                assert subject.allergies.rows == () and subject.allergies.n_other == 1
                found["allergies"] += 1
            if subject.diet_words is not None:
                assert subject.diet_words[0].codings[0].code == "Vegan"
                found["diets"] += 1
    assert found["allergies"] == 7
    assert found["diets"] > 5


def test_one_order_with_everything() -> None:
    """Codes with their alternates, escapes, meals, both ways of saying when, trays."""
    raw = omd(
        5,
        f"ORC|NW|7^EHR||||||1^^^{stamp(60)}^{stamp(120)}/ODS|D|LUNCH~DINNER|A^A-kost^L^1^Normal^R~B|utan l\\T\\k",
        f"ORC|NW||8^LAB/TQ1|1||||||{stamp(10)}|{stamp(20)}/ODS|P||FF/ODT|MSG|LUNCH|hej",
    )
    first, second = adt_read(raw).orders
    assert (first.number, first.starts_at, first.ends_at) == ("7^EHR", None, None)
    assert (first.periods, first.types, len(first.words)) == (("dinner", "lunch"), {"D"}, 2)
    assert [(one.system, one.code) for one in first.words[0].codings] == [("L", "A"), ("R", "1")]
    assert first.words[0].note == "utan l&k"
    assert (second.number, second.starts_at, second.ends_at) == ("8^LAB", at(10), at(20))
    assert (second.trays[0].kind, second.trays[0].periods) == ("MSG", ("lunch",))


def test_times_of_older_messages() -> None:
    """ORC-7 components 4 and 5 where there is no TQ1."""
    raw = omd(5, f"ORC|NW|7^EHR|||||1^^^{stamp(60)}^{stamp(120)}/ODS|D||NPO", kind="ORM^O01")
    (only,) = adt_read(raw).orders
    assert (only.starts_at, only.ends_at) == (at(60), at(120))


def test_absent_empty_and_deleted_allergies() -> None:
    """No AL1 says nothing, but in A60; what is inactive or in error ends."""
    said = {
        "absent": allergies("A08", 1),
        "deleted": allergies("A08", 1, 'AL1|1|FA|""'),
        "a60": allergies("A60", 1),
        "increments": allergies("A60", 1, iam("U", "NUT", "1") + "|" * 10 + "I", iam("X", "EGG", "2")),
        "medicine": allergies("A60", 1, iam("A", "PCN", "1", kind="DA")),
    }
    read = {name: adt_read(raw).subjects[0].allergies for name, raw in said.items()}
    assert read["absent"] is None
    assert read["deleted"] is not None and read["deleted"].rows == ()
    assert read["a60"] is not None and read["a60"].rows == ()
    assert read["increments"] is not None and read["increments"].rows is None
    assert [(one.key, one.ends) for one in read["increments"].changes] == [("1^", True)]
    assert read["medicine"] is not None and (read["medicine"].rows, read["medicine"].n_other) == (None, 1)


def test_letters_ask_for_table_0159() -> None:
    """An order group of only text is an order: somebody must say what it means."""
    (only,) = adt_read(omd(1, order("NW", "1", "", text="endast mosad mat"))).orders
    assert only.words[0].label == "endast mosad mat"
