"""Menus and patients as files: what they say, and every fault with its place."""

from __future__ import annotations

import copy
import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vardnara.engines.diet import Avoid, Dish, Fasting, Needs, Variant
from vardnara.gateways import diet_file
from vardnara.gateways.diet_file import diet_files_read, menu_read, patient_read
from vardnara.gateways.json_files import json_read
from vardnara.kernel.errors import InputError

MENU = {
    "meal": "lunch",
    "dishes": [
        {
            "id": "cod",
            "name": "Torsk med äggsås",
            "contains": ["3", "4", "7"],
            "may_contain": ["10"],
            "unknown": ["9"],
            "textures": ["hel_delad"],
            "iddsi": [7],
            "diets": ["normal", "energy_protein"],
            "flags": ["fish"],
            "variants": [
                {
                    "id": "a",
                    "name": "utan sås",
                    "removes": ["3", "7"],
                    "removes_flags": ["x"],
                    "adds_diets": ["y"],
                }
            ],
        },
        {"id": "cake", "name": "Kaka"},
    ],
}
PATIENT = {
    "avoid": [{"allergen": "3", "traces_tolerated": True}, {"allergen": "8.2"}],
    "texture": "timbal",
    "iddsi": 4,
    "diets": ["normal"],
    "exclude": ["pork"],
    "fasting": "clear_fluids",
}


def written(folder: Path, content: object, name: str = "file.json") -> Path:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def faults(folder: Path, content: object, read: Any = menu_read) -> list[str]:
    path = written(folder, content)
    with pytest.raises(InputError) as caught:
        read(json_read(path))
    return [str(fault).removeprefix(f"{path}:") for fault in caught.value.faults]


def test_a_menu_says_what_it_says(tmp_path: Path) -> None:
    """Every key; what is absent is not known, not empty."""
    menu = menu_read(json_read(written(tmp_path, MENU)))
    cod, cake = menu.dishes
    assert menu.meal == "lunch" and cake == Dish("cake", "Kaka") and cake.contains is None and cake.flags is None
    of = frozenset
    assert cod == Dish(
        "cod", "Torsk med äggsås", of({"3", "4", "7"}), of({"10"}), of({"9"}), of({"hel_delad"}), of({7}),
        of({"normal", "energy_protein"}), of({"fish"}), (Variant("a", "utan sås", of({"3", "7"}), of("x"), of("y")),),
    )  # fmt: skip
    assert menu_read(json_read(written(tmp_path, {"dishes": []}))).dishes == ()


def test_a_patient_says_what_it_says(tmp_path: Path) -> None:
    """Null is no restriction; traces only where it is said."""
    needs = patient_read(json_read(written(tmp_path, PATIENT)))
    assert needs == Needs(
        frozenset({Avoid("3", True), Avoid("8.2")}), frozenset({"timbal"}), frozenset({4}), frozenset({"normal"}),
        frozenset({"pork"}), Fasting.CLEAR_FLUIDS,
    )  # fmt: skip
    free = PATIENT | {"avoid": [], "texture": None, "iddsi": None, "diets": [], "exclude": [], "fasting": False}
    assert patient_read(json_read(written(tmp_path, free))) == Needs()
    assert patient_read(json_read(written(tmp_path, free | {"fasting": True}))).fasting is Fasting.NOTHING


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "1: expecting value"),
        (b'{\n "dishes": [,]}', "2: expecting value"),
        (b'{"dishes": []} {}', "1: extra data"),
        (b"\xef\xbb\xbf{}", "1: begins with a byte order mark"),
        (b'{\n"meal": "\xe5"}', "2: a byte that is not UTF-8"),
        *(("[" * depth + "]" * depth, "1: objects or lists within each other") for depth in (2_000, 100_000)),
        ("[" * 100_000, "1: objects or lists within each other, too many"),
        ('{"dishes": [], "dishes": [NaN]}', "/dishes: stands twice"),
        ('{"dishes": [], "dishes": [NaN]}', "/dishes/0: NaN is no number"),
        ('{"dishes": [], "meal": 1e999}', "/meal: 1e999 is no number"),
        ('{"dishes": [], "meal": ' + "9" * 5000 + "}", "/meal: 9999"),
        ('{"dishes": [], "meal": "\\ud800"}', "/meal: half a character"),
        ('{"dishes": [], "\\ud800": 1}', "/\\ud800: half a character in a key"),
        ("[]", "/: a list, expected an object"),
        ("{}", "/dishes: missing"),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(tmp_path: Path, content: str | bytes, expected: str) -> None:
    """And what is JSON but broken with its pointer."""
    found = faults(tmp_path, content)
    assert any(fault.startswith(expected) for fault in found), found


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        json_read(tmp_path / "none.json")


