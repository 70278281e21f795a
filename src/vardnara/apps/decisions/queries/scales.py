"""Scales of risk: those that are shipped, and a hospital's own in versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vardnara.apps.decisions.models import RiskAnalysis, RiskScale
from vardnara.apps.decisions.queries.cases import hospitals_in_reach
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.evidence import Evidence
from vardnara.parameters.risk_templates import RiskTemplate, risk_templates

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

OWN = "egen:"  # how an own scale is told from a shipped one in a choice


def scale_template(scale: RiskScale) -> RiskTemplate:
    """An own scale as the rules read it."""
    day = scale.made_at.date()
    return RiskTemplate(
        code=scale.code,
        n_likelihood=len(scale.likelihood_words),
        n_severity=len(scale.severity_words),
        green_to=scale.green_to,
        yellow_to=scale.yellow_to,
        red_severity=scale.red_severity,
        likelihood_words=tuple(scale.likelihood_words),
        severity_words=tuple(scale.severity_words),
        evidence=Evidence("score", day, f"{scale.name}, version {scale.number}", day, "agreed", "this hospital"),
        likelihood_words_en=tuple(scale.likelihood_words_en),
        severity_words_en=tuple(scale.severity_words_en),
        action_from=scale.action_from,
        overrides=dict(scale.overrides),
    )


def template_of(analysis: RiskAnalysis) -> RiskTemplate:
    """The scale that an analysis was made with."""
    return scale_template(analysis.scale) if analysis.scale is not None else risk_templates()[analysis.template]


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """A scale to choose: ``key`` is ``egen:ID`` or the code of a shipped one."""

    key: str
    name: str
    template: RiskTemplate
    scale: RiskScale | None


def scales_newest(hospital_ids: frozenset[int]) -> list[RiskScale]:
    """The newest version of each own scale."""
    rows = RiskScale.objects.filter(hospital_id__in=hospital_ids).order_by("hospital_id", "code", "-number")
    return list(rows.distinct("hospital_id", "code"))


def scale_rows(hospital_ids: frozenset[int]) -> list[ScaleRow]:
    """Every scale that a new analysis may have: the hospital's own first, then those that are shipped."""
    own = [
        ScaleRow(f"{OWN}{scale.pk}", scale.name, scale_template(scale), scale) for scale in scales_newest(hospital_ids)
    ]
    return own + [ScaleRow(code, code, template, None) for code, template in risk_templates().items()]


def scale_find(key: str, hospital_ids: frozenset[int]) -> ScaleRow:
    """A scale by its key; also an own one's earlier version."""
    number = key.removeprefix(OWN)
    if key.startswith(OWN) and number.isdigit() and len(number) < 18:
        scale = RiskScale.objects.filter(pk=int(number), hospital_id__in=hospital_ids).first()
        if scale is not None:
            return ScaleRow(key, scale.name, scale_template(scale), scale)
    elif key in risk_templates():
        return ScaleRow(key, key, risk_templates()[key], None)
    raise RuleBroken("unknown_scale", key)


@dataclass(frozen=True, slots=True)
class ScaleVersion:
    """An own scale with its versions."""

    row: ScaleRow
    versions: tuple[RiskScale, ...]


def scale_list(*, actor: User) -> list[ScaleVersion]:
    """Every scale within reach with its versions."""
    hospitals = hospitals_in_reach(actor)
    every: dict[tuple[int, str], list[RiskScale]] = {}
    for scale in RiskScale.objects.filter(hospital_id__in=hospitals).select_related("made_by").order_by("-number"):
        every.setdefault((scale.hospital_id, scale.code), []).append(scale)
    return [
        ScaleVersion(row, tuple(every[row.scale.hospital_id, row.scale.code]) if row.scale else ())
        for row in scale_rows(hospitals)
    ]


def scale_levels(template: RiskTemplate) -> list[tuple[int, list[str]]]:
    """The matrix: a row of colours for each likelihood, the highest first."""
    return [
        (likelihood, [template.level(likelihood, severity) for severity in range(1, template.n_severity + 1)])
        for likelihood in range(template.n_likelihood, 0, -1)
    ]
