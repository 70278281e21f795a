"""Pieces that several tables of food are made of: lists of codes, and what a declaration may not say."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from vardnara.apps.meals.constants import ALLERGEN_CODES, IDDSI_LEVELS, TEXTURE_CODES


def codes(length: int = 40) -> Any:
    """A list of codes, empty at first."""
    return ArrayField(models.CharField(max_length=length), default=list, blank=True)


def levels() -> Any:
    """A list of IDDSI levels."""
    return ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)


def declaration_checks(prefix: str) -> list[models.BaseConstraint]:
    """What holds wherever somebody declares allergens: known codes, each said once, and nothing unless declared."""
    known = list(ALLERGEN_CODES)
    return [
        models.CheckConstraint(
            condition=Q(contains__contained_by=known)
            & Q(may_contain__contained_by=known)
            & Q(unknown__contained_by=known),
            name=f"{prefix}_codes",
        ),
        models.CheckConstraint(
            condition=~Q(contains__overlap=F("may_contain"))
            & ~Q(contains__overlap=F("unknown"))
            & ~Q(may_contain__overlap=F("unknown")),
            name=f"{prefix}_once",
        ),
        models.CheckConstraint(
            condition=Q(declared=True) | Q(contains=[], may_contain=[], unknown=[]), name=f"{prefix}_said"
        ),
        models.CheckConstraint(
            condition=Q(declared=False) | (Q(by__isnull=False) & ~Q(profession="")), name=f"{prefix}_by"
        ),
    ]


def texture_checks(prefix: str) -> list[models.BaseConstraint]:
    """Textures and IDDSI levels that exist."""
    return [
        models.CheckConstraint(
            condition=Q(textures__contained_by=list(TEXTURE_CODES)) & Q(iddsi__contained_by=list(IDDSI_LEVELS)),
            name=f"{prefix}_textures",
        )
    ]
