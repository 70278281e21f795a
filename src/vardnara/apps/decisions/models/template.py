"""A region's own Word templates."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.decisions.choices import TemplateKind

ONLY_REPLACED = """
BEGIN
    IF (to_jsonb(NEW) - 'replaced_at') <> (to_jsonb(OLD) - 'replaced_at') OR OLD.replaced_at IS NOT NULL THEN
        RAISE EXCEPTION 'a template is replaced, never changed';
    END IF;
    RETURN NEW;
END;
"""


class DocumentTemplate(models.Model):
    """The Word template of a form of document; the newest that is not replaced is used, ours where there is none."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="document_templates")
    kind = models.CharField(max_length=20, choices=TemplateKind.choices)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "kind"], condition=Q(replaced_at__isnull=True), name="decisions_template_one_in_use"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_replaced", when=pgtrigger.Before, operation=pgtrigger.Update, func=ONLY_REPLACED
            ),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]
