"""``vardnara posts`` as a person at a keyboard meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.gateways.posts_file.test_posts_read import FULL, WORK

from vardnara.config.command import main

ROOT = Path(__file__).resolve().parents[2]
KEYS = [
    "title",
    "year",
    "service_level",
    "minutes_per_week",
    "fte",
    "days",
    "zones",
    "needs",
    "needed",
    "curve",
    "warnings",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "workload.toml").write_text(WORK)
    path = tmp_path / "posts.toml"
    path.write_text(FULL)
    return path


def test_the_document_and_its_sums(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Covered and uncovered are the whole; care is relieved of what is covered; money is E-07 with its basis."""
    assert main(["posts", str(file), "--posts", "3", "--json", "--csv", str(file.with_suffix(".csv"))]) == 0
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert list(found) == KEYS and told.err == ""
    total = found["minutes_per_week"]["typical"]
    for n, row in enumerate(found["curve"]):
        assert row["posts"] == n == row["weekday_posts"] + row["all_day_posts"] and row["status"] == "optimal"
        assert row["covered_minutes"] + row["uncovered_minutes"] == pytest.approx(total, abs=0.01)
        assert sum(row["uncovered_by_hour"]) == pytest.approx(row["uncovered_minutes"], abs=0.1)
        assert sum(row["uncovered_by_day"].values()) == pytest.approx(row["uncovered_minutes"], abs=0.1)
        assert row["care_minutes_left"] == row["uncovered_minutes"] and len(row["uncovered"]) == 7
        assert row["step"]["covered_minutes"] <= row["covered_minutes"] + 0.01
    # 12 x 26,000 + 31 x 0.605 % x 26,000 + 12,000 = 328,876.30; 39 % of it; 20,000 of overhead
    (cost,) = found["curve"][2]["cost"]
    assert cost["per_post_sek"] == 477138.06 and cost["total_sek"] == 954276.12 and cost["pay_year"] == 2026
    assert found["curve"][1]["step"]["text"].startswith("the 1st post buys")
    assert found["needed"]["low"]["posts"] <= found["needed"]["typical"]["posts"] <= found["needed"]["high"]["posts"]
    assert {one["code"] for one in found["warnings"]} == {"ASSUMED", "UNVERIFIED_NUMBERS", "UNVERIFIED_NORMS"}
    rows = list(csv.DictReader(file.with_suffix(".csv").read_text().splitlines()))
    assert [float(row["covered_minutes"]) for row in rows] == [row["covered_minutes"] for row in found["curve"]]


def test_the_table_for_people(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Posts by hours and by cover, the curve, what each post buys, and what it rests on."""
    assert main(["posts", str(file), "--posts", "1"]) == 0
    text = capsys.readouterr().out
    assert "posts by hours alone" in text and "80% of the hours" in text and "- the 1st post buys" in text
    assert "- the wards are invented" in text and "no measurement stands behind these numbers" in text


def test_faults_are_one_a_line_and_nothing_is_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, every fault with its place, an empty stdout."""
    assert main(["posts", str(file), "--posts", "-1"]) == 2
    assert "--posts: -1, expected a whole number from 0 to 200" in capsys.readouterr().err
    assert main(["posts", str(file), "--posts", "0", "--csv", str(file.parent / "no" / "x.csv")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    file.write_text('workload = "workload.toml"\nposts = "x"\n[weights]\nlunch = 1\n')
    assert main(["posts", str(file), "--json"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and [line.split(":")[1] for line in told.err.splitlines()] == ["2", "4"]


def test_the_phase_out_case_is_read_and_says_what_it_assumes(capsys: pytest.CaptureFixture[str]) -> None:
    """The example of a decision that names posts and no work: its first points are those of its page."""
    assert main(["posts", str(ROOT / "examples/phase-out/posts.toml"), "--posts", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    page = (ROOT / "examples/phase-out/README.md").read_text()
    first = found["curve"][1]
    told = f"| 1 | {first['covered_minutes'] / 60:.1f} | {first['uncovered_minutes'] / 60:.1f} | "
    assert told in page and f"{first['cost'][0]['total_sek']:,.0f}" in page
    assert f"{found['needed']['typical']['posts']} where nobody works more than" in " ".join(page.split())
    assert "does not say what work the posts carry" in found["warnings"][0]["text"]
