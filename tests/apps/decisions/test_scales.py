"""A hospital's own scales of risk: written, looked at, versioned, and kept by the analyses that were made with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, IntegrityError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.decisions.test_case_services import broken, case_of
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import RiskAnalysis, RiskScale
from vardnara.apps.decisions.queries.risks import risk_sides
from vardnara.apps.decisions.queries.scales import scale_levels, template_of
from vardnara.apps.decisions.services.scales import cell_lower_than_below, scale_check
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.risk_templates import risk_templates

WORDS = services.ScaleWords(
    name="Regionens skala",
    likelihood_words=["osannolik", "möjlig", "trolig", "säker"],
    severity_words=["mindre", "måttlig", "betydande", "katastrofal"],
    green_to=3,
    yellow_to=8,
    red_severity=5,
    action_from=6,
)


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def add(stage: Stage, words: services.ScaleWords = WORDS, **more: Any) -> RiskScale:
    who = {"actor": stage.users["administrator"], "at": AT} | more
    return services.scale_add(hospital_id=stage.ward.division.hospital_id, words=words, **who)


@pytest.mark.parametrize(
    ("code", "field", "change"),
    [
        ("scale_words", "likelihood_words", {"likelihood_words": ["a", "b"]}),
        ("scale_words", "severity_words", {"severity_words": ["a", "b", "A", "c"]}),
        ("scale_words_english", "severity_words_en", {"severity_words_en": ["minor"]}),
        ("scale_limits", "yellow_to", {"green_to": 8}),
        ("scale_limits", "yellow_to", {"yellow_to": 16}),
        ("scale_red_severity", "red_severity", {"red_severity": 6}),
        ("scale_action", "action_from", {"action_from": 17}),
        ("scale_colours_fall", "overrides", {"overrides": {"1x2": "red"}}),
        ("bad_input", "name", {"name": " "}),
    ],
)
def test_what_is_wrong_with_a_scale_names_its_field(code: str, field: str, change: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken) as caught:
        scale_check(replace(WORDS, **change), at=AT)
    assert (caught.value.code, caught.value.detail.partition("|")[0]) == (code, field)


@given(
    st.dictionaries(
        st.builds("{}x{}".format, st.integers(1, 4), st.integers(1, 4)), st.sampled_from(["green", "yellow", "red"])
    )
)
def test_no_scale_is_milder_where_a_risk_is_worse(overrides: dict[str, str]) -> None:
    """Whatever cells are painted: what is taken never falls, by the judge of every pair of cells."""
    order = ["green", "yellow", "red"]
    try:
        template = scale_check(replace(WORDS, overrides=overrides), at=AT)
    except RuleBroken as error:
        assert error.code == "scale_colours_fall"
        return
    cells = {(a, b): order.index(template.level(a, b)) for a in range(1, 5) for b in range(1, 5)}
    assert all(
        cells[one] <= cells[other] for one in cells for other in cells if one[0] <= other[0] and one[1] <= other[1]
    )


def test_the_shipped_scales_never_fall() -> None:
    assert not any(cell_lower_than_below(template) for template in risk_templates().values())


def test_an_analysis_keeps_the_scale_that_it_was_begun_with(stage: Stage) -> None:
    """A changed scale is a new version, for analyses that begin after it; nothing is edited in place."""
    who = {"actor": stage.users["controller"], "at": AT}
    first = add(stage)
    broken("name_taken", add, stage=stage)
    broken("wrong_role", add, stage=stage, words=replace(WORDS, name="x"), actor=stage.users["controller"])
    case, other = case_of(stage), case_of(stage)
    made = services.analysis_begin(case_id=case.pk, side="care", template=f"egen:{first.pk}", **who)
    words = services.RiskWords(area="patient", risk="Fall", likelihood=2, severity=3)
    services.risk_set(case_id=case.pk, analysis_id=made.pk, row_id=None, words=words, **who)
    too_far = {"case_id": case.pk, "analysis_id": made.pk, "row_id": None, "words": replace(words, severity=5)}
    broken("not_on_scale", services.risk_set, **too_far, **who)
    second = add(stage, replace(WORDS, green_to=6, action_from=7), of_id=first.pk)
    assert (second.code, second.number) == (first.code, 2)
    _, sides = risk_sides(actor=who["actor"], case_id=case.pk, at=AT, on=AT.date())
    [line] = next(side for side in sides if side.lines).lines
    assert (line.level, line.lacks_action) == ("yellow", True)
    services.analysis_settle(case_id=case.pk, analysis_id=made.pk, **who)
    again = services.analysis_begin(case_id=case.pk, side="care", **who)
    assert again.scale_id == first.pk
    new = services.analysis_begin(case_id=other.pk, side="care", template=f"egen:{second.pk}", **who)
    assert template_of(new).level(2, 3) == "green"
    broken("unknown_scale", services.analysis_begin, case_id=other.pk, side="service", template="egen:0", **who)
    with pytest.raises(DatabaseError), transaction.atomic():
        RiskScale.objects.filter(pk=first.pk).update(green_to=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        RiskScale.objects.create(hospital_id=first.hospital_id, code="x", number=1, green_to=9, yellow_to=8,
            red_severity=4, action_from=1, likelihood_words=[], severity_words=[], made_at=AT)  # fmt: skip


def test_a_scale_is_copied_looked_at_and_saved_on_its_page(stage: Stage) -> None:
    """The preview saves nothing; a fault stands at its field; the new scale is offered to a new analysis."""
    admin = Client(headers={"accept-language": "sv"})
    admin.force_login(stage.users["administrator"])
    page = admin.get("/arenden/skalor/ny/?fran=5x5&kopia")
    form = page.context["form"]
    asked = {
        name: "\n".join(value) if isinstance(value, list) else value
        for name in form.base_fields
        for value in [form.initial[name]]
    }
    where = "/arenden/skalor/ny/?fran=5x5&kopia"
    shown = admin.post(where, asked | {"cell_4_2": "red", "cell_5_2": "red", "preview": "1"})
    assert shown.status_code == 200 and not RiskScale.objects.exists()
    assert shown.context["levels"][1][1][1] == "red"
    wrong = admin.post(where, asked | {"cell_1_1": "red"})
    assert wrong.status_code == 422 and not RiskScale.objects.exists()
    assert admin.post(where, asked | {"yellow_to": "3"}).context["form"].errors.keys() == {"yellow_to"}
    assert admin.post(where, asked).status_code == 302
    made = RiskScale.objects.get()
    assert scale_levels(template_of(RiskAnalysis(scale=made))) == scale_levels(risk_templates()["5x5"])
    assert made.name in admin.get("/arenden/skalor/").content.decode()
    assert admin.post(f"/arenden/skalor/ny/?fran=egen:{made.pk}", asked | {"action_from": "5"}).status_code == 302
    assert RiskScale.objects.filter(code=made.code).count() == 2
    case = case_of(stage)
    assert made.name in admin.get(f"/arenden/{case.pk}/risker/").content.decode()
