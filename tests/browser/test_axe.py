"""axe-core finds no violation on any page, in light and in dark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import COOKIES, SIZES, Opener, page_opened, real

AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY: dict[str, Any] = {"type": "tag", "values": RULES}
COLOUR: dict[str, Any] = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
ALONE = {"service_workers": "block"}
pytestmark = pytest.mark.browser

# (name, role, address, size, what to press first)
PAGES = [
    ("sign in", "", "/logga-in/", "phone", ""),
    ("no contact", "", "/utan-kontakt/", "phone", ""),
    ("work", "service_worker", "/arbete/", "phone", ""),
    ("work, open list", "service_worker", "/arbete/", "phone", "#open-work summary"),
    ("shift", "service_worker", "/arbete/pass/", "phone", ""),
    ("shift, some wards", "service_worker", "/arbete/pass/", "phone", "input[name=wards]"),
    ("found, ward", "service_worker", "/arbete/hittat/", "phone", ""),
    ("found, place", "service_worker", "/arbete/hittat/?avdelning={ward}", "phone", ""),
    ("found, kind", "service_worker", "/arbete/hittat/?avdelning={ward}&plats={bed}", "phone", ""),
    ("bed, worker", "service_worker", "/plats/{token}/", "phone", ""),
    ("bed, ward", "ward_staff", "/plats/{token}/", "tablet", ""),
    ("ward", "ward_staff", "/avdelning/{ward}/", "tablet", ""),
    ("ward, panel", "ward_staff", "/avdelning/{ward}/", "tablet", "a.tile[data-state=occupied]"),
    ("ward, request", "ward_staff", "/avdelning/{ward}/", "tablet", "button[popovertarget=request]"),
    ("ward, today", "ward_staff", "/avdelning/{ward}/dagen/", "phone", ""),
    ("wall", "ward_staff", "/avdelning/{ward}/?vagg", "wall", ""),
    ("meals", "ward_staff", "/maltider/avdelning/{ward}/?maltid=lunch", "tablet", ""),
    ("meals, phone", "ward_staff", "/maltider/avdelning/{ward}/", "phone", ""),
    ("meals, wards", "coordinator", "/maltider/", "desktop", ""),
    ("wards", "coordinator", "/avdelning/", "desktop", ""),
    ("coordination", "coordinator", "/samordning/", "desktop", ""),
    ("coordination, panel", "coordinator", "/samordning/", "desktop", "#red a.line"),
    ("day", "coordinator", "/samordning/dagen/", "desktop", "#day-table summary"),
    ("day, late", "service_head", "/samordning/dagen/?state=late", "phone", ""),
    ("day, wall", "coordinator", "/samordning/dagen/?vagg", "wall", ""),
    ("hand out", "coordinator", "/samordning/fordela/", "desktop", ".hand-task input"),
    ("hand out, phone", "service_head", "/samordning/fordela/", "phone", ""),
    ("hand out, not signed on", "coordinator", "/samordning/fordela/", "desktop", "#hand-off summary"),
    ("absent", "coordinator", "/samordning/franvaro/{absence}/", "desktop", ""),
    ("absent, phone", "service_head", "/samordning/franvaro/{absence}/", "phone", ""),
    ("handover", "coordinator", "/samordning/overlamning/", "desktop", "[id^=handover-] summary"),
    ("handover, phone", "service_head", "/samordning/overlamning/", "phone", ""),
    ("handover, signed", "service_head", "/samordning/overlamning/{handover}/", "desktop", ""),
    ("ward, asked for", "ward_staff", "/avdelning/{ward}/onskat/", "tablet", ""),
    ("ward, asked for, phone", "coordinator", "/avdelning/{ward}/onskat/", "phone", ""),
    ("ward, note", "ward_staff", "/avdelning/{ward}/", "tablet", "#note-new-ward_id summary"),
    ("bed, note", "ward_staff", "/plats/{token}/", "tablet", "#note-new-bed_id summary"),
    ("deviations", "coordinator", "/samordning/avvikelser/", "desktop", ""),
    ("deviation, new", "service_worker", "/arbete/avvikelse/", "phone", ""),
    ("number for tablets", "ward_staff", "/pinkod/", "tablet", ""),
    ("shared tablets", "ward_staff", "/surfplatta/", "tablet", ""),
    ("what was eaten", "ward_staff", "/maltider/avdelning/{ward}/atit/", "phone", ""),
    ("fridge of a ward", "ward_staff", "/maltider/avdelning/{ward}/kylskap/", "phone", ""),
    ("temperatures", "kitchen", "/maltider/temperaturer/", "phone", "main details summary"),
    ("journal of temperatures", "auditor", "/maltider/temperaturer/journal/", "desktop", ""),
    ("trays", "kitchen", "/maltider/skanna/", "phone", ""),
    ("trays, a ward's", "ward_staff", "/maltider/skanna/?steg=hand_over", "tablet", ""),
    ("trays, stopped", "service_worker", "/maltider/bricka/NOSUCHTRAY/", "phone", ""),
    ("menu of a kitchen", "kitchen", "/maltider/matsedel/", "desktop", ""),
    ("kitchen's day", "kitchen", "/maltider/kok/1/dag/", "phone", ""),
    ("kitchen's day, wall", "kitchen", "/maltider/kok/1/dag/?vagg", "wall", ""),
    ("production", "kitchen", "/maltider/kok/1/produktion/?meal=lunch", "desktop", ""),
    ("production, phone", "coordinator", "/maltider/kok/1/produktion/?meal=breakfast", "phone", ""),
    ("tray tickets", "kitchen", "/maltider/kok/1/brickor/?meal=lunch", "tablet", ""),
    ("dishes", "kitchen", "/maltider/ratter/", "phone", ""),
    ("dish, variants", "kitchen", "/maltider/ratter/1/", "phone", "a[href*=varianter]"),
    ("weighing", "ward_staff", "/maltider/svinn/", "phone", ""),
    ("causes of waste", "kitchen", "/maltider/svinn/orsaker/", "desktop", ""),
    ("rows of waste", "controller", "/maltider/svinn/rader/", "desktop", ""),
    ("the kitchen's Monday", "kitchen", "/maltider/svinn/mandag/", "tablet", ""),
    ("forecast of portions", "kitchen", "/maltider/kok/{kitchen}/prognos/", "phone", ""),
    ("ingredients", "kitchen", "/maltider/livsmedel/", "phone", ""),
    ("diet codes", "kitchen", "/maltider/koder/", "phone", ""),
    ("files of a kitchen", "kitchen", "/maltider/inlasning/", "tablet", ""),
    ("cases", "decision_maker", "/arenden/", "desktop", ""),
    ("case, new", "controller", "/arenden/nytt/", "phone", ""),
    ("case", "decision_maker", "/arenden/{case}/", "desktop", "#samverkan summary"),
    ("case, phone", "auditor", "/arenden/{case}/", "phone", ""),
    ("case, figure", "controller", "/arenden/{case}/siffra/saving/", "phone", ""),
    ("case, writing", "controller", "/arenden/{case}/skriva/", "desktop", ""),
    ("case, risks", "decision_maker", "/arenden/{case}/risker/", "desktop", "details summary"),
    ("decisions by organ", "auditor", "/arenden/protokoll/", "phone", ""),
    ("meeting", "controller", "/arenden/sammantraden/1/", "phone", ""),
    ("organisation", "administrator", "/arenden/organisationer/1/", "desktop", "details summary"),
    ("assignments", "unit_manager", "/arenden/uppdrag/", "phone", ""),
    ("scale, new", "administrator", "/arenden/skalor/ny/?fran=5x5&kopia", "desktop", "details summary"),
    ("shared cases", "union_rep", "/samverkan/", "phone", ""),
    ("shared case", "safety_rep", "/samverkan/{case}/", "desktop", "section details summary"),
    ("assignment, new", "controller", "/arenden/{case}/uppdrag/ny/", "phone", ""),
    ("case, registers", "controller", "/arenden/{case}/register/", "phone", ""),
    ("case, posts", "controller", "/arenden/{case}/register/tjanster/", "phone", ""),
    ("case, forecast", "controller", "/arenden/{case}/register/economy.forecast/", "desktop", ""),
    ("prevention", "decision_maker", "/atgarder/forebyggande/", "phone", ""),
    ("indices", "controller", "/ekonomi/index/", "phone", ""),
    ("templates", "administrator", "/arenden/mallar/", "phone", ""),
    ("case, a row", "controller", "/arenden/{case}/skriva/posts/0/", "phone", ""),
    ("take-home ledger", "controller", "/hemtagning/", "phone", ""),
    ("take-home, booking", "controller", "/hemtagning/{freed}/", "desktop", ""),
    ("reviews", "unit_manager", "/provning/", "phone", "main details summary"),
    ("review, deciding", "service_head", "/provning/{review}/", "desktop", "main details summary"),
    ("review, new", "unit_manager", "/provning/ny/", "phone", ""),
    ("review, statistics", "controller", "/provning/statistik/", "desktop", ""),
    ("review, decisions", "auditor", "/provning/beslut/", "tablet", ""),
    ("review, new decision", "decision_maker", "/provning/beslut/nytt/", "desktop", ""),
    ("catalogue", "service_head", "/katalog/", "desktop", ""),
    ("kind of task", "service_head", "/katalog/discharge_clean/", "desktop", "main details summary"),
    ("kind of task, new", "administrator", "/katalog/ny/", "phone", ""),
    ("coordination, division", "coordinator", "/samordning/?division_id=1", "phone", ""),
    ("conflicts", "coordinator", "/samordning/konflikter/", "desktop", ""),
    ("paper", "ward_staff", "/papper/", "phone", ""),
    ("paper, which list", "coordinator", "/papper/ater/", "phone", ""),
    ("paper, entering", "coordinator", "/papper/ater/{paper}/", "phone", ""),
    ("menu", "coordinator", "/papper/", "desktop", "button.more"),
    ("escalation", "service_head", "/eskalering/?trigger=unowned&at=22:10", "desktop", ""),
    ("escalation, phone", "coordinator", "/eskalering/", "phone", ""),
    ("escalation, webhooks", "administrator", "/eskalering/", "desktop", ""),
    ("ladder, change", "service_head", "/eskalering/andra/", "desktop", ""),
    ("deliveries", "auditor", "/eskalering/utskick/", "desktop", ""),
    ("notifications", "coordinator", "/aviseringar/", "phone", ""),
    ("posts", "controller", "/tjanster/", "desktop", ""),
    ("people", "service_head", "/medarbetare/", "desktop", ""),
    ("person", "service_head", "/medarbetare/{person}/", "phone", "main details summary"),
    ("my schedule", "service_worker", "/mitt-schema/", "phone", ""),
    ("wishes", "service_worker", "/mitt-schema/onskemal/", "phone", "main details summary"),
    ("swaps", "service_worker", "/mitt-schema/byten/", "phone", ""),
    ("swaps that wait", "service_head", "/byten/", "desktop", ""),
    ("worked time", "service_worker", "/mitt-schema/tid/", "phone", "main details summary"),
    ("worked time of all", "service_head", "/arbetad-tid/", "desktop", ""),
    ("payroll", "service_head", "/lon/", "desktop", ""),
    ("overtime", "unit_manager", "/overtid/", "desktop", "main details summary"),
    ("calendar address", "service_worker", "/mitt-schema/kalender/", "phone", "main form.deeds button"),
    ("my schedule, month", "service_worker", "/mitt-schema/manad/", "desktop", ""),
    ("rosters", "coordinator", "/schema/", "phone", ""),
    ("roster group", "service_head", "/schema/grupp/{roster_group}/", "desktop", "main details summary"),
    ("roster", "service_head", "/schema/{roster}/", "desktop", ""),
    ("roster, a day", "service_head", "/schema/{roster}/", "desktop", ".roster a[data-on]"),
    ("roster, changes", "service_head", "/schema/{roster}/andringar/", "phone", ""),
    ("day plan", "coordinator", "/dagsplan/?dag={planned}", "desktop", ""),
    ("day plan, phone", "coordinator", "/dagsplan/?dag={planned}", "phone", ""),
    ("day plan, for paper", "coordinator", "/dagsplan/utskrift/?dag={planned}", "desktop", ""),
    ("day plan, what if", "coordinator", "/dagsplan/om/?dag={planned}&visa=1", "phone", ""),
    ("day plan, ways", "service_head", "/dagsplan/gang/", "desktop", ""),
    ("day plan, own", "service_worker", "/dagsplan/min/", "phone", ""),
    ("needs", "controller", "/behov/", "desktop", ""),
    ("what posts cover", "controller", "/fordelning/{curve}/", "phone", ""),
    ("economy", "controller", "/ekonomi/", "desktop", "main details summary"),
    ("economy, unit", "controller", "/ekonomi/enhet/1/", "desktop", "main details summary"),
    ("economy, why", "controller", "/ekonomi/varfor/?cost=23400000&compensation=11000000", "desktop", ""),
    ("economy, settlements", "controller", "/ekonomi/avrakning/", "desktop", ""),
    ("economy, compared", "controller", "/ekonomi/jamforelse/", "desktop", "main details summary"),
    ("economy, reference", "controller", "/ekonomi/jamforelse/ny/", "phone", ""),
    ("economy, lines", "auditor", "/ekonomi/enhet/1/rader/?m=1", "desktop", ""),
    ("economy, files", "controller", "/ekonomi/inlasning/", "desktop", ""),
    ("measures, phone", "auditor", "/atgarder/", "phone", ""),
    ("measure", "controller", "/atgarder/{measure}/", "desktop", "main details summary"),
    ("measure, change", "controller", "/atgarder/{measure}/andra/", "phone", ""),
    ("behind each post", "controller", "/arenden/{case}/tjanster/", "tablet", ""),
    ("agreements", "controller", "/overenskommelser/", "desktop", ""),
    ("agreements, phone", "ward_staff", "/overenskommelser/", "phone", ""),
    ("agreement, signed", "decision_maker", "/overenskommelser/{agreement}/version/1/", "desktop", ""),
    ("agreement, draft", "service_head", "/overenskommelser/{agreement}/version/2/", "desktop", ""),
    ("agreement, phone", "ward_staff", "/overenskommelser/{agreement}/version/1/", "phone", ""),
    ("agreement, new", "administrator", "/overenskommelser/ny/", "phone", ""),
    ("agreement, writing", "service_head", "/overenskommelser/{agreement}/utkast/", "desktop", "main details summary"),
    ("agreement, rows", "service_head", "/overenskommelser/{agreement}/utkast/avdelning/{ward}/", "desktop", ""),
    ("agreement, rows, phone", "service_head", "/overenskommelser/{agreement}/utkast/avdelning/{ward}/", "phone", ""),
    ("agreement, what is new", "auditor", "/overenskommelser/{agreement}/jamfor/", "desktop", ""),
    ("transfers", "controller", "/overforingar/", "desktop", ""),
    ("transfer", "service_head", "/overforingar/{transfer}/", "desktop", "#homes summary"),
    ("transfer, moving more", "service_head", "/overforingar/{transfer}/?visa=lamnar", "desktop", "#moves summary"),
    ("transfer, phone", "unit_manager", "/overforingar/{transfer}/", "phone", ""),
    ("transfer, new", "administrator", "/overforingar/ny/", "phone", ""),
    ("transfer, changing", "service_head", "/overforingar/{transfer}/andra/", "desktop", ""),
    ("function cards", "service_worker", "/funktionskort/", "phone", ""),
    ("function card", "service_worker", "/funktionskort/{ward}/service/", "phone", ""),
    ("places", "integrator", "/platser/", "desktop", ""),
    ("places, read", "coordinator", "/platser/", "phone", ""),
    ("place, map", "integrator", "/platser/{strange}/koppla/", "phone", ""),
    ("ward, map", "integrator", "/platser/avdelning/{strange_ward}/koppla/", "desktop", ""),
    ("labels", "coordinator", "/platser/etiketter/{ward}/", "desktop", ""),
    ("inbox", "integrator", "/inkorg/?visa=applied", "desktop", ""),
    ("inbox, parked", "integrator", "/inkorg/", "desktop", ""),
    ("message", "integrator", "/inkorg/{message}/", "desktop", ""),
    ("sender", "integrator", "/inkorg/avsandare/{sender}/", "desktop", ""),
    ("sender, codes", "integrator", "/inkorg/avsandare/{odd_sender}/", "phone", ""),
    ("sender, more codes", "integrator", "/inkorg/avsandare/{odd_sender}/", "desktop", "button[name=more]"),
    ("standing orders and extra trays", "ward_staff", "/maltider/patient/{stay}/", "phone", ""),
    ("guests and staff", "ward_staff", "/maltider/avdelning/{ward}/gaster/", "phone", ""),
    ("diets to ask about", "ward_staff", "/maltider/avdelning/{ward}/avstamning/", "desktop", ""),
    ("system, keys", "integrator", "/inkorg/avsandare/{sender}/nycklar/", "phone", ""),
    ("workload", "controller", "/arbetsmangd/", "desktop", ""),
    ("workload, ward", "service_head", "/arbetsmangd/?ward=K31", "phone", ""),
    ("sampling", "ward_staff", "/avdelning/{ward}/stickprov/", "tablet", ""),
    ("norms", "service_head", "/tider/normer/", "desktop", ""),
    ("measured times", "controller", "/tider/?by=ward", "desktop", ""),
    ("measured times, phone", "service_head", "/tider/", "phone", ""),
    ("status", "integrator", "/status/", "desktop", ""),
    ("log", "auditor", "/logg/", "desktop", ""),
    ("home", "controller", "/", "desktop", ""),
    ("nothing here", "controller", "/finns-inte/", "desktop", ""),
    ("not for you", "controller", "/inkorg/", "desktop", ""),
]


@pytest.fixture(scope="session")
def known(hospital: Any) -> dict[str, str]:
    """Something that exists behind each part of an address."""
    wanted = {
        "ward": "SELECT s.ward_id FROM accounts_scope s JOIN accounts_user u ON u.id = s.user_id"
        " WHERE u.role = 'ward_staff'",
        "bed": "SELECT min(b.id) FROM hospital_bedplace b JOIN hospital_room r ON r.id = b.room_id"
        " JOIN accounts_scope s ON s.ward_id = r.ward_id",
        "token": "SELECT b.token FROM hospital_bedplace b JOIN hospital_room r ON r.id = b.room_id"
        " JOIN accounts_scope s ON s.ward_id = r.ward_id"
        " JOIN hospital_occupancy o ON o.bed_id = b.id AND upper_inf(o.during) ORDER BY b.id LIMIT 1",
        "kitchen": "SELECT min(id) FROM meals_kitchen",
        "stay": "SELECT min(s.id) FROM hospital_stay s JOIN accounts_scope c ON c.ward_id = s.ward_id"
        " WHERE s.status = 'open'",
        "message": "SELECT min(id) FROM hospital_inboxmessage",
        "strange": "SELECT min(id) FROM hospital_bedplace WHERE NOT confirmed",
        "strange_ward": "SELECT min(id) FROM hospital_ward WHERE NOT confirmed",
        "odd_sender": "SELECT id FROM hospital_sender WHERE application = 'JOURNAL' AND facility = 'TEST'",
        "sender": "SELECT min(id) FROM hospital_sender",
        "agreement": "SELECT min(id) FROM service_agreement",
        "transfer": "SELECT min(id) FROM service_transferplan",
        "case": "SELECT min(id) FROM decisions_case",
        "person": "SELECT min(id) FROM staffing_person",
        "roster_group": "SELECT min(id) FROM staffing_rostergroup",
        "roster": "SELECT min(id) FROM staffing_roster",
        "freed": "SELECT min(id) FROM decisions_freedhours",
        "review": "SELECT min(id) FROM decisions_reviewrequest WHERE state = 'asked' AND level = 1",
        "measure": "SELECT min(id) FROM decisions_measure WHERE beds_change IS NOT NULL",
    }
    with psycopg.connect(hospital.database_url) as connection:
        found = {name: str(connection.execute(sql).fetchone()[0]) for name, sql in wanted.items()}
        found["handover"] = str(handover_made(connection, found["ward"]))
        found["paper"] = str(paper_made(connection))
        found["absence"] = str(absence_made(hospital, connection))
        found["curve"] = str(curve_made(connection))
        found["planned"] = day_planned(connection)
    return found


def handover_made(connection: psycopg.Connection[Any], ward: str) -> int:
    """A handover that nobody has read, and a note on a ward."""
    connection.execute(
        "INSERT INTO service_note (ward_id, text, author_id, at)"
        " SELECT %s, 'Golvet är halt vid förrådet', min(id), now() FROM accounts_user WHERE role = 'ward_staff'",
        [ward],
    )
    return int(
        connection.execute(
            "INSERT INTO service_handover (hospital_id, since, at, author_id, text, figures)"
            " SELECT h.id, now() - interval '8 hours', now(), u.id, 'Hissen i hus 2 står still.',"
            """ '{"late": {"number": 1, "rows": [["Hemgångsstäd", "K31 1:1", "09:00"]]}}'"""
            " FROM hospital_hospital h, accounts_user u WHERE h.invented AND u.role = 'coordinator' RETURNING id"
        ).fetchone()[0]
    )


def paper_made(connection: psycopg.Connection[Any]) -> int:
    """A list on paper with three rows of work of the ward."""
    paper = connection.execute(
        "INSERT INTO service_paperlist (ward_id, digest, made_at, rows, n_blank)"
        " SELECT ward_id, 'x', now() - interval '1 hour',"
        " jsonb_agg(jsonb_build_array(n, id, 'Hemgångsstäd', '1:1', 'senast 14:05')), 4"
        " FROM (SELECT ward_id, id, row_number() OVER (PARTITION BY ward_id ORDER BY id) AS n FROM service_task"
        "       WHERE state = 'open') t WHERE n <= 3 GROUP BY ward_id ORDER BY ward_id LIMIT 1 RETURNING id"
    ).fetchone()[0]
    connection.commit()
    return int(paper)


def absence_made(hospital: Any, connection: psycopg.Connection[Any]) -> int:
    """Somebody who is absent today and left three tasks."""
    code = connection.execute("SELECT code FROM hospital_hospital WHERE invented").fetchone()[0]
    made = hospital.command("user", "borta", "--role", "service_worker", "--hospital", code, "--name", "Bo Rta")
    assert made.returncode == 0, made.stderr
    absence = connection.execute(
        'INSERT INTO service_absence (user_id, hospital_id, "on", at, marked_by_id)'
        " SELECT u.id, h.id, (now() AT TIME ZONE 'Europe/Stockholm')::date, now() - interval '1 minute', u.id"
        " FROM accounts_user u, hospital_hospital h WHERE u.username = 'borta' AND h.invented RETURNING id"
    ).fetchone()[0]
    connection.execute(
        "INSERT INTO service_absencetask (absence_id, task_id, state)"
        " SELECT %s, id, 'claimed' FROM service_task WHERE state = 'open' LIMIT 3",
        [absence],
    )
    connection.commit()
    return int(absence)


def curve_made(connection: psycopg.Connection[Any]) -> int:
    """A curve of posts with two points, stopped."""
    left = ", ".join(str(30 * (hour in (8, 9)) + 45 * (hour == 16)) for hour in range(24))
    plan = """{"posts": %s, "weekday_posts": %s, "all_day_posts": 0, "hours_per_week": 30, "covered_minutes": %s,
        "uncovered_minutes": %s, "marginal_minutes": 1500, "bound": 0, "status": "optimal",
        "zones": {"K31": {"covered_minutes": 1500, "uncovered_minutes": 900}}, "uncovered": [[%s]],
        "shifts": [{"zone": "K31", "day": "mon", "shape": "day", "window": "07:00-15:30", "people": 1}],
        "step": {"covered_minutes": 1500, "marginal_minutes": 1500, "buys": {
            "parts": [{"part": "weekday_day", "minutes": 1500}], "zones": [{"zone": "K31", "minutes": 1500}]}}}"""
    cover = '{"posts": 3, "asked_by": {"hours": 2, "days": 2, "heads": 1, "weekends": 2.4}}'
    basis = f"""{{"days": [{{"day": "mon"}}], "zones": [{{"zone": "K31", "name": "Kirurgavdelning"}}],
        "minutes": {{"low": 1800, "typical": 2400, "high": 3000}}, "fte": {{"low": 1, "typical": 1.3, "high": 1.6}},
        "net_hours_per_fte": 1645, "params": {{"care_minutes_per_minute": 1}}, "unverified": ["lunch"],
        "needed": {{"low": {cover}, "typical": {cover}, "high": {cover}}},
        "costs": [{{"po_basis": "39 %", "pay_year": 2026, "per_post_sek": "525059.11"}}]}}"""
    curve = connection.execute(
        "INSERT INTO staffing_allocation (hospital_id, asked_by_id, asked_at, whose, zoned_by, service_level, n_most,"
        " state, started_at, ended_at, fault, basis) SELECT h.id, u.id, now(), 'all', 'ward', 0.8, 20, 'cancelled',"
        " now(), now(), '', %s FROM hospital_hospital h, accounts_user u WHERE h.invented AND u.role = 'controller'"
        " RETURNING id",
        [basis],
    ).fetchone()[0]
    for n, covered in enumerate((0, 1500)):
        connection.execute(
            "INSERT INTO staffing_allocationpoint (allocation_id, n_posts, row) VALUES (%s, %s, %s)",
            [curve, n, plan % (n, n, covered, 2400 - covered, left)],
        )
    connection.commit()
    return int(curve)


def day_planned(connection: psycopg.Connection[Any]) -> str:
    """A day to come with a plan: one task late, one left, a wash, a walk, a break."""
    what = {"kind": "service", "name": "Lunch", "name_en": "", "ward": "Kirurgavdelning", "ward_code": "K31"}
    work = {"minutes": 30, "opens": 660, "due": 700, "closes": 1440, "priority": 2, "hygiene": 0, "people": 1}
    steps = [["wash", 600, 608, "1", ""], ["walk", 608, 612, "1", ""], ["wait", 612, 680, "1", ""]]
    steps += [["task", 680, 710, "1", "1"], ["break", 710, 740, "1", "r1"]]
    figures = {"walked_minutes": 4, "washed_minutes": 8, "late_minutes": 10, "n_late": 1, "n_left": 1, "cost": 322}
    plan = {"version": "1", "digest": "", "status": "work_done", "seed": 1, "iterations": 1, "seconds": 1}
    plan |= {"figures": figures, "left": [["2", "no_skill"]], "timelines": [{"worker": "p1", "steps": steps}]}
    who = {"name": "Amina Warsame", "person_id": 1, "user_id": None, "shift": "D", "kind_id": None}
    basis = {
        "workers": {"p1": {"who": who, "starts": 420, "ends": 930}},
        "tasks": {code: {"what": what | {"without_norm": True}} | work for code in ("1", "2")},
        "apart": [],
        "unknown": [],
        "ways_said": 0,
    }
    result = {"plan": plan, "greedy": figures}
    row = connection.execute(
        'INSERT INTO staffing_dispatchplan (hospital_id, "on", cause, asked_at, state, ended_at, percent, stop_asked,'
        " fault, seed, work, cost, options, basis, result, part) SELECT id, current_date + 30, 'asked', now(), 'done',"
        " now(), 100, false, '', 1, 1, 322, '{}', %s, %s, '{}' FROM hospital_hospital WHERE invented RETURNING \"on\"",
        [json.dumps(basis), json.dumps(result)],
    ).fetchone()
    connection.commit()
    return str(row[0])


@pytest.fixture(scope="module")
def kept() -> dict[str, Page]:
    """By size the page that the looks of this file share."""
    return {}


@pytest.fixture
def look_as(open_as: Opener, browser: Browser, hospital: Any, kept: dict[str, Page]) -> Iterator[Opener]:
    """``look_as(role, path, size=)``: as ``open_as``, after what it does, on one page of each size that knows axe.

    To begin a page, and to read axe on it, costs more than to look; so it is begun once. Who was signed in before and
    what their pages kept is gone.
    """

    def begun(role: str, size: str) -> Page:
        return page_opened(browser, hospital, [], role, size=size, theme="light", language="sv", **ALONE)

    def run(role: str, path: str, *, size: str = "desktop") -> Page:
        if size not in kept:
            kept[size] = begun(role, size)
            kept[size].context.add_init_script(AXE)
        if role and (hospital.url, role) not in COOKIES:
            begun(role, size).context.close()
        page = kept[size]
        if page.url != "about:blank":
            page.evaluate("localStorage.clear(), sessionStorage.clear()")
        page.context.clear_cookies(name="sessionid")
        page.context.add_cookies(COOKIES[hospital.url, role] if role else [])
        page.context.faults.clear()
        page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        answer = page.goto(path)
        assert answer is not None and answer.status < 500, answer
        assert not role or "/logga-in/" not in page.url
        return page

    yield run
    told = [fault for page in kept.values() for fault in real(page.context.faults)]
    for page in kept.values():
        page.context.faults.clear()  # else what one page said would fail every test up to the next look at it
    assert not told


def violations(page: Page, only: dict[str, Any] = EVERY) -> list[str]:
    """What axe finds, one line each; unless told otherwise by every rule of WCAG 2.2 AA and its own good practice.

    axe writes styles of its own, which the page's security policy refuses: those refusals are not the page's.
    """
    before = list(page.context.faults)
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", only)
    page.context.faults[:] = before
    return [
        f"{row['id']}: {row['help']}: {node['html'][:160]} | {node['failureSummary'][:300]}"
        for row in found["violations"]
        for node in row["nodes"][:3]
    ]


@pytest.mark.parametrize(("name", "role", "path", "size", "press"), PAGES, ids=[row[0] for row in PAGES])
def test_no_violation(
    name: str, role: str, path: str, size: str, press: str, look_as: Opener, known: dict[str, str]
) -> None:
    """Every page, at the size that it is made for; what depends on colour in both themes."""
    page = look_as(role, path.format(**known), size=size)
    if press:
        page.locator(press).first.click()
        page.wait_for_timeout(300)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert violations(page, COLOUR) == []


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("service_worker", "/arbete/"),
        ("service_worker", "/arbete/pass/"),
        ("ward_staff", "/avdelning/{ward}/"),
        ("coordinator", "/samordning/"),
        ("coordinator", "/samordning/dagen/"),
        ("coordinator", "/samordning/fordela/"),
        ("coordinator", "/samordning/franvaro/{absence}/"),
        ("coordinator", "/samordning/overlamning/"),
        ("coordinator", "/papper/ater/{paper}/"),
        ("ward_staff", "/avdelning/{ward}/onskat/"),
        ("service_head", "/overenskommelser/{agreement}/version/2/"),
        ("service_head", "/overenskommelser/{agreement}/utkast/avdelning/{ward}/"),
        ("decision_maker", "/overenskommelser/"),
        ("service_worker", "/funktionskort/{ward}/service/"),
        ("integrator", "/platser/"),
        ("integrator", "/platser/{strange}/koppla/"),
        ("integrator", "/inkorg/avsandare/{odd_sender}/"),
        ("controller", "/atgarder/"),
        ("controller", "/atgarder/{measure}/"),
    ],
)
def test_nothing_is_wider_than_the_screen_and_every_target_is_large(
    role: str, path: str, look_as: Opener, known: dict[str, str]
) -> None:
    """No sideways scrolling at any size; what is pressed is at least 44 px high."""
    page = look_as(role, path.format(**known))
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        fits(page, size)


def fits(page: Page, size: str) -> None:
    """Look at one size."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, size
    assert page.evaluate(
        "Array.from(document.querySelectorAll('.paper-lines')).every(e => e.offsetWidth < innerWidth)"
    ), size
    small = page.evaluate(
        """() => Array.from(document.querySelectorAll(
            'main button, main a.line, main a.tile, .thumb button, header nav a, header nav button'))
          .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
          .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == [], size


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_fault_in_a_row_is_tied_to_its_field(theme: str, open_as: Opener, known: dict[str, str]) -> None:
    """Whoever cannot see the page hears which field is wrong and why."""
    page = open_as("integrator", "/inkorg/avsandare/{odd_sender}/".format(**known), size="phone", theme=theme)
    last = page.locator("#codes li").last
    last.locator("select").select_option("C")
    page.locator("#codes .deeds button").first.click()
    page.wait_for_load_state()
    field = page.locator("#codes input[aria-invalid=true]")
    described = field.get_attribute("aria-describedby")
    assert page.locator(f"[id='{described}']").inner_text() == "Skriv koden som betyder den här klassen."
    assert violations(page) == []


def test_the_figures_are_tabular(open_as: Opener) -> None:
    """Every digit of the vendored face is as wide as the next where figures stand below each other."""
    page = open_as("", "/logga-in/")
    widths = page.evaluate(
        """async () => { await document.fonts.ready; const box = document.createElement('time');
          box.style = 'position:absolute;font-size:100px'; document.body.append(box);
          return [...'0123456789'].map(d => {
            box.textContent = d.repeat(10); return box.getBoundingClientRect().width;
          }); }"""
    )
    assert len({round(width, 1) for width in widths}) == 1
    assert page.evaluate("document.fonts.check('16px Inter')")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_question_on_the_ward_s_page(theme: str, open_as: Opener, known: dict[str, str], hospital: Any) -> None:
    """It can be read by everybody, is answered by one tap, and is gone then."""
    with psycopg.connect(hospital.database_url, autocommit=True) as connection:
        shift = connection.execute(
            "INSERT INTO service_samplingshift"
            " (ward_id, start_minutes, end_minutes, n_questions, n_staff, active, seed)"
            " VALUES (%s, 0, 1440, 4, 8, true, 'x') ON CONFLICT (ward_id, start_minutes) DO UPDATE SET active = true"
            " RETURNING id",
            [known["ward"]],
        ).fetchone()[0]
        prompt = connection.execute(
            'INSERT INTO service_samplingprompt (shift_id, "on", due_at, state, answer)'
            " VALUES (%s, current_date, clock_timestamp() - interval '1 minute', 'waiting', '') RETURNING id",
            [shift],
        ).fetchone()[0]
        page = open_as("ward_staff", f"/avdelning/{known['ward']}/", size="tablet", theme=theme)
        expect(page.get_by_role("heading", name="Vad gör du just nu?")).to_be_visible()
        assert violations(page) == []
        page.locator("#asked-walking").click()
        expect(page.locator("#asked-what")).to_have_count(0)
        answer = connection.execute("SELECT answer FROM service_samplingprompt WHERE id = %s", [prompt]).fetchone()
        assert answer == ("walking",)
