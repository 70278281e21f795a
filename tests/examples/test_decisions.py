"""The five decision documents as cases: every figure, every warning, and what makes a warning go."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from tests.strategies.cases import ALL, HALLAND, MEASURES, PROTOCOL, REALLOCATION, REVIEW, changed, codes, example

from vardnara.engines.case import Examination, FigureKind, Quote

SOURCES = {
    "S0": REVIEW,
    "S1": HALLAND,
    "S2": REALLOCATION,
    "S3": PROTOCOL,
    "S4": MEASURES,
}


def test_the_review_of_ward_service() -> None:
    """doc S0, CONTRACT 5: posts, gross and net, the budget year, the hours."""
    found = example(REVIEW)
    assert found.posts is not None and found.effect is not None and found.balance is not None
    assert (found.posts.removed, found.posts.in_frame, found.posts.reaimed) == (13, 11, 1)
    full, year = found.effect.full_year, found.effect.budget_year
    assert {row.payer: row.gross_sek for row in full.rows} == {
        "Regionservice": 4_300_000,
        "Hälso- och sjukvården": 460_000,
    }
    assert (full.gross_sek, full.net_sek) == (4_760_000, 4_300_000)
    assert year is not None and year.year == 2026
    assert (str(year.gross_sek), str(year.net_sek)) == ("3966666.67", "3583333.33")
    assert (found.balance.leaving, found.balance.received) == (21_385, 1_645)
    assert codes(found) == [
        "POST_OUTSIDE_FRAME",
        "SAVING_REINVESTED",
        "CONTRADICTING_SOURCES",
        "HOURS_WITHOUT_HOME",
        "TASK_MOVES_BOTH_WAYS",
    ]


def test_what_is_our_inference_says_so() -> None:
    """CONTRACT 5: kronor per post are not the document's."""
    found = {value.figure.id: value for value in example(REVIEW).figures}
    for name, value in (("per_post_service", 430_000), ("per_post_care", 460_000)):
        assert found[name].value == value
        assert found[name].figure.kind is FigureKind.DERIVED
        assert "vår slutledning" in found[name].figure.note


def test_halland() -> None:
    """doc S1: cost, compensation and deviation; the 12 million are quoted and nothing is reckoned from them alone."""
    found = example(HALLAND)
    assert found.ledger is not None
    assert (found.ledger.cost_sek, found.ledger.compensation_sek) == (23_400_000, 11_000_000)
    assert found.ledger.deviation_sek == -12_400_000
    assert found.effect is None
    estimate = next(value for value in found.figures if value.figure.id == "estimate")
    assert (estimate.value, estimate.figure.kind) == (12_000_000, FigureKind.QUOTED)
    assert "kan inte räknas fram" in estimate.figure.note
    assert codes(found) == ["SCOPE_HOLE", "COMPENSATION_BELOW_COST"]


def test_the_reallocation() -> None:
    """doc S2: ten posts, 4.5 million a year that another board gives up; a year that nobody paid for."""
    found = example(REALLOCATION)
    assert found.posts is not None and found.effect is not None
    assert (found.posts.removed, found.posts.in_frame) == (-10, 10)
    assert found.effect.full_year.gross_sek == -4_500_000
    assert found.effect.full_year.row("Hälso- och sjukvårdsnämnden").gross_sek == -4_500_000
    assert codes(found) == ["DECISION_EXPIRES", "FUNDING_ENDS", "UNFUNDED_PERIOD", "CONTRADICTING_SOURCES"]


def test_the_protocol_and_the_measures() -> None:
    """doc S3 and S4: no money to reckon; the review of hires and agency staff runs out."""
    assert codes(example(PROTOCOL)) == []
    measures = example(MEASURES)
    assert codes(measures) == ["DECISION_EXPIRES"]
    assert measures.value("two_activities") == 175_000_000
    assert measures.effect is None


def group(figure: str) -> str:
    return f'figure = "{figure}"\nlabel = '


