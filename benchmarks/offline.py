"""Forty phones that were eight hours without contact come back at once: seconds until all of it is merged.

A real ``vardnara up`` (fsync on) holds the invented hospital with dirty beds and errands that wards asked for. Forty
workers, each signed in on a phone of their own, have done 150 actions each through an eight-hour shift: cleans with a
break, errands, spills that they found; for some of their tasks, somebody else was faster. All forty send at the same
moment, over HTTP, in the batches that the phone's page sends. Then every phone sends all of it again, as after a lost
answer. The clock runs from the first request to the last answer of the first sending. Checked afterwards, in the
database: every action is there exactly once, in the history or as a conflict, at the time at which it was done, and
``verify`` finds nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from threading import Barrier
from typing import Any

import psycopg
from _hospital import Hospital, folder_temporary, machine, vardnara

NEEDED_SECONDS = 10  # as the issue asks
PHONES, ACTIONS = 40, 150
BATCH = 200  # as the phone's page sends
SHIFT = timedelta(hours=8)
CLEANS, SPILLS = 4, 5  # of each phone: four actions a clean, two a spill that was found; the rest are errands
TAKEN = 2  # errands of each phone that somebody else has taken meanwhile
FREE_BEDS = """
    SELECT b.id FROM hospital_bedplace b
    JOIN hospital_room r ON r.id = b.room_id JOIN hospital_ward w ON w.id = r.ward_id
    WHERE b.confirmed AND w.kind = 'inpatient' ORDER BY b.id
"""
ONCE = """
    SELECT device, device_seq, at, '' FROM service_taskevent WHERE device LIKE 'bench-%' AND device_seq IS NOT NULL
    UNION ALL SELECT device, device_seq, done_at, code FROM service_commandconflict WHERE device LIKE 'bench-%'
