"""What every page's template may know."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.middleware import TABLET
from vardnara.apps.staffing.queries.schedule import is_rostered

NAV = (  # in the order of importance: the first of a reader's stand in the bar, the others under "More"
    ("service:work", pgettext_lazy("nav", "My work"), "brush-cleaning", (Role.SERVICE_WORKER,)),
    ("staffing:schedule", pgettext_lazy("nav", "My schedule"), "calendar-clock", (Role.SERVICE_WORKER,)),
    (
        "service:coordination",
        pgettext_lazy("nav", "Coordination"),
        "radio-tower",
        (Role.COORDINATOR, Role.SERVICE_HEAD),
    ),
    (
        "staffing:day_plan",
        pgettext_lazy("nav", "Day plan"),
        "calendar-clock",
        (Role.COORDINATOR, Role.SERVICE_HEAD, Role.UNIT_MANAGER, Role.ADMINISTRATOR),
    ),
    ("service:wards", pgettext_lazy("nav", "Wards"), "bed", (Role.WARD_STAFF, Role.COORDINATOR, Role.SERVICE_HEAD)),
    ("accounts:access_log", pgettext_lazy("nav", "Access log"), "eye", (Role.AUDITOR,)),
    ("hospital:inbox", pgettext_lazy("nav", "Inbox"), "inbox", (Role.INTEGRATOR, Role.AUDITOR, Role.ADMINISTRATOR)),
    (
        "meals:wards",
        pgettext_lazy("nav", "Meals"),
        "utensils",
        (Role.WARD_STAFF, Role.SERVICE_WORKER, Role.COORDINATOR),
    ),
    ("meals:scan", pgettext_lazy("nav", "Trays"), "qr-code", (Role.KITCHEN, Role.WARD_STAFF, Role.SERVICE_WORKER)),
    (
        "meals:temperatures",
        pgettext_lazy("nav", "Temperatures"),
        "activity",
        (Role.KITCHEN, Role.WARD_STAFF, Role.SERVICE_WORKER, Role.AUDITOR),
    ),
    (
        "service:escalation",
        pgettext_lazy("nav", "Escalation"),
        "triangle-alert",
        (Role.COORDINATOR, Role.SERVICE_HEAD, Role.ADMINISTRATOR, Role.AUDITOR),
    ),
    (
        "decisions:cases",
        pgettext_lazy("nav", "Cases"),
        "scale",
        (
            Role.DECISION_MAKER,
            Role.CONTROLLER,
            Role.SERVICE_HEAD,
            Role.ADMINISTRATOR,
            Role.UNIT_MANAGER,
            Role.COORDINATOR,
            Role.AUDITOR,
        ),
    ),
    ("decisions:shared_cases", pgettext_lazy("nav", "Cases"), "scale", (Role.UNION_REP, Role.SAFETY_REP)),
    (
        "decisions:reviews",
        pgettext_lazy("nav", "Special review"),
        "shield-check",
        (
            Role.UNIT_MANAGER,
            Role.DECISION_MAKER,
            Role.CONTROLLER,
            Role.SERVICE_HEAD,
            Role.ADMINISTRATOR,
            Role.COORDINATOR,
            Role.AUDITOR,
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
    (
        "economy:year",
        pgettext_lazy("nav", "Economy"),
        "coins",
        (Role.CONTROLLER, Role.SERVICE_HEAD, Role.DECISION_MAKER, Role.AUDITOR),
    ),
    (
        "staffing:posts",
        pgettext_lazy("nav", "Posts"),
        "id-card",
        (Role.CONTROLLER, Role.SERVICE_HEAD, Role.DECISION_MAKER, Role.ADMINISTRATOR, Role.AUDITOR),
    ),
    (
        "staffing:rosters",
        pgettext_lazy("nav", "Rosters"),
        "calendar-clock",
        (Role.SERVICE_HEAD, Role.UNIT_MANAGER, Role.COORDINATOR, Role.ADMINISTRATOR),
    ),
    (
        "staffing:people",
        pgettext_lazy("nav", "People"),
        "users",
        (Role.SERVICE_HEAD, Role.UNIT_MANAGER, Role.COORDINATOR, Role.ADMINISTRATOR),
    ),
    (
        "staffing:swaps_waiting",
        pgettext_lazy("nav", "Swaps"),
        "arrow-left-right",
        (Role.SERVICE_HEAD, Role.UNIT_MANAGER),
    ),
    ("meals:kitchen_today", pgettext_lazy("nav", "The kitchen's day"), "calendar-clock", (Role.KITCHEN,)),
    (
        "meals:menus",
        pgettext_lazy("nav", "Menu"),
        "table",
        (Role.KITCHEN, Role.SERVICE_HEAD, Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR),
    ),
    ("meals:dishes", pgettext_lazy("nav", "Dishes"), "bookmark", (Role.KITCHEN,)),
    ("meals:recipes", pgettext_lazy("nav", "Recipes"), "file-text", (Role.KITCHEN,)),
    ("meals:foods", pgettext_lazy("nav", "Ingredients"), "package", (Role.KITCHEN,)),
    (
        "meals:codes",
        pgettext_lazy("nav", "Diet codes"),
        "list",
        (Role.KITCHEN, Role.WARD_STAFF, Role.INTEGRATOR),
    ),
    (
        "meals:weigh",
        pgettext_lazy("nav", "Weighing"),
        "scale",
        (Role.KITCHEN, Role.WARD_STAFF, Role.SERVICE_WORKER),
    ),
    (
        "meals:waste_causes",
        pgettext_lazy("nav", "Food waste"),
        "trash-2",
        (Role.KITCHEN, Role.SERVICE_HEAD, Role.CONTROLLER, Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR),
    ),
    (
        "service:paper",
        pgettext_lazy("nav", "Paper"),
        "printer",
        (Role.COORDINATOR, Role.SERVICE_HEAD, Role.WARD_STAFF),
    ),
    ("staffing:day_plan_own", pgettext_lazy("day plan", "My day"), "calendar-clock", (Role.SERVICE_WORKER,)),
    ("service:function_cards", pgettext_lazy("agreement", "Function cards"), "id-card", (Role.SERVICE_WORKER,)),
    (
        "service:workload",
        pgettext_lazy("nav", "Workload"),
        "clock",
        (Role.COORDINATOR, Role.SERVICE_HEAD, Role.CONTROLLER, Role.DECISION_MAKER, Role.AUDITOR),
    ),
    (
        "staffing:needs",
        pgettext_lazy("allocation", "Needs"),
        "users",
        (Role.CONTROLLER, Role.SERVICE_HEAD, Role.DECISION_MAKER, Role.ADMINISTRATOR, Role.AUDITOR),
    ),
    (
        "staffing:allocations",
        pgettext_lazy("allocation", "What posts cover"),
        "table",
        (Role.CONTROLLER, Role.SERVICE_HEAD, Role.DECISION_MAKER, Role.ADMINISTRATOR, Role.AUDITOR),
    ),
    (
        "service:catalogue",
        pgettext_lazy("nav", "Catalogue"),
        "list",
        (
            Role.SERVICE_HEAD,
            Role.COORDINATOR,
            Role.CONTROLLER,
            Role.DECISION_MAKER,
            Role.UNIT_MANAGER,
            Role.AUDITOR,
            Role.ADMINISTRATOR,
        ),
    ),
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
        "service:alert_settings",
        pgettext_lazy("nav", "Notifications"),
        "message-circle",
        (Role.UNIT_MANAGER, Role.INTEGRATOR),
    ),
)
OWN = "staffing:schedule"
IN_BAR = 4  # of a reader with more than one page beyond these, the others stand under "More"
DAY = (
    "service:work",
    "staffing:day_plan_own",
    "staffing:schedule",
    "service:coordination",
    "staffing:day_plan",
    "service:wards",
    "meals:wards",
    "meals:scan",
    "meals:kitchen_today",
    "meals:temperatures",
    "service:escalation",
    "service:paper",
)
SYSTEM = (
    "hospital:inbox",
    "hospital:places",
    "service:status",
    "service:alert_settings",
    "accounts:access_log",
)
GROUPS = (  # what no group names is of the second
    (pgettext_lazy("nav", "The day"), DAY),
    (pgettext_lazy("nav", "Agreed and measured"), None),
    (pgettext_lazy("nav", "The system"), SYSTEM),
)
ALSO_UNDER = {  # pages that belong to an entry whose address they do not begin with
    "staffing:people": ("staffing:worked_weeks", "staffing:extra_time"),
    "staffing:schedule": ("staffing:worked_weeks",),
    "service:agreements": ("service:transfers", "service:function_cards"),
    "service:escalation": ("service:alert_settings",),
    "meals:kitchen_today": ("meals:kitchens",),
    "meals:menus": ("meals:dishes", "meals:recipes", "meals:foods", "meals:kitchens", "meals:imports"),
    "meals:waste_causes": ("meals:waste_rows", "meals:waste_monday"),
    "decisions:cases": ("decisions:measures", "decisions:take_home"),
}


@dataclass(slots=True)
class Entry:
    """A page that the reader may go to; ``current`` is ``page`` there, ``true`` on what lies under it, else empty."""

    view: str
    label: str
    icon: str
    current: str = ""


def menu(role: str | None, path: str, *, rostered: bool = False) -> dict[str, object]:
    """Where a role may go: ``nav`` all of it, ``nav_bar`` what stands in the bar, ``nav_groups`` all by group.

    Whoever is ``rostered`` has their own schedule, whatever their role: after what the role is for.
    """
    entries = [Entry(view, label, icon) for view, label, icon, roles in NAV if role in roles]
    if rostered and all(entry.view != OWN for entry in entries):
        entries += [Entry(view, label, icon) for view, label, icon, _ in NAV if view == OWN]
    own = {entry.view for entry in entries}
    under = [
        (len(address), entry)
        for entry in entries
        for view in (entry.view, *ALSO_UNDER.get(entry.view, ()))
        if view == entry.view or view not in own
        for address in [reverse(view)]
        if path.startswith(address)
    ]
    if under:
        here = max(under, key=lambda row: row[0])[1]
        here.current = "page" if path == reverse(here.view) else "true"
    many = len(entries) > IN_BAR + 1
    named = {*DAY, *SYSTEM}
    groups = [
        (label, [entry for entry in entries if (entry.view in views if views else entry.view not in named)])
        for label, views in GROUPS
    ]
    return {
        "nav": entries,
        "nav_bar": [entry for n, entry in enumerate(entries) if not many or n < IN_BAR or entry.current],
        "nav_groups": [(label, rows) for label, rows in groups if rows],
        "nav_many": many,
    }


def house(request: HttpRequest) -> dict[str, object]:
    """Whether the hospital is the invented one, so that every page says so; and where the reader may go."""
    user = getattr(request, "user", None)
    role = getattr(user, "role", None)
    rostered = role is not None and role != Role.SERVICE_WORKER and is_rostered(user_id=user.pk)
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
        **menu(role, request.path, rostered=rostered),
    }


def _on_tablet(request: HttpRequest) -> bool:
    """Whether the reader is signed in on a tablet that a ward shares."""
    session = getattr(request, "session", None)
    return session is not None and TABLET in session
