"""Case files: every fault with its line, and the schema agrees with the reader."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.strategies.cases import ALL, FOLDER

from vardnara.gateways import case_file
from vardnara.gateways.case_file import case_file_read
from vardnara.kernel.errors import InputError

SCHEMA = json.loads(resources.files(case_file.__name__).joinpath("schema.json").read_text())
START = 'title = "T"\nkind = "memo"\n'
SOURCE = '[[source]]\nid = "S"\ntitle = "T"\n'
FIGURE = '[[figure]]\nid = "a"\nlabel = "A"\nunit = "sek"\nvalue = 1\nnote = "n"\n'


def faults(text: str, folder: Path) -> list[str]:
    path = folder / "case.toml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        case_file_read(path).examined()
    return [str(fault).removeprefix(str(path) + ":") for fault in caught.value.faults]


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("name", ALL)
def test_the_examples_are_what_the_schema_says(name: str) -> None:
    """One description of the format, and it holds."""
    raw = as_json(tomllib.loads((FOLDER / f"{name}.toml").read_text()))
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(raw)


BAD = [
    (START + "colour = 1\n", "3: colour: unknown key"),
    ('kind = "memo"\n', "1: title: missing"),
    ('title = "T"\nkind = "letter"\n', "2: kind: 'letter', expected one of memo"),
    (START + "dated_on = 2026\n", "3: dated_on: 2026, expected a date"),
    (START + FIGURE.replace('note = "n"\n', ""), "3: figure: a value without source"),
    (START + FIGURE.replace('unit = "sek"', 'unit = "euro"'), "6: unit: 'euro', expected one of"),
    (START + FIGURE + 'quote = "q"\nsource = "X"\n', "10: source: no source 'X'"),
    (START + FIGURE + FIGURE, "10: id: 'a' stands twice"),
    (START + FIGURE.replace('"a"', '"A b"'), "4: id: 'A b', expected small letters"),
    (START + FIGURE.replace("value = 1", 'formula = "b + 1"'), "7: formula: no figure 'b'"),
    (START + FIGURE.replace("value = 1", 'formula = "a + 1"'), "7: formula: a is needed for itself"),
    (START + FIGURE.replace("value = 1", 'formula = "1 / 0"'), "7: formula: 1 / 0 divides by nought"),
    (START + FIGURE.replace("value = 1", 'formula = "__import__(1)"'), "7: formula: __import__(1) cannot read"),
    (START + FIGURE.replace("value = 1", 'formula = "a b"'), "7: formula: a b does not end at"),
    (START + FIGURE + "low = 0\n", "3: high: missing, expected low and high together"),
    (START + FIGURE + "low = 2\nhigh = 3\n", "9: low: 2 1 3, expected low, then the value, then high"),
    (START + FIGURE + "low = 0\nhigh = 0.5\n", "10: high: 0 1 0.5, expected low, then the value"),
    (START + FIGURE.replace("value = 1", 'formula = "2"\nlow = 1\nhigh = 3'), "8: low: of a formula, expected"),
    (START + FIGURE + 'query = "staffing.posts"\n', "9: query: no value or no day of reading"),
    (START + FIGURE.replace("value = 1", 'value = "1"'), "7: value: '1', expected a number"),
    (
        START + FIGURE + '[[amount]]\nfigure = "b"\npayer = "P"\nkind = "saving"\nfrom_on = 2026-01-01\n',
        "10: figure: no figure 'b'",
    ),
    (
        START + FIGURE + '[[amount]]\nfigure = "a"\npayer = "P"\nkind = "saving"\n',
        "9: from_on: missing",
    ),
    (
        START
        + FIGURE.replace("value = 1", "value = -1")
        + '[[amount]]\nfigure = "a"\npayer = "P"\nkind = "saving"\nfrom_on = 2026-01-01\n',
        "9: amount: amount_sek -1.00, expected 0 or more",
    ),
    (
        START
        + FIGURE
        + '[[posts]]\nfigure = "a"\nlabel = "x"\nchange = "removed"\nchange_on = 2026-01-01\n'
        + '[[posts.funding]]\nparty = "p"\nfrom_on = 2026-01-01\nto_on = 2025-01-01\n',
        "17: to_on: to_on 2025-01-01, expected after 2026-01-01",
    ),
    (
        START + '[[step]]\nid = "s"\nkind = "decision"\norgan = "o"\ntext = "t"\nfollows = "x"\n',
        "8: follows: no other step 'x'",
    ),
    (START + '[[account]]\nfact = "f"\nsays = "s"\n', "3: source: missing"),
    (START + '[[home]]\nlabel = "h"\nfigure = "a"\n' + FIGURE, "3: receives: missing"),
    (START + "ledger = 3\n", "3: ledger: 3, expected a table"),
    (START + "title = 3\n", "3: "),
]


@pytest.mark.parametrize(("text", "said"), BAD, ids=[said for _, said in BAD])
def test_each_fault_has_its_line(text: str, said: str, tmp_path: Path) -> None:
    """Where it is, what is wrong, what was expected."""
    found = faults(text, tmp_path)
    assert any(one.startswith(said) for one in found), found


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Not only the first, in the order of lines."""
    text = START + "colour = 1\n" + FIGURE.replace('"sek"', '"euro"') + SOURCE.replace('"T"', '""')
    assert [one.split(":")[0] for one in faults(text, tmp_path)] == ["3", "7", "12"]


def test_money_is_exact(tmp_path: Path) -> None:
    """0.1 + 0.2 kronor are 0.30, not what a float makes of them."""
    path = tmp_path / "case.toml"
    path.write_text(
        START
        + FIGURE.replace("value = 1", "value = 0.1")
        + FIGURE.replace('"a"', '"b"').replace("value = 1", "value = 0.2")
        + FIGURE.replace('"a"', '"c"').replace("value = 1", 'formula = "(a + b) * 1000000 - 0.3 * 1000000"')
    )
    assert case_file_read(path).examined().value("c") == 0
