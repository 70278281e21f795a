"""A week of the demo hospital, run beside a real ``vardnara up``: its messages are sent, its days are laid out.

The clock of listener and worker is the machine's; the days of the week are told to the plan one by one. Started by
``test_transfer_week.py`` with the database's address, the listener's port, the feed's file and the Monday; prints one
JSON document.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

KINDS = ("meal_order_manual", "store_replenishment")
POINTS = (0.1, 7, 12, 17, 23)  # hours of each day at which everybody looks
WORKED_WARD = "K31"
EXPECTED = """
    SELECT l.ward_id, t.code, sum(l.times)::int FROM service_agreementline l
    JOIN service_agreementversion v ON v.id = l.version_id JOIN service_tasktype t ON t.id = l.task_type_id
    WHERE v.state IN ('signed', 'ended') AND v.valid_from <= %(on)s AND (v.valid_to IS NULL OR v.valid_to > %(on)s)
      AND (v.ended_on IS NULL OR v.ended_on > %(on)s) AND l.party = 'service' AND l.rrule = ''
      AND l.days @> to_jsonb(%(day)s::int) AND t.each = 'ward'
      AND t.driver NOT IN ('discharge', 'contagion_case', 'event')
    GROUP BY 1, 2
"""
PLANNED = """
    SELECT k.ward_id, t.code, count(*)::int FROM service_task k JOIN service_tasktype t ON t.id = k.task_type_id
    JOIN service_agreementline l ON l.id = k.line_id
    WHERE k.planned_on = %(on)s AND k.party = 'service' AND t.each = 'ward' AND l.rrule = ''
      AND k.plan_key NOT LIKE 'f%%' AND NOT (k.state = 'withdrawn' AND k.reason <> 'not_done')
    GROUP BY 1, 2
"""
NOBODYS = (
    "SELECT id FROM service_task WHERE party = '' AND state IN ('open') AND (planned_on IS NULL OR planned_on <= %s)"
)
LATE = """
    SELECT id FROM service_task WHERE state IN ('open', 'claimed', 'started', 'paused', 'delayed') AND due_at <= %s
      AND (planned_on IS NULL OR planned_on <= %s)
