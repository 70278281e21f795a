"""The plan of the day: seconds to lay out about 6,000 tasks of a hospital of 500 beds, to correct it, and a year.

A real PostgreSQL (``vardnara up --no-demo``, fsync on) holds an invented hospital of 25 wards with 20 beds each, 18 of
them occupied, and a signed agreement of twelve kinds of task for each bed and 24 for each ward. The day is laid out
with all its rows and histories; the correction is that of one bed that somebody leaves, and comes back to, each in its
own transaction. The plain floor beside it is the same number of bare rows by one ``COPY``. The first day of a process
also reads rules and fills caches and is told apart.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

import psycopg
from _500_beds import hospital_make
from _hospital import Hospital, folder_temporary, machine, percentile

OCCUPIED = 18  # of each ward's 20 beds
BED_TYPES, WARD_TYPES = 12, 24
CORRECTIONS = 60
NEEDED = {"day_s": 1.0, "correction_p95_ms": 50.0, "year_s": 300.0}


def correct(hospital_id: int, on: date) -> list[float]:
    """Milliseconds for each correction after one bed event: somebody leaves, and comes back."""
    from django.db import transaction

    from vardnara.apps.hospital.events import BedChanged
    from vardnara.apps.hospital.models import BedPlace
    from vardnara.apps.service import services

    beds = list(BedPlace.objects.filter(occupancies__isnull=False).values_list("pk", "room__ward_id").order_by("pk"))
    at = datetime(on.year, on.month, on.day, 5, tzinfo=UTC)
    took = []
    for number in range(CORRECTIONS):
        bed_id, ward_id = beds[(number // 2) * 7 % len(beds)]
        at += timedelta(seconds=1)
        began = time.perf_counter()
        with transaction.atomic():
            services.day_plan_follow_beds(
                events=[BedChanged(bed_id, ward_id, bool(number % 2), "", discharge_pending=False, at=at)]
            )
        took.append((time.perf_counter() - began) * 1000)
    return took


def floor(url: str, number: int) -> float:
    """Seconds to copy so many bare rows into a table, committed."""
    with psycopg.connect(url) as database:
        database.execute("CREATE TABLE bench_floor (id bigint, ward bigint, bed bigint, starts_at timestamptz)")
        began = time.perf_counter()
        with database.cursor() as cursor, cursor.copy("COPY bench_floor FROM STDIN") as copy:
            for row in range(number):
                copy.write_row((row, row % 25, row % 500, datetime(2026, 1, 1, tzinfo=UTC)))
        database.commit()
        took = time.perf_counter() - began
        database.execute("DROP TABLE bench_floor")
        return took


def measure(url: str, days: int) -> dict[str, Any]:
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vardnara.config.settings")
    import django

    django.setup()
    from vardnara.apps.service import services
    from vardnara.apps.service.models import Task

    on = date(2027, 1, 11)
    hospital_id = hospital_make(on, occupied=OCCUPIED, bed_types=BED_TYPES, ward_types=WARD_TYPES)
    night = datetime(on.year, on.month, on.day, tzinfo=UTC)
    began = time.perf_counter()
    n_tasks = services.day_plan_sync(hospital_id=hospital_id, on=on, at=night)
    first_s = time.perf_counter() - began
    began = time.perf_counter()
    again = services.day_plan_sync(hospital_id=hospital_id, on=on, at=night)
    again_s = time.perf_counter() - began
    if again:
        raise SystemExit(f"laid out again the day made {again} tasks more")
    corrections = correct(hospital_id, on)
    restored = Task.objects.filter(planned_on=on, state="open").count()
    if restored != n_tasks:
        raise SystemExit(f"{restored} tasks after leaving and coming back, {n_tasks} before")
    took = []
    for ahead in range(1, days + 1):
        began = time.perf_counter()
        services.day_plan_sync(hospital_id=hospital_id, on=on + timedelta(days=ahead), at=night + timedelta(days=ahead))
        took.append(time.perf_counter() - began)
    floor_s = floor(url, n_tasks)
    result: dict[str, Any] = {
        "n_tasks": n_tasks,
        "first_day_s": round(first_s, 2),
        "day_s": round(median(took), 2),
        "again_s": round(again_s, 2),
        "floor_copy_s": round(floor_s, 3),
        "times_floor": round(median(took) / floor_s, 1),
        "correction_p50_ms": round(median(corrections), 1),
        "correction_p95_ms": round(percentile(corrections, 0.95), 1),
        "days": days,
        "days_s": round(sum(took), 1),
        "year_s": round(sum(took) / days * 365, 1),
    }
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=365, help="days laid out one after the other (default 365)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with folder_temporary() as folder, Hospital(folder, "--no-demo") as hospital:
        result = measure(hospital.state["database_url"], args.days)
    result |= {"machine": machine(), "needed": NEEDED}
    result["reached"] = all(result[name] <= limit for name, limit in NEEDED.items())
    print(json.dumps(result) if args.json else "\n".join(f"{name:20} {value}" for name, value in result.items()))
    return 0 if result["reached"] else 1


if __name__ == "__main__":
    sys.exit(main())
