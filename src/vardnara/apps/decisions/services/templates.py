"""A region's own Word templates: taken back changed, and given up again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.decisions.choices import TemplateKind
from vardnara.apps.decisions.models import DocumentTemplate
from vardnara.apps.decisions.services.recording import writer_require
from vardnara.engines.documents import template_faults
from vardnara.kernel.errors import InputError

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

KEEPERS = (Role.ADMINISTRATOR, Role.SERVICE_HEAD, Role.CONTROLLER)


@transaction.atomic
def template_set(
    *, hospital_id: int, kind: TemplateKind, file_name: str, content: bytes, actor: User, at: datetime
) -> DocumentTemplate:
    """Use a template from now on. Who keeps templates.

    Raises ``InputError`` with everything that is wrong with it: no Word file, names that there are not, content that
    would be lost.
    """
    writer_require(actor, hospital_id, KEEPERS)
    faults = template_faults(content)
    if faults:
        raise InputError(faults, "bad_template")
    _replace(hospital_id, kind, at)
    return DocumentTemplate.objects.create(
        hospital_id=hospital_id, kind=kind, file_name=file_name[:200], content=content, made_at=at, made_by=actor
    )


@transaction.atomic
def template_drop(*, hospital_id: int, kind: TemplateKind, actor: User, at: datetime) -> None:
    """Use ours again. Who keeps templates."""
    writer_require(actor, hospital_id, KEEPERS)
    _replace(hospital_id, kind, at)


def _replace(hospital_id: int, kind: TemplateKind, at: datetime) -> None:
    own = DocumentTemplate.objects.select_for_update().filter(
        hospital_id=hospital_id, kind=kind, replaced_at__isnull=True
    )
    own.update(replaced_at=at)