"""


def sent_at(message: bytes) -> datetime:
    """MSH-7."""
    return datetime.strptime(message.split(b"|", 8)[6].decode(), "%Y%m%d%H%M%S%z")


class Week:
    """The hospital, the week's messages, and what was seen."""

    def __init__(self, port: int, feed: Path, monday: date) -> None:
        from vardnara.apps.accounts.choices import Role
        from vardnara.apps.accounts.queries import demo_user
        from vardnara.config.demo import invented_hospital_id
        from vardnara.gateways.mllp.framing import messages_in_file

        self.hospital_id = invented_hospital_id()
        self.port, self.monday = port, monday
        self.messages = sorted(messages_in_file(feed.read_bytes()), key=sent_at)
        self.n_sent = 0
        self.people = {
            role: demo_user(hospital_id=self.hospital_id, role=role)
            for role in (Role.SERVICE_HEAD, Role.DECISION_MAKER, Role.COORDINATOR, Role.SERVICE_WORKER)
        }
        self.seen: dict[str, Any] = {"points": [], "days": {}}

    def plan(self) -> None:
        """Plan the transfer, consult, write and sign, as a head of ward service and care do."""
        from vardnara.apps.accounts.choices import Role
        from vardnara.apps.service import services
        from vardnara.apps.service.models import Agreement, AgreementVersion, TransferPlan
        from vardnara.apps.service.queries.transfers import transfer_one
        from vardnara.apps.service.services.transfer_balance import transfer_balance
        from vardnara.engines.transfer.check import balance_faults

        at = datetime.now(UTC)
        head = self.people[Role.SERVICE_HEAD]
        agreement = Agreement.objects.get(hospital=self.hospital_id)
        services.draft_delete(version_id=agreement.versions.get(state="draft").pk, actor=head, at=at)
        signed = agreement.versions.get(state="signed")
        lines = signed.lines.filter(task_type__code__in=KINDS, party="service")
        TransferPlan.objects.update(title="Påhittad sedan förr")
        plan = services.transfer_create(
            agreement_id=agreement.pk,
            words=services.TransferWords("Beställning och förråd", self.monday + timedelta(days=2), "service", "care"),
            actor=head,
            at=at,
        )
        who = {"plan_id": plan.pk, "actor": head, "at": at}
        self.seen["moved"] = services.transfer_items_add(
            task_type_ids=set(lines.values_list("task_type_id", flat=True)),
            ward_ids=set(lines.values_list("ward_id", flat=True)),
            days=frozenset(range(1, 10)),
            **who,
        )
        services.consultation_report(reference="MBL 1", closed_on=at.date() - timedelta(days=1), **who)
        version = services.transfer_write(**who)
        for role in (Role.SERVICE_HEAD, Role.DECISION_MAKER):
            version = AgreementVersion.objects.get(pk=version.pk)
            mark = services.version_mark(version)
            services.agreement_sign(
                version_id=version.pk, actor=self.people[role], at=at, mark=mark, holes_reason="Helgen är inte utredd."
            )
        row = transfer_one(actor=head, on=at.date(), plan_id=plan.pk)
        found = transfer_balance(plan=row, on=at.date())
        assert found is not None
        self.plan_id = plan.pk
        self.seen |= {
            "plan": plan.pk,
            "version": AgreementVersion.objects.get(pk=version.pk).state,
            "leaving": found.balance.total.leaving.typical,
            "homeless": found.balance.total.homeless.typical,
            "faults": balance_faults(found.balance, found.case),
            "workload": [self.workload(self.monday + timedelta(days=day)) for day in (1, 2)],
        }

    def workload(self, on: date) -> dict[str, float]:
        """Minutes of the week by party, as the page of workload counts those of a date."""
        from vardnara.apps.hospital.models import Ward
        from vardnara.apps.service.queries.workload import hospital_work
        from vardnara.engines.workload import workload_estimate

        wards = Ward.objects.filter(division__hospital=self.hospital_id).values_list("pk", flat=True)
        work = hospital_work(ward_ids=list(wards), on=on)
        assert work is not None
        sums: Counter[str] = Counter()
        for row in workload_estimate(work.case.order).rows:
            sums[work.parts[row.task].party] += row.minutes.typical
        return dict(sums)

    async def send_until(self, at: datetime) -> None:
        """Send what the record system has said by then, over MLLP, each answered before the next."""
        from vardnara.gateways.mllp.client import MllpClient

        async with MllpClient("127.0.0.1", self.port) as client:
            while self.n_sent < len(self.messages) and sent_at(self.messages[self.n_sent]) <= at:
                answer = await client.send(self.messages[self.n_sent])
                assert answer is not None and b"|AA|" in answer, answer
                self.n_sent += 1

    def settle(self) -> None:
        """Wait until the worker has applied what waits."""
        ends = time.monotonic() + 30
        while self.rows("SELECT count(*) FROM hospital_inboxmessage WHERE status = 'waiting'")[0][0]:
            assert time.monotonic() < ends, "the worker does not apply"
            time.sleep(0.05)

    def rows(self, sql: str, values: Any = None) -> list[tuple[Any, ...]]:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def live(self) -> None:
        """Seven days, one look after the other."""
        from vardnara.apps.service.services import day_plans_keep
        from vardnara.kernel.local_time import local_to_utc

        for number in range(7):
            on = self.monday + timedelta(days=number)
            for hour in POINTS:
                at = local_to_utc(datetime(on.year, on.month, on.day) + timedelta(hours=hour))
                asyncio.run(self.send_until(at))
                self.settle()
                day_plans_keep(at=at)
                self.work(on, at)
                self.look(on, at)
            self.count(on)

    def work(self, on: date, at: datetime) -> None:
        """On one ward somebody does what is due, but for one task of Tuesday that is in hand at midnight."""
        from vardnara.apps.accounts.choices import Role
        from vardnara.apps.service import services
        from vardnara.apps.service.models import Task

        worker = self.people[Role.SERVICE_WORKER]
        mine = Task.objects.filter(ward__code=WORKED_WARD, planned_on__lte=on, bed=None, starts_at__lte=at)
        kept = mine.filter(planned_on=self.monday + timedelta(days=1), task_type__code=KINDS[1])
        for task in mine.filter(state="open", party="service", due_at__lte=at + timedelta(hours=5)).exclude(
            pk__in=kept
        ):
            services.task_claim(task_id=task.pk, actor=worker, at=at)
            services.task_start(task_id=task.pk, actor=worker, at=at)
            services.task_finish(task_id=task.pk, actor=worker, at=at)
        for task in kept:
            if task.state == "open" and at.hour >= 20:
                services.task_claim(task_id=task.pk, actor=worker, at=at)
                services.task_start(task_id=task.pk, actor=worker, at=at)
            elif task.state == "started" and on > task.planned_on:
                self.seen["in_hand_at_midnight"] = task.pk
                services.task_finish(task_id=task.pk, actor=worker, at=at)

    def look(self, on: date, at: datetime) -> None:
        """The coordinator's board beside the tables."""
        from vardnara.apps.accounts.choices import Role
        from vardnara.apps.service.queries.tasks import task_list_live

        board = task_list_live(actor=self.people[Role.COORDINATOR], at=at)
        red = {row.id for row in board if row.is_red}
        nobodys = {row[0] for row in self.rows(NOBODYS, [on])}
        late = {row[0] for row in self.rows(LATE, [at, on])}
        self.seen["points"].append(
            {
                "at": at.isoformat(),
                "nobodys": len(nobodys),
                "late": len(late),
                "nobodys_not_red": sorted(nobodys - red),
                "late_not_red": sorted(late - red),
                "moved_left": self.rows(
                    "SELECT count(*) FROM service_task k JOIN service_tasktype t ON t.id = k.task_type_id"
                    " WHERE t.code = ANY(%s) AND k.planned_on >= %s AND k.state <> 'withdrawn'",
                    [list(KINDS), self.monday + timedelta(days=2)],
                )[0][0],
                "moved_nobodys": self.rows(
                    "SELECT count(*) FROM service_task k JOIN service_tasktype t ON t.id = k.task_type_id"
                    " WHERE t.code = ANY(%s) AND k.planned_on BETWEEN %s AND %s AND k.party = ''",
                    [list(KINDS), self.monday, on],
                )[0][0],
            }
        )

    def count(self, on: date) -> None:
        """What the day's plan held, beside what the agreement's lines say in SQL; and the ward's own page."""
        from vardnara.apps.accounts.choices import Role
        from vardnara.apps.hospital.models import Ward
        from vardnara.apps.service.queries.ward_day import ward_day
        from vardnara.kernel.calendar import day_kind
        from vardnara.kernel.local_time import local_to_utc

        words = {"on": on, "day": day_kind(on).day_number}
        noon = local_to_utc(datetime(on.year, on.month, on.day, 12))
        ward = Ward.objects.get(division__hospital=self.hospital_id, code=WORKED_WARD)
        page = ward_day(actor=self.people[Role.COORDINATOR], ward_id=ward.pk, at=noon)
        names = dict(self.rows("SELECT name, code FROM service_tasktype"))
        self.seen["days"][on.isoformat()] = {
            "expected": {f"{ward} {code}": n for ward, code, n in self.rows(EXPECTED, words)},
            "planned": {f"{ward} {code}": n for ward, code, n in self.rows(PLANNED, words)},
            "promised": {names.get(one.title, one.title): one.number for one in page.promises},
        }


def main() -> None:
    url, port, feed, monday = sys.argv[1:]
    os.environ["DATABASE_URL"] = url
    from vardnara.config.command.session import django_ready

    django_ready()
    from django.utils import translation

    with translation.override("sv"):
        week = Week(int(port), Path(feed), date.fromisoformat(monday))
        week.plan()
        week.live()
    week.seen["n_sent"] = week.n_sent
    print(json.dumps(week.seen))


if __name__ == "__main__":
    main()
