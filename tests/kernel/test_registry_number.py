"""Registry numbers by each organisation's own form, and paragraphs by organ and year."""

from __future__ import annotations

import contextlib
import re
import time
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vardnara.kernel.errors import InputError
from vardnara.kernel.paragraphs import paragraph_next, paragraph_number, paragraphs_out_of_order
from vardnara.kernel.registry_number import (
    LONGEST_PATTERN,
    pattern_read,
    regex_read,
    registry_number_fits,
    template_read,
)
from vardnara.parameters.registry_patterns import registry_patterns

ORGANS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ", min_size=1, max_size=8)
DOMAIN = ("HSN/1895/2025", "RS/113/2026", "RS 35-2021", "RS140031", "PS2015-0001", "LD11/02896")


def test_every_form_of_the_domain_is_shipped() -> None:
    """Each number of DOMAIN 2.1 is in one of the shipped forms, and in one only."""
    forms = [template_read(one.template) for one in registry_patterns()]
    for number in DOMAIN:
        assert sum(form.matches(number) for form in forms) == 1, number


@given(ORGANS, st.integers(1, 9_999_999), st.integers(1900, 2099), st.text(max_size=4))
def test_a_template_takes_what_it_says_and_nothing_longer(organ: str, number: int, year: int, more: str) -> None:
    """Whatever organ, number and year: in the form; anything added or left out: not."""
    form = template_read("{organ}/{number}/{year}")
    text = f"{organ}/{number}/{year}"
    assert form.matches(text)
    assert not form.matches(text + "x") and not form.matches(text[:-1])
    if more and not more.isdigit():
        assert not form.matches(f"{organ}/{number}{more}/{year}")


ATOMS = st.sampled_from(["a", "b", r"\d", "[ab]", "[^a]", "[0-9]", r"\/", "."])
ONE = st.builds(lambda atom, times: atom + times, ATOMS, st.sampled_from(["", "?", "*", "+", "{2}", "{1,3}", "{0,2}"]))
ROW = st.lists(ONE, max_size=4).map("".join)
GROUP = st.builds(lambda a, b, tail: f"({a}|{b}){tail}", ROW, ROW, st.sampled_from(["", ""]))
PLAIN = st.lists(ATOMS, max_size=3).map("".join)
REPEATED = st.builds(lambda a, b, tail: f"({a}|{b}){tail}", PLAIN, PLAIN, st.sampled_from(["?", "*", "+", "{1,2}"]))
REGEX = st.lists(st.one_of(ROW, GROUP, REPEATED), min_size=1, max_size=4).map("".join)


@settings(max_examples=300)
@given(REGEX, st.text("ab01/x", max_size=12))
def test_a_regular_expression_means_what_it_always_means(pattern: str, text: str) -> None:
    """Against the standard library, which is slow on some patterns and right on all."""
    assume(0 < len(pattern) <= LONGEST_PATTERN)
    assert regex_read(pattern).matches(text) == bool(re.fullmatch(pattern, text, re.ASCII))


@pytest.mark.parametrize("pattern", ["(a|a|aa|aaa)*" * 8 + "b", "a*" * 59 + "b", "(a?){60}" + "a{60}"])
def test_no_pattern_takes_long(pattern: str) -> None:
    """Patterns that would hang a backtracking matcher answer at once, or are not taken."""
    began = time.perf_counter()
    with contextlib.suppress(InputError):
        regex_read(pattern).matches("a" * 60)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("form", "text", "place"),
    [
        ("template", "{organ}/{nummer}", "9"),
        ("template", "{organ}/{year}", "15"),
        ("template", "{number}}", "9"),
        ("template", "{year:4}{number}", "1"),
        ("template", "  ", "1"),
        ("regex", "(a+)+", "1"),
        ("regex", "a**", "3"),
        ("regex", "[a", "1"),
        ("regex", "(a", "1"),
        ("regex", "a)", "2"),
        ("regex", r"\w", "1"),
        ("regex", "(?=a)", "2"),
        ("regex", "a{3,1}", "2"),
        ("regex", "a{99}", "2"),
        ("regex", "a" * 121, "1"),
        ("glob", "a", ""),
    ],
)
def test_what_cannot_be_read_names_its_place(form: str, text: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        pattern_read(form, text)
    assert caught.value.faults[0].place == place


def test_without_a_form_every_number_is_taken() -> None:
    assert registry_number_fits("anything", [])
    assert not registry_number_fits("anything", [template_read("{number}")])
    assert regex_read(r"^RS \d+$").matches("RS 12")
    assert not template_read("{number}").matches("1" * 61)
    four = template_read("{organ}{yy}{number:4}")
    assert [four.matches(text) for text in ("RS140031", "RS14031", "RS1400311")] == [True, False, False]


@given(st.lists(st.integers(1, 400), unique=True, max_size=40), st.randoms())
def test_days_in_order_are_never_warned_of(numbers: list[int], shuffle) -> None:  # type: ignore[no-untyped-def]
    """Whatever order they come in: higher numbers on later days are in order, and a swapped pair is both named."""
    day = date(2026, 1, 1)
    rows = [(number, day + timedelta(days=place // 3)) for place, number in enumerate(sorted(numbers))]
    given_in = rows.copy()
    shuffle.shuffle(given_in)
    assert not paragraphs_out_of_order(given_in)
    assert paragraph_next(numbers) not in numbers
    if len(rows) > 3:
        (low, early), (high, late) = rows[0], rows[-1]
        wrong = paragraphs_out_of_order([(low, late), *rows[1:-1], (high, early)])
        assert {low, high} <= wrong


def test_a_paragraph_is_read_out_of_what_documents_write() -> None:
    assert [paragraph_number(text) for text in ("§ 139", "104", "", "§")] == [139, 104, None, None]