GONE = [
    (
        "POST_OUTSIDE_FRAME",
        REVIEW,
        [("in_frame = false", "in_frame = true")],
    ),
    (
        "SAVING_REINVESTED",
        REVIEW,
        [('kind = "reinvestment"', 'kind = "one_off"')],
    ),
    (
        "HOURS_WITHOUT_HOME",
        REVIEW,
        [("value = 0\nnote", "value = 19740\nnote")],
    ),
    (
        "TASK_MOVES_BOTH_WAYS",
        REVIEW,
        [('task = "Hemgångsstäd"\ngiver = "vården"', 'task = "Smittstäd"\ngiver = "vården"')],
    ),
    (
        "CONTRADICTING_SOURCES",
        REVIEW,
        [('says = "10 augusti 2022"', 'says = "15 juni 2023"')],
    ),
    (
        "SCOPE_HOLE",
        HALLAND,
        [
            (
                'label = "Helgtjänstgöring"\nresponsible = ""\nagreed_in = ""',
                'label = "Helgtjänstgöring"\nresponsible = "RGS"\nagreed_in = "bilaga 1"',
            ),
            (
                'label = "Slutstädning"\nresponsible = ""\nagreed_in = ""',
                'label = "Slutstädning"\nresponsible = "RGS"\nagreed_in = "bilaga 1"',
            ),
        ],
    ),
    (
        "COMPENSATION_BELOW_COST",
        HALLAND,
        [("value = 11000000", "value = 23400000")],
    ),
    (
        "DECISION_EXPIRES",
        REALLOCATION,
        [('organ = "Regionfullmäktige"\nis_decided = false', 'organ = "Regionfullmäktige"\nis_decided = true')],
    ),
    (
        "FUNDING_ENDS",
        REALLOCATION,
        [("to_on = 2023-01-01", "to_on = 2024-01-01")],
    ),
    (
        "UNFUNDED_PERIOD",
        REALLOCATION,
        [("to_on = 2023-01-01", "to_on = 2024-01-01")],
    ),
]


@pytest.mark.parametrize(("code", "name", "changes"), GONE, ids=[code for code, _, _ in GONE])
def test_change_the_data_and_the_warning_goes(
    code: str, name: str, changes: list[tuple[str, str]], tmp_path: Path
) -> None:
    """No warning knows a case by its name: the same file with other data does not raise it, and keeps the others."""
    before = codes(example(name))
    assert code in before
    after = codes(changed(name, tmp_path, *changes))
    assert code not in after
    gone = {code, "FUNDING_ENDS", "UNFUNDED_PERIOD"} if code in ("FUNDING_ENDS", "UNFUNDED_PERIOD") else {code}
    assert [one for one in after if one != "FIGURE_DISAGREES"] == [one for one in before if one not in gone]


def test_a_sum_that_is_not_its_parts_is_told(tmp_path: Path) -> None:
    """Quoted sums are added up: another total of the same parts would be seen."""
    found = changed(REVIEW, tmp_path, ("value = 4760000", "value = 4800000"))
    (concern,) = [one for one in found.concerns if one.code == "FIGURE_DISAGREES"]
    assert (concern.facts["value"], concern.facts["reckoned"]) == (4_800_000, 4_760_000)


# ------------------------------------------------------------------ beside the documents themselves


def plain(text: str) -> str:
    """Words with single blanks between them; words that a line end split are one."""
    return re.sub(r"\s+", " ", re.sub(r"-\s*\n\s*", "-", text.replace("”", '"'))).strip().casefold()


def quotes(found: Examination) -> list[Quote]:
    case = found.case
    rows = [*case.figures, *case.steps, *case.scope, *case.tasks, *case.measures, *case.accounts]
    return [row.quote for row in rows if row.quote is not None]


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ALL)
def test_every_quote_stands_in_its_document(name: str, shared_data: Path) -> None:
    """A quote is the document's own words."""
    found = example(name)
    texts = {key: plain((shared_data / "decisions" / f"{file}.txt").read_text()) for key, file in SOURCES.items()}
    told = quotes(found)
    assert told
    for quote in told:
        assert plain(quote.text) in texts[quote.source], quote


COUNTED = r"(?:m(?:n)?kr|miljoner kronor|heltidstjänster|tjänster|pooltjänster|personer|timmar|disponibla vårdplatser)"
NUMBER = re.compile(rf"(?<![\d§.\-])(\d+(?:,\d+)?)\s+(?:av \d+ )?(?:ytterligare )?{COUNTED}")


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ALL)
def test_every_figure_of_the_document_is_in_the_case(name: str, shared_data: Path) -> None:
    """Each amount, post, hour and bed that the document counts is a figure of the case."""
    text = re.sub(r"\s+", " ", (shared_data / "decisions" / f"{name}.txt").read_text())
    found = {abs(value.value) for value in example(name).figures}
    for match in NUMBER.finditer(text):
        told = Decimal(match[1].replace(",", "."))
        scale = 1_000_000 if re.search(r"kr|kronor", match[0]) else 1
        assert told * scale in found, match[0]


@pytest.mark.shared_data
def test_the_search_for_figures_finds_them(shared_data: Path) -> None:
    """The search itself is not blind: it finds the amounts and posts of every document that has any."""
    counts = {
        name: len(NUMBER.findall(re.sub(r"\s+", " ", (shared_data / "decisions" / f"{name}.txt").read_text())))
        for name in ALL
    }
    assert counts[REVIEW] >= 8 and counts[HALLAND] >= 6 and counts[REALLOCATION] >= 4 and counts[MEASURES] == 1
