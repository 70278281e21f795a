"""Tables of the work: catalogue, agreements, tasks with their history, and the day."""

from vardnara.apps.service.models.agreement import Agreement, AgreementLine, AgreementVersion
from vardnara.apps.service.models.catalogue import Norm, TaskType
from vardnara.apps.service.models.checkoff import Checkoff
from vardnara.apps.service.models.coordination import Absence, AbsenceTask, Handover, Note
from vardnara.apps.service.models.day import DayPlan, Spillover
from vardnara.apps.service.models.deviation import Deviation, DeviationPicture
from vardnara.apps.service.models.escalation import (
    AlertSend,
    Delivery,
    EscalationCase,
    Ladder,
    LadderRule,
    LadderStep,
    PushDevice,
    PushKey,
    Webhook,
)
from vardnara.apps.service.models.measured import NormProposal
from vardnara.apps.service.models.offline import CommandConflict
from vardnara.apps.service.models.paper import PaperEntry, PaperList
from vardnara.apps.service.models.sampling import SamplingPrompt, SamplingShift
from vardnara.apps.service.models.shift import Shift, ShiftBreak
from vardnara.apps.service.models.task import Task, TaskEvent
from vardnara.apps.service.models.transfer import TransferHome, TransferItem, TransferPlan, TransferStep

__all__ = [
    "Absence",
    "AbsenceTask",
    "Agreement",
    "AgreementLine",
    "AgreementVersion",
    "AlertSend",
    "Checkoff",
    "CommandConflict",
    "DayPlan",
    "Delivery",
    "Deviation",
    "DeviationPicture",
    "EscalationCase",
    "Handover",
    "Ladder",
    "LadderRule",
    "LadderStep",
    "Norm",
    "NormProposal",
    "Note",
    "PaperEntry",
    "PaperList",
    "PushDevice",
    "PushKey",
    "SamplingPrompt",
    "SamplingShift",
    "Shift",
    "ShiftBreak",
    "Spillover",
    "Task",
    "TaskEvent",
    "TaskType",
    "TransferHome",
    "TransferItem",
    "TransferPlan",
    "TransferStep",
    "Webhook",
]
