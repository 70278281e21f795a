"""Messages of other apps to one person, by the ways that the person has: the same outbox as the ladder's."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from vardnara.apps.accounts.queries import active_user
from vardnara.apps.service.choices import AlertChannel
from vardnara.apps.service.models import AlertSend, PushDevice


@transaction.atomic
def message_post(*, user_id: int, title: str, text: str, path: str, at: datetime) -> list[AlertChannel]:
    """Put a message to a person into the outbox; returns by which ways it will go: none where they have none.

    To every browser that has notifications on, and by e-mail where the person has an address and there is a server.
    """
    user = active_user(user_id)
    ways = []
    if PushDevice.objects.filter(user=user).exists():
        ways.append(AlertChannel.PUSH)
    if user.email and settings.SMTP_URL:
        ways.append(AlertChannel.MAIL)
    for way in ways:
        AlertSend.objects.create(
            channel=way,
            target=f"user:{user.pk}",
            user=user,
            title=title[:120],
            text=text[:400],
            path=path,
            made_at=at,
            due_at=at,
        )
    return ways