"""


@dataclass
class Phone:
    """A worker's phone: its session, and what was done while there was no contact."""

    name: str
    user_id: int
    browser: urllib.request.OpenerDirector
    token: str
    commands: list[dict[str, Any]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def did(self, deed: str, at: datetime, **words: Any) -> int:
        seq = len(self.commands) + 1
        self.commands.append({"seq": seq, "deed": deed, "at": at.isoformat(), **words})
        return seq

    def send(self, url: str) -> None:
        """Send everything, batch by batch, and count what it was answered."""
        self.answers.clear()
        for first in range(0, len(self.commands), BATCH):
            batch = {
                "user": self.user_id,
                "device": self.name,
                "sent_at": datetime.now(UTC).isoformat(),
                "page": True,
                "commands": self.commands[first : first + BATCH],
            }
            headers = {"Content-Type": "application/json", "X-CSRFToken": self.token, "Referer": url}
            request = urllib.request.Request(f"{url}/arbete/skicka/", json.dumps(batch).encode(), headers)
            with self.browser.open(request, timeout=120) as answer:
                for row in json.load(answer)["answers"]:
                    self.answers[row["outcome"]] += 1


def django_open(state: dict[str, Any]) -> None:
    """Use the services themselves to set the stage: work as it comes from wards and messages."""
    os.environ["DATABASE_URL"] = state["database_url"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "vardnara.config.settings"
    import django

    django.setup()


def sign_in(url: str, name: str, user_id: int, password: str) -> Phone:
    """A worker signed in by name and password, as on a phone."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def token() -> str:
        return next(cookie.value or "" for cookie in jar if cookie.name == "csrftoken")

    browser.open(f"{url}/logga-in/").read()
    form = {"username": name, "password": password, "csrfmiddlewaretoken": token(), "next": "/arbete/"}
    with browser.open(f"{url}/logga-in/", urllib.parse.urlencode(form).encode()) as page:
        if not page.url.endswith("/arbete/"):
            raise SystemExit(f"{name} could not sign in: {page.url}")
        page.read()
    return Phone(f"bench-{name}", user_id, browser, token())


def stage(state: dict[str, Any], url: str, n_phones: int, n_actions: int) -> list[Phone]:
    """Workers with their phones, work for them, and what each did; returns the phones with their queues."""
    django_open(state)
    from vardnara.apps.accounts.choices import Role
    from vardnara.apps.accounts.models import User
    from vardnara.apps.accounts.services import user_set
    from vardnara.apps.hospital.queries.reach import bed_ward, hospital_by_code
    from vardnara.apps.service import services

    hospital_id = hospital_by_code("")
    began = datetime.now(UTC) - SHIFT - timedelta(minutes=5)
    phones = []
    for n in range(n_phones + 1):
        password = user_set(
            username=f"worker{n}", role=Role.SERVICE_WORKER, hospital_id=hospital_id, ward_id=None,
            name=f"Worker {n}", active=True, at=began,
        )  # fmt: skip
        user = User.objects.get(username=f"worker{n}")
        if n < n_phones:
            phones.append(sign_in(url, user.username, user.pk, password))
    faster = user  # has no phone here: takes some tasks before the others' actions arrive
    nurse = User.objects.filter(role=Role.COORDINATOR, demo=True).get()
    with psycopg.connect(state["database_url"]) as database:
        beds = [row[0] for row in database.execute(FREE_BEDS)]
    if len(beds) < n_phones * CLEANS:
        raise SystemExit(f"{len(beds)} beds are too few for {n_phones} phones")
    n_errands = (n_actions - CLEANS * 4 - SPILLS * 2) // 4
    for number, phone in enumerate(phones):
        mine = beds[number * CLEANS : (number + 1) * CLEANS]
        tasks = [services.found_job_report(bed_id=bed, kind="found_bed", actor=faster, at=began).pk for bed in mine] + [
            services.work_request(ward_id=bed_ward(mine[0]), bed_id=None, note=f"{n}", actor=nurse, at=began).pk
            for n in range(n_errands)
        ]
        for task in tasks[-TAKEN:]:
            services.task_claim(task_id=task, actor=faster, at=began + timedelta(minutes=1))
        at = began + timedelta(minutes=2)
        step = SHIFT / (n_actions + 2)
        for task in tasks:
            for deed, words in (("start", {}), ("pause", {"reason": "break"}), ("resume", {}), ("finish", {})):
                phone.did(deed, at := at + step, task=task, **words)
        for n in range(SPILLS):
            bed = beds[(number * SPILLS + n) % len(beds)]
            seq = phone.did("found", at := at + step, bed=bed, kind="spill", note="coffee", start=True)
            phone.did("finish", at := at + step, found=seq)
    return phones


def send_all(url: str, phones: list[Phone]) -> float:
    """All phones at once; the seconds from the first request to the last answer."""
    ready = Barrier(len(phones) + 1)

    def one(phone: Phone) -> None:
        ready.wait()
        phone.send(url)

    with ThreadPoolExecutor(len(phones)) as pool:
        sent = [pool.submit(one, phone) for phone in phones]
        ready.wait()
        began = time.perf_counter()
        for result in sent:
            result.result()
        return time.perf_counter() - began


def judge(state: dict[str, Any], phones: list[Phone]) -> dict[str, int]:
    """Hold the database against what the phones did: nothing lost, nothing double, nothing at another time."""
    wanted = {(phone.name, row["seq"]): datetime.fromisoformat(row["at"]) for phone in phones for row in phone.commands}
    with psycopg.connect(state["database_url"]) as database:
        rows = database.execute(ONCE).fetchall()
    there = Counter((device, seq) for device, seq, _, _ in rows)
    return {
        "lost": len(wanted.keys() - there.keys()),
        "double": sum(number - 1 for number in there.values()),
        "at_another_time": sum(at != wanted.get((device, seq)) for device, seq, at, _ in rows),
        "in_history": sum(not code for *_, code in rows),
        "as_conflict": sum(bool(code) for *_, code in rows),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phones", type=int, default=PHONES, help=f"phones (default {PHONES})")
    parser.add_argument("--actions", type=int, default=ACTIONS, help=f"actions of each (default {ACTIONS})")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with folder_temporary() as folder, Hospital(folder, "--no-feed") as hospital:
        state, url = hospital.state, hospital.url
        phones = stage(state, url, args.phones, args.actions)
        seconds = send_all(url, phones)
        first = sum((phone.answers for phone in phones), Counter())
        again = send_all(url, phones)
        second = sum((phone.answers for phone in phones), Counter())
        judged = judge(state, phones)
        vardnara("verify", "--data", str(hospital.data))
    n = sum(len(phone.commands) for phone in phones)
    wrong = judged["lost"] + judged["double"] + judged["at_another_time"]
    wrong += first.total() != n or second.total() != n or bool(second["done"]) or bool(first["repeated"])
    result = {
        "seconds": round(seconds, 2),
        "needed_seconds": NEEDED_SECONDS,
        "phones": len(phones),
        "actions": n,
        "answered": dict(first),
        "again_seconds": round(again, 2),
        "again_answered": dict(second),
        **judged,
        "machine": machine(),
        "reached": seconds < NEEDED_SECONDS and not wrong,
    }
    print(json.dumps(result) if args.json else "\n".join(f"{name:22} {value}" for name, value in result.items()))
    return 0 if result["reached"] else 1


if __name__ == "__main__":
    sys.exit(main())
