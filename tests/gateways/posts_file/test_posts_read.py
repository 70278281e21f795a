"""Posts files: what they say, every fault with its line, and a schema that agrees."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from vardnara.engines.posts import Zone, shapes_shipped
from vardnara.gateways import posts_file
from vardnara.gateways.posts_file import posts_file_read
from vardnara.kernel.errors import InputError

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads(resources.files(posts_file.__name__).joinpath("schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
(FULL,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs/posts.md").read_text(), re.DOTALL)
NAMED = 'workload = "workload.toml"\n'
WORK = """
[[ward]]
code = "K31"
patients = 10
[[ward]]
code = "M11"
patients = 12
[[task]]
code = "breakfast"
window = "07:00-09:00"
"""


def read(folder: Path, text: str, work: str = WORK):  # type: ignore[no-untyped-def]
    (folder / "workload.toml").write_text(work)
    (folder / "p.toml").write_text(text)
    return posts_file_read(folder / "p.toml")


def refused(folder: Path, text: str, work: str = WORK) -> list[str]:
    with pytest.raises(InputError) as error:
        read(folder, text, work)
    return [str(fault).removeprefix(f"{folder}/") for fault in error.value.faults]


def test_the_file_of_the_page_is_read(tmp_path: Path) -> None:
    """Copied from the docs it says what it says there, and the schema knows every key of it."""
    case = read(tmp_path, FULL)
    assert case.order.zones == (Zone("Kirurgi", ("K31", "M11")),) and case.order.weights == {"breakfast": 2}
    assert [shape.minutes for shape in case.shapes] == [480, 480] and case.n_most == 20
    assert case.pay is not None and case.pay.charges[0].share.as_tuple().digits == (3, 9)
    VALIDATOR.validate(tomllib.loads(FULL))
    named = set(tomllib.loads(FULL)) | {"assumed"}
    assert named == set(SCHEMA["properties"])


def test_what_is_left_out_is_shipped(tmp_path: Path) -> None:
    """Each ward its own zone, the shipped days of work, no pay."""
    case = read(tmp_path, 'workload = "workload.toml"')
    assert [zone.code for zone in case.order.zones] == ["K31", "M11"] and case.shapes == shapes_shipped()
    assert case.pay is None and case.assumed == () and case.params.service_level == 0.8


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('title = "x"', "p.toml:1: workload: missing"),
        ('workload = "no.toml"', "no.toml: cannot be read"),
        (NAMED + 'posts = 201', "p.toml:2: posts: 201"),
        (NAMED + 'unknown = 1', "p.toml:2: unknown: unknown key"),
        (NAMED + '[[zone]]\ncode = "A"\nwards = ["K31"]', "p.toml:2: zone: no zone for M11"),
        (NAMED + '[[zone]]\ncode = "A"\nwards = ["K31", "X"]', "p.toml:4: wards: no ward 'X'"),
        (
            NAMED + '[[zone]]\ncode = "A"\nwards = ["K31", "M11"]\n[[zone]]\ncode = "A"\nwards = ["M11"]',
            "p.toml:7: wards: 'M11' is in 'A' already",
        ),
        (NAMED + '[[shape]]\ncode = "d"\nwindow = "07:00-16:00"', "p.toml:4: window: d: more than 300"),
        (NAMED + '[[shape]]\ncode = "d"\nwindow = "7-16"', "p.toml:4: window: '7-16'"),
        (NAMED + '[weights]\nlunch = 2', "p.toml:3: lunch: no such task"),
        (NAMED + '[weights]\nbreakfast = -2', "p.toml:3: breakfast: -2"),
        (NAMED + '[params]\nservice_level = 1', "p.toml:3: service_level: 1"),
        (NAMED + '[pay]\nmonthly_sek = 1', "p.toml:2: pay_year: missing"),
        (NAMED + '[pay]\nmonthly_sek = 1\npay_year = 2026\n[[pay.charges]]\nbasis = "x"', "share: missing"),
    ],
)  # fmt: skip
def test_every_fault_has_its_line(tmp_path: Path, text: str, told: str) -> None:
    """What is wrong, where, and what was expected."""
    assert any(told in fault for fault in refused(tmp_path, text)), refused(tmp_path, text)


def test_faults_of_both_files_are_told(tmp_path: Path) -> None:
    """Nobody mends one file only to be told of the other."""
    told = refused(tmp_path, NAMED + "posts = -1", WORK + "\nbad = 1\n")
    assert told[0].startswith("p.toml:2") and told[1].startswith("workload.toml:")
