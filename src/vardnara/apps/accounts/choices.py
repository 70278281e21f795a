"""Roles: who a person is to Vardnara decides what they may see and do."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    SERVICE_WORKER = "service_worker", pgettext_lazy("role", "Service worker")
    WARD_STAFF = "ward_staff", pgettext_lazy("role", "Ward staff")
    COORDINATOR = "coordinator", pgettext_lazy("role", "Coordinator")
    SERVICE_HEAD = "service_head", pgettext_lazy("role", "Head of ward service")
    UNIT_MANAGER = "unit_manager", pgettext_lazy("role", "Unit manager")
    KITCHEN = "kitchen", pgettext_lazy("role", "Kitchen")
    CONTROLLER = "controller", pgettext_lazy("role", "Controller")
    DECISION_MAKER = "decision_maker", pgettext_lazy("role", "Decision-maker")
    INTEGRATOR = "integrator", pgettext_lazy("role", "Integrator")
    AUDITOR = "auditor", pgettext_lazy("role", "Auditor")
    ADMINISTRATOR = "administrator", pgettext_lazy("role", "Administrator")
    UNION_REP = "union_rep", pgettext_lazy("role", "Union representative")
    SAFETY_REP = "safety_rep", pgettext_lazy("role", "Safety representative")


class Profession(models.TextChoices):
    """What decides which parts of a patient's diet a person may order (F-10, F-15); apart from the role."""

    NONE = "", pgettext_lazy("profession", "Not stated")
    ASSISTANT_NURSE = "assistant_nurse", pgettext_lazy("profession", "Assistant nurse")
    NURSE = "nurse", pgettext_lazy("profession", "Nurse")
    PHYSICIAN = "physician", pgettext_lazy("profession", "Physician")
    DIETITIAN = "dietitian", pgettext_lazy("profession", "Dietitian")
    SPEECH_THERAPIST = "speech_therapist", pgettext_lazy("profession", "Speech therapist")
    DIET_COOK = "diet_cook", pgettext_lazy("profession", "Diet cook")


class AccessAction(models.TextChoices):
    READ = "read", pgettext_lazy("access", "read")
    WRITE = "write", pgettext_lazy("access", "wrote")
    PRINT = "print", pgettext_lazy("access", "printed")
    EXPORT = "export", pgettext_lazy("access", "exported")
    SEARCH = "search", pgettext_lazy("access", "searched")
    REFUSED = "refused", pgettext_lazy("access", "was refused")
