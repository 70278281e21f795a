"""What every page's template may know."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.middleware import TABLET

NAV = (
    ("service:work", pgettext_lazy("nav", "My work"), "brush-cleaning", (Role.SERVICE_WORKER,)),
    (
        "service:coordination",
        pgettext_lazy("nav", "Coordination"),
        "radio-tower",
        (Role.COORDINATOR, Role.SERVICE_HEAD),
    ),
    ("service:wards", pgettext_lazy("nav", "Wards"), "bed", (Role.WARD_STAFF, Role.COORDINATOR, Role.SERVICE_HEAD)),
    (
        "service:workload",
        pgettext_lazy("nav", "Workload"),
        "clock",
        (Role.COORDINATOR, Role.SERVICE_HEAD, Role.CONTROLLER, Role.DECISION_MAKER, Role.AUDITOR),
    ),
    (
        "service:catalogue",
        pgettext_lazy("nav", "Catalogue"),
        "list",
        (
            Role.SERVICE_HEAD,
            Role.CONTROLLER,
            Role.DECISION_MAKER,
            Role.UNIT_MANAGER,
            Role.AUDITOR,
            Role.ADMINISTRATOR,
        ),
    ),
    (
        "service:agreements",
        pgettext_lazy("nav", "Agreements"),
        "handshake",
        (
            Role.SERVICE_HEAD,
            Role.ADMINISTRATOR,
            Role.DECISION_MAKER,
            Role.UNIT_MANAGER,
            Role.COORDINATOR,
            Role.WARD_STAFF,
            Role.CONTROLLER,
            Role.AUDITOR,
        ),
    ),
    ("service:function_cards", pgettext_lazy("agreement", "Function cards"), "id-card", (Role.SERVICE_WORKER,)),
    (
        "service:measured",
        pgettext_lazy("nav", "Measured times"),
        "hourglass",
        (
            Role.COORDINATOR,
            Role.SERVICE_HEAD,
            Role.CONTROLLER,
            Role.DECISION_MAKER,
            Role.AUDITOR,
            Role.ADMINISTRATOR,
        ),
    ),
    ("hospital:inbox", pgettext_lazy("nav", "Inbox"), "inbox", (Role.INTEGRATOR, Role.AUDITOR, Role.ADMINISTRATOR)),
    (
        "hospital:places",
        pgettext_lazy("nav", "Places"),
        "map-pin",
        (Role.INTEGRATOR, Role.ADMINISTRATOR, Role.COORDINATOR),
    ),
    (
        "service:status",
        pgettext_lazy("nav", "Status"),
        "activity",
        (Role.COORDINATOR, Role.SERVICE_HEAD, Role.INTEGRATOR, Role.AUDITOR, Role.ADMINISTRATOR),
    ),
    (
        "service:paper",
        pgettext_lazy("nav", "Paper"),
        "printer",
        (Role.COORDINATOR, Role.SERVICE_HEAD, Role.WARD_STAFF),
    ),
    (
        "service:escalation",
        pgettext_lazy("nav", "Escalation"),
        "triangle-alert",
        (Role.COORDINATOR, Role.SERVICE_HEAD, Role.ADMINISTRATOR, Role.AUDITOR),
    ),
    (
        "service:alert_settings",
        pgettext_lazy("nav", "Notifications"),
        "message-circle",
        (Role.UNIT_MANAGER, Role.INTEGRATOR),
    ),
    ("accounts:access_log", pgettext_lazy("nav", "Access log"), "eye", (Role.AUDITOR,)),
)


def house(request: HttpRequest) -> dict[str, object]:
    """Whether the hospital is the invented one, so that every page says so; and where the reader may go."""
    role = getattr(getattr(request, "user", None), "role", None)
    match = getattr(request, "resolver_match", None)
    return {
        "today": timezone.localdate(),
        "demo": settings.DEMO,
        "tablet_seconds": settings.TABLET_LOCK_SECONDS if _on_tablet(request) else 0,
        "languages": [
            (code, name)
            for code, name in settings.LANGUAGES
            if code in settings.WHOLE_LANGUAGES or role in (None, Role.SERVICE_WORKER)
        ],
        "view_name": match.view_name if match else "",
        "nav": [{"view": view, "label": label, "icon": icon} for view, label, icon, roles in NAV if role in roles],
    }


def _on_tablet(request: HttpRequest) -> bool:
    """Whether the reader is signed in on a tablet that a ward shares."""
    session = getattr(request, "session", None)
    return session is not None and TABLET in session
