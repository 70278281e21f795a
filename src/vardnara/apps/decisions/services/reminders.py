"""Reminders of days to come and days that are past, each sent once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import pgettext

from vardnara.apps.decisions.models import Reminder
from vardnara.apps.decisions.queries.reminders import PAST, ToTell, reminders_due
from vardnara.apps.service.services.messages import message_post
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from vardnara.apps.service.choices import AlertChannel


def reminders_keep(*, at: datetime) -> int:
    """Send what is due and was not sent; returns how many. Run twice, or by two at once, it sends each once."""
    return sum(_send(one, at) for one in reminders_due(today=local_date(at)))


def _send(one: ToTell, at: datetime) -> bool:
    try:
        with transaction.atomic():
            channels = _post(one, at)
            Reminder.objects.create(
                case_id=one.case_id,
                kind=one.kind,
                subject=one.subject,
                text=one.text,
                on=one.on,
                days=one.days,
                user_id=one.to.id,
                channels=" ".join(channels),
                at=at,
            )
    except IntegrityError as error:
        if "reminder_once" not in str(error):
            raise
        return False
    return True


def _post(one: ToTell, at: datetime) -> list[AlertChannel]:
    """The words in the reader's language, into the outbox."""
    with translation.override(one.to.language):
        day = date_format(one.on, "j F Y")
        title = str(one.kind.label).capitalize()
        text = f"{day}: {one.text}"
        if one.days == PAST:
            text = pgettext("reminder", "%(day)s is past: %(text)s") % {"day": day, "text": one.text}
    return message_post(user_id=one.to.id, title=title, text=text, path=f"/arenden/{one.case_id}/", at=at)
