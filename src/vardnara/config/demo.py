"""The invented hospital with users, agreement, colleagues, money, a case and a kitchen, for an empty database."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def load(at: datetime) -> list[dict[str, str]]:
    """Load the demo hospital where there is none; give its users passwords, an agreement, a ladder, colleagues, money.

    Returns
    -------
    list
        ``{"username", "password", "role"}`` of every demo user.
    """
    from vardnara.apps.accounts.services import demo_users_create
    from vardnara.apps.decisions.services.demo import demo_case_load
    from vardnara.apps.decisions.services.demo_reviews import demo_reviews_load
    from vardnara.apps.decisions.services.demo_take_home import demo_take_home_load
    from vardnara.apps.decisions.services.measure_demo import demo_measures_load
    from vardnara.apps.economy.services.demo import demo_ledger_load
    from vardnara.apps.hospital.services.demo import demo_load
    from vardnara.apps.meals.services.demo import demo_kitchen_load
    from vardnara.apps.service.services import demo_agreement_load, demo_colleagues_load, demo_ladder_load
    from vardnara.apps.staffing.services.demo import demo_posts_load
    from vardnara.apps.staffing.services.demo_people import demo_people_load
    from vardnara.apps.staffing.services.demo_rosters import demo_rosters_load
    from vardnara.apps.staffing.services.demo_schedule import demo_schedule_load

    demo_load(at=at)
    hospital_id = invented_hospital_id()
    users = [
        {"username": username, "password": password, "role": str(role)}
        for username, password, role in demo_users_create(hospital_id=hospital_id, at=at)
    ]
    demo_agreement_load(hospital_id=hospital_id, at=at)
    demo_ladder_load(hospital_id=hospital_id, at=at)
    demo_colleagues_load(hospital_id=hospital_id, at=at)
    demo_posts_load(hospital_id=hospital_id, at=at)
    demo_people_load(hospital_id=hospital_id, at=at)
    demo_rosters_load(hospital_id=hospital_id, at=at)
    demo_schedule_load(hospital_id=hospital_id, at=at)
    demo_ledger_load(hospital_id=hospital_id, at=at)
    demo_case_load(hospital_id=hospital_id, at=at)
    demo_reviews_load(hospital_id=hospital_id, at=at)
    demo_measures_load(hospital_id=hospital_id, at=at)
    demo_take_home_load(hospital_id=hospital_id, at=at)
    demo_kitchen_load(hospital_id=hospital_id, at=at)
    return users


def invented_hospital_id() -> Any:
    """Return the key of the invented hospital."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM hospital_hospital WHERE invented ORDER BY id LIMIT 1")
        return cursor.fetchone()[0]
