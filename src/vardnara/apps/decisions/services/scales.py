"""A hospital's own scales of risk, in versions."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify

from vardnara.apps.accounts.choices import Role
from vardnara.apps.decisions.models import RiskScale
from vardnara.apps.decisions.queries.scales import scale_template
from vardnara.apps.decisions.services.recording import writer_require
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.risk_templates import LEVELS, RiskTemplate

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

EDITORS = (Role.ADMINISTRATOR, Role.SERVICE_HEAD)
FEWEST, MOST = 3, 5  # steps each way


@dataclass(frozen=True, slots=True)
class ScaleWords:
    """A scale as somebody writes it. ``overrides`` are cells by ``likelihood x severity`` that the rule is not for."""

    name: str
    likelihood_words: list[str]
    severity_words: list[str]
    green_to: int
    yellow_to: int
    red_severity: int
    action_from: int
    likelihood_words_en: list[str] = field(default_factory=list)
    severity_words_en: list[str] = field(default_factory=list)
    overrides: dict[str, str] = field(default_factory=dict)


def scale_check(words: ScaleWords, *, at: datetime) -> RiskTemplate:
    """The scale that the words say.

    Raises ``RuleBroken`` with the field, and what is wrong with it, as ``field|...`` in ``detail``.
    """
    if not words.name.strip() or not slugify(words.name):
        raise RuleBroken("bad_input", "name")
    for name in ("likelihood_words", "severity_words"):
        given, english = getattr(words, name), getattr(words, f"{name}_en")
        if not FEWEST <= len(given) <= MOST or len({one.casefold() for one in given}) != len(given):
            raise RuleBroken("scale_words", name)
        if english and len(english) != len(given):
            raise RuleBroken("scale_words_english", f"{name}_en")
    n_severity, highest = len(words.severity_words), len(words.likelihood_words) * len(words.severity_words)
    if not 1 <= words.green_to < words.yellow_to < highest:
        raise RuleBroken("scale_limits", "yellow_to")
    if not 2 <= words.red_severity <= n_severity + 1:
        raise RuleBroken("scale_red_severity", "red_severity")
    if not 1 <= words.action_from <= highest:
        raise RuleBroken("scale_action", "action_from")
    row = RiskScale(made_at=at, number=1, code=slugify(words.name)[:40], **_values(words))
    template = scale_template(row)
    wrong = cell_lower_than_below(template)
    if wrong is not None:
        raise RuleBroken("scale_colours_fall", f"overrides|{wrong[0]} × {wrong[1]}")
    return template


def _values(words: ScaleWords) -> dict[str, object]:
    return {one.name: getattr(words, one.name) for one in fields(ScaleWords)}


def cell_lower_than_below(template: RiskTemplate) -> tuple[int, int] | None:
    """A cell whose colour is milder than that of a less likely or less severe one."""
    order = {level: place for place, level in enumerate(LEVELS)}
    for likelihood in range(1, template.n_likelihood + 1):
        for severity in range(1, template.n_severity + 1):
            here = order[template.level(likelihood, severity)]
            below = [(likelihood - 1, severity), (likelihood, severity - 1)]
            if any(a and b and order[template.level(a, b)] > here for a, b in below):
                return likelihood, severity
    return None


@transaction.atomic
def scale_add(*, hospital_id: int, words: ScaleWords, of_id: int | None = None, actor: User, at: datetime) -> RiskScale:
    """A new scale, or the next version of one (``of_id``). Analyses keep theirs. Administrator, head of service."""
    writer_require(actor, hospital_id, EDITORS)
    scale_check(words, at=at)
    code = slugify(words.name)[:40]
    rows = RiskScale.objects.select_for_update().filter(hospital_id=hospital_id)
    if of_id is not None:
        before = rows.filter(pk=of_id).first()
        if before is None:
            raise RuleBroken("unknown_scale", str(of_id))
        code = before.code
    elif rows.filter(code=code).exists():
        raise RuleBroken("name_taken", code)
    newest = rows.filter(code=code).order_by("-number").first()
    return RiskScale.objects.create(
        hospital_id=hospital_id,
        code=code,
        number=newest.number + 1 if newest else 1,
        made_at=at,
        made_by=actor,
        **_values(words),
    )