def changed(whole: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    found = copy.deepcopy(whole)
    at: Any = found
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    return found


DISH = ("dishes", 0)
BAD_MENU = [
    (("lunch",), 1),
    (("a/b~c",), 1),
    (("meal",), ""),
    (("meal",), None),
    (("dishes",), {}),
    ((*DISH,), "cod"),
    ((*DISH, "id"), " "),
    ((*DISH, "id"), 7),
    ((*DISH, "name"), "a\nb"),
    ((*DISH, "name"), "x" * 501),
    ((*DISH, "contains"), None),
    ((*DISH, "contains", 1), "15"),
    ((*DISH, "contains", 1), 4),
    ((*DISH, "may_contain", 0), "8.9"),
    ((*DISH, "unknown"), "9"),
    ((*DISH, "textures", 0), "soft"),
    ((*DISH, "iddsi", 0), 8),
    ((*DISH, "iddsi", 0), -1),
    ((*DISH, "iddsi", 0), "7"),
    ((*DISH, "iddsi", 0), True),
    ((*DISH, "iddsi"), 7),
    ((*DISH, "diets", 0), ""),
    ((*DISH, "flags"), [[]]),
    ((*DISH, "variants"), {}),
    ((*DISH, "variants", 0, "removes", 0), "x"),
    ((*DISH, "variants", 0, "adds"), []),
    ((*DISH, "variants", 0, "id"), None),
]
BAD_PATIENT = [
    (("name",), "x"),
    (("avoid",), {}),
    (("avoid", 0), "3"),
    (("avoid", 0, "allergen"), "16"),
    (("avoid", 0, "allergen"), []),
    (("avoid", 0, "traces_tolerated"), "no"),
    (("avoid", 1, "severity"), 1),
    (("texture",), "soft"),
    (("texture",), ["timbal"]),
    (("iddsi",), 8),
    (("iddsi",), False),
    (("diets",), "normal"),
    (("exclude", 0), 3),
    (("fasting",), 1),
    (("fasting",), "yes"),
    (("fasting",), None),
]
VALIDATORS = {
    read: jsonschema.Draft202012Validator(
        json.loads(resources.files(diet_file.__name__).joinpath(f"{name}.schema.json").read_text())
    )
    for read, name in ((menu_read, "menu"), (patient_read, "patient"))
}


@pytest.mark.parametrize(
    ("read", "whole", "path", "value"),
    [(menu_read, MENU, *bad) for bad in BAD_MENU] + [(patient_read, PATIENT, *bad) for bad in BAD_PATIENT],
)
def test_a_fault_is_told_where_it_is(tmp_path: Path, read: Any, whole: dict, path: tuple, value: object) -> None:
    """One fault, with the pointer of what is wrong; the schema refuses the same."""
    bad = changed(whole, path, value)
    pointer = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
    (fault,) = faults(tmp_path, bad, read)
    assert fault.startswith(pointer) and ", expected " in fault
    assert not VALIDATORS[read].is_valid(bad)


@pytest.mark.parametrize("key", sorted(PATIENT))
def test_a_patient_must_say_everything(tmp_path: Path, key: str) -> None:
    """Of what is left out nobody knows whether it was meant."""
    bad = {name: value for name, value in PATIENT.items() if name != key}
    (fault,) = faults(tmp_path, bad, patient_read)
    assert fault.startswith(f"/{key}: missing") and not VALIDATORS[patient_read].is_valid(bad)


def test_what_stands_twice_is_refused_at_its_second_place(tmp_path: Path) -> None:
    """Ids of dishes and of variants; a schema cannot say so."""
    dish = MENU["dishes"][0]
    twice = changed(MENU, ("dishes", 1), dish | {"variants": dish["variants"] * 2})
    assert faults(tmp_path, twice) == [
        "/dishes/1/variants/1/id: 'a' stands twice, expected each id once",
        "/dishes/1/id: 'cod' stands twice, expected each id once",
    ]


def test_the_faults_of_both_files_are_told(tmp_path: Path) -> None:
    """The menu's, then the patient's."""
    menu, patient = written(tmp_path, {"dishes": [{}]}, "menu.json"), written(tmp_path, "nothing", "patient.json")
    with pytest.raises(InputError) as caught:
        diet_files_read(menu, patient)
    assert [str(fault).split(": ")[0] for fault in caught.value.faults] == [
        f"{menu}:/dishes/0/id", f"{menu}:/dishes/0/name", f"{patient}:1",
    ]  # fmt: skip


VALUES = st.sampled_from(
    [None, True, False, 0, 7, 8, 7.5, "", " ", "3", "8.2", "timbal", "clear_fluids", "x", [], {}, ["3"]]
)


def places(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, one in inner for place in ((*at, key), *places(one, (*at, key)))]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_reader_and_schema_are_of_one_mind(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """A file with something else in one place is accepted by both or refused by both."""
    folder = tmp_path_factory.mktemp("diet")
    for read, whole in ((menu_read, MENU), (patient_read, PATIENT)):
        other = changed(whole, data.draw(st.sampled_from(places(whole))), data.draw(VALUES))
        valid = VALIDATORS[read].is_valid(other)
        path = written(folder, other)
        if valid:
            read(json_read(path))
        else:
            with pytest.raises(InputError):
                read(json_read(path))
