"""What a sender's precaution codes (PV2-41) mean, and which of them nobody has mapped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from vardnara.apps.hospital.choices import ContagionClass
from vardnara.apps.hospital.models import Sender
from vardnara.apps.hospital.services.inbox_mending import sender_update
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

CODE_LENGTH = 60
CODES_LIMIT = 200  # of those that nobody mapped: a sender that writes prose does not fill the row


def contagion_codes_set(*, sender_id: int, codes: Mapping[str, str], actor: AbstractUser, at: datetime) -> None:
    """Say what each of the sender's codes means: a contagion class, or empty for none. Integrator, administrator.

    Messages that are applied from now on are read so; what is recorded keeps its class, because only a person at the
    bed lowers one.
    """
    wrong = sorted(set(codes.values()) - set(ContagionClass.values))
    if wrong:
        raise RuleBroken("unknown_class", ", ".join(wrong))
    if any(not code or len(code) > CODE_LENGTH for code in codes):
        raise RuleBroken("bad_input", "a code is empty or too long")
    sender_update(sender_id=sender_id, actor=actor, at=at, contagion_codes=dict(codes))


def unmapped_code_note(sender: Sender, code: str) -> None:
    """Remember a code that nobody has mapped, without whom it was about. Needs ``state_lock``: one writer at a time."""
    code = code[:CODE_LENGTH]
    if code in sender.unmapped_codes or len(sender.unmapped_codes) >= CODES_LIMIT:
        return
    sender.unmapped_codes.append(code)
    Sender.objects.filter(pk=sender.pk).update(unmapped_codes=sender.unmapped_codes)
