"""Who may open what: every address of the site, walked as every role and as nobody, against a written table."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.accounts.choices import Role
from vardnara.config.urls import pages

NOBODY = frozenset({"nobody"})
EVERYBODY = frozenset(str(role) for role in Role)
PUBLIC = EVERYBODY | NOBODY
KEYED = frozenset({"system"})  # whoever is signed in: a system's key alone opens it
WORKER = frozenset({"service_worker"})
WARD = frozenset({"ward_staff"})
SERVERS = WARD | WORKER
MEALS = SERVERS | frozenset({"coordinator"})
LEAD = frozenset({"coordinator", "service_head"})
MEASURE = LEAD | frozenset({"controller", "decision_maker", "auditor", "administrator"})
CATALOGUE = MEASURE | frozenset({"unit_manager"})
EDIT = frozenset({"service_head", "administrator"})
ESCALATION = LEAD | frozenset({"administrator", "auditor"})
READ_INBOX = frozenset({"integrator", "auditor", "administrator"})
MONEY = frozenset({"controller", "service_head", "decision_maker", "auditor"})
BOOKS = frozenset({"controller"})
POST_WRITERS = frozenset({"controller", "service_head", "administrator"})
DAY_KEEPERS = frozenset({"coordinator", "service_head", "administrator"})
DAY_PLANNERS = DAY_KEEPERS | frozenset({"unit_manager"})
PLANNERS = frozenset({"service_head", "unit_manager", "coordinator", "administrator"})
HEADS = frozenset({"service_head", "unit_manager"})
POSTS = POST_WRITERS | frozenset({"decision_maker", "auditor"})
AGREE = frozenset({"service_head", "administrator"})
AGREED = LEAD | WARD | frozenset({"administrator", "decision_maker", "unit_manager", "controller", "auditor"})
DECIDE = frozenset({"decision_maker", "administrator"})
KEEP = POST_WRITERS
DRAFT = DECIDE | frozenset({"controller", "service_head"})
PARTIES = frozenset({"union_rep", "safety_rep"})
CASES = DRAFT | frozenset({"unit_manager", "coordinator", "auditor"})
ASKERS = frozenset({"unit_manager", "service_head", "coordinator"})
COOKS = EDIT | frozenset({"kitchen", "coordinator", "auditor"})
ORDERS = DECIDE | frozenset({"controller"})

# The written table. An address that is missing here fails the test, and so does one that is here and nowhere else.
MAY = {
    "accounts:sign_in": PUBLIC,
    "accounts:demo_sign_in": PUBLIC,
    "accounts:language": PUBLIC,
    "accounts:tablet_who": PUBLIC,
    "accounts:tablet_pin": PUBLIC,
    "accounts:tablet_switch": EVERYBODY,
    "accounts:tablet_stay": EVERYBODY,
    "accounts:pin": WARD | WORKER,
    "hospital:tablets": WARD | LEAD | frozenset({"unit_manager", "administrator"}),
    "hospital:tablet_end": WARD | LEAD | frozenset({"unit_manager", "administrator"}),
    "accounts:service_worker": PUBLIC,
    "accounts:manifest": PUBLIC,
    "accounts:no_contact": PUBLIC,
    "accounts:sign_out": EVERYBODY,
    "accounts:access_log": frozenset({"auditor"}),
    "hospital:events": EVERYBODY,
    "hospital:inbox": READ_INBOX,
    "hospital:inbox_parts": READ_INBOX,
    "hospital:message": READ_INBOX,
    "hospital:message_identity": frozenset({"integrator", "auditor"}),
    "hospital:retry": frozenset({"integrator"}),
    "hospital:retry_all": frozenset({"integrator"}),
    "hospital:sender": frozenset({"integrator", "administrator"}),
    "hospital:sender_codes": frozenset({"integrator", "administrator"}),
    "hospital:system_new": frozenset({"integrator", "administrator"}),
    "hospital:system_keys": frozenset({"integrator", "administrator"}),
    "hospital:system_key_end": frozenset({"integrator", "administrator"}),
    "hospital:system_issuers": frozenset({"integrator", "administrator"}),
    "hospital:fhir": KEYED,
    "hospital:fhir_metadata": PUBLIC,
    "hospital:fhir_create": KEYED,
    "hospital:fhir_update": KEYED,
    "hospital:places": frozenset({"integrator", "administrator", "coordinator"}),
    "hospital:labels": frozenset({"integrator", "administrator", "coordinator"}),
    "hospital:place_confirm": frozenset({"integrator", "administrator"}),
    "hospital:place_map": frozenset({"integrator", "administrator"}),
    "hospital:ward_confirm": frozenset({"integrator", "administrator"}),
    "hospital:ward_map": frozenset({"integrator", "administrator"}),
    "hospital:alias_remove": frozenset({"integrator", "administrator"}),
    "service:home": EVERYBODY,
    "service:work": WORKER,
    "service:work_parts": WORKER,
    "service:work_act": WORKER,
    "service:found": WORKER,
    "service:deviation_new": WORKER,
    "service:deviations": LEAD | WARD | frozenset({"unit_manager"}),
    "service:deviation_picture": LEAD | WARD | frozenset({"unit_manager"}),
    "service:deviation_act": LEAD,
    "service:shift": WORKER,
    "service:shift_act": WORKER,
    "service:work_send": WORKER,
    "service:work_kept": WORKER,
    "service:work_shell": WORKER,
    "service:bed": WORKER | WARD | LEAD,
    "service:bed_act": WARD,
    "service:bed_name": WARD,
    "service:wards": WARD | LEAD,
    "service:ward": WARD | LEAD,
    "service:ward_parts": WARD | LEAD,
    "service:asked": WARD | LEAD,
    "service:asked_parts": WARD | LEAD,
    "service:asked_cancel": WARD | LEAD,
    "service:ward_today": WARD | LEAD,
    "service:ward_spill": WARD,
    "service:ward_spill_undo": WARD,
    "service:catalogue": CATALOGUE,
    "service:task_type": CATALOGUE,
    "service:task_type_new": EDIT,
    "service:norm_new": EDIT,
    "service:task_type_retire": EDIT,
    "service:ward_request": WARD,
    "service:coordination": LEAD,
    "service:coordination_parts": LEAD,
    "service:day": LEAD,
    "service:day_parts": LEAD,
    "service:hand_out": LEAD,
    "service:hand_out_parts": LEAD,
    "service:hand_out_move": LEAD,
    "service:absence_mark": LEAD,
    "service:absence": LEAD,
    "service:absence_parts": LEAD,
    "service:absence_undo": LEAD,
    "service:handover": LEAD,
    "service:handover_one": LEAD,
    "service:handover_read": LEAD,
    "service:note_add": WORKER | WARD | LEAD,
    "service:note_withdraw": WORKER | WARD | LEAD,
    "service:conflicts": LEAD,
    "service:conflict_act": LEAD,
    "service:task": LEAD,
    "service:task_act": LEAD,
    "service:paper": WARD | LEAD,
    "service:paper_all": WARD | LEAD,
    "service:paper_ward": WARD | LEAD,
    "service:paper_find": LEAD,
    "service:paper_enter": LEAD,
    "service:escalation": ESCALATION,
    "service:escalation_parts": ESCALATION,
    "service:ladder_edit": EDIT,
    "service:case_take": LEAD,
    "service:deliveries": ESCALATION,
    "service:deliveries_export": ESCALATION,
    "service:webhook_new": frozenset({"administrator"}),
    "service:webhook_act": frozenset({"administrator"}),
    "service:alert_settings": EVERYBODY,
    "service:device_on": EVERYBODY,
    "service:device_off": EVERYBODY,
    "service:alert_try": EVERYBODY,
    "service:email_set": EVERYBODY,
    "service:measured": MEASURE,
    "service:sampling": (MEASURE - {"administrator"}) | WARD,
    "service:sampling_set": frozenset({"ward_staff", "service_head"}),
    "service:sampling_answer": WARD,
    "service:norms": MEASURE,
    "service:norms_propose": frozenset({"service_head", "administrator"}),
    "service:norm_decide": frozenset({"service_head", "administrator"}),
    "service:workload": MEASURE - {"administrator"},
    "service:workload_export": MEASURE - {"administrator"},
    "service:agreements": AGREED,
    "service:agreement": AGREED,
    "service:agreement_version": AGREED,
    "service:agreement_lines": AGREED,
    "service:agreement_diff": AGREED,
    "service:agreement_new": AGREE,
    "service:agreement_draft_new": AGREE,
    "service:agreement_draft": AGREE,
    "service:agreement_draft_delete": AGREE,
    "service:agreement_import": AGREE,
    "service:agreement_ward": AGREE,
    "service:agreement_ward_copy": AGREE,
    "service:agreement_ward_remove": AGREE,
    "service:agreement_sign": frozenset({"service_head", "decision_maker", "unit_manager"}),
    "service:agreement_end": frozenset({"service_head"}),
    "service:transfers": AGREED - WARD,
    "service:transfer": AGREED - WARD,
    "service:transfer_export": AGREED - WARD,
    "service:transfer_new": AGREE,
    "service:transfer_edit": AGREE,
    "service:transfer_act": AGREE | frozenset({"unit_manager"}),
    "service:function_cards": AGREED | WORKER,
    "service:function_card": AGREED | WORKER,
    "service:function_card_pdf": AGREED | WORKER,
    "meals:patient_more": SERVERS,
    "meals:patient_more_deed": SERVERS,
    "meals:other_meals": SERVERS,
    "meals:reconcile": MEALS,
    "meals:patient_cards": WARD | WORKER | frozenset({"coordinator"}),
    "meals:patient": PUBLIC,
    "meals:patient_look": PUBLIC,
    "meals:patient_help": PUBLIC,
    "meals:patient_avoid": PUBLIC,
    "meals:patient_meal": PUBLIC,
    "meals:patient_why": PUBLIC,
    "meals:patient_photo": PUBLIC,
    "staffing:posts": POSTS,
    "staffing:post": POSTS,
    "staffing:export": POSTS,
    "staffing:template": POST_WRITERS,
    "staffing:imports": POST_WRITERS,
    "staffing:post_new": POST_WRITERS,
    "staffing:post_change": POST_WRITERS,
    "staffing:post_end": POST_WRITERS,
    "staffing:funding": POST_WRITERS,
    "staffing:people": PLANNERS,
    "staffing:people_export": PLANNERS,
    "staffing:people_template": PLANNERS,
    "staffing:people_imports": PLANNERS,
    "staffing:person_new": PLANNERS,
    "staffing:person": PLANNERS,
    "staffing:person_change": PLANNERS,
    "staffing:contracts": PLANNERS,
    "staffing:trainings": PLANNERS,
    "staffing:availability": PLANNERS,
    "staffing:leave_add": PLANNERS,
    "staffing:leave_undo": PLANNERS,
    "staffing:calendar_revoke": PLANNERS,
    "staffing:schedule": EVERYBODY,
    "staffing:schedule_month": EVERYBODY,
    "staffing:wishes": EVERYBODY,
    "staffing:wish_withdraw": EVERYBODY,
    "staffing:own_hours": EVERYBODY,
    "staffing:swaps": EVERYBODY,
    "staffing:swap_act": EVERYBODY,
    "staffing:swap_new": EVERYBODY,
    "staffing:own_time": EVERYBODY,
    "staffing:worked_weeks": PLANNERS,
    "staffing:worked_week": PLANNERS,
    "staffing:worked_said": EVERYBODY,
    "staffing:worked_extra": EVERYBODY,
    "staffing:worked_take_back": EVERYBODY,
    "staffing:worked_approve": HEADS,
    "staffing:extra_time": PLANNERS,
    "staffing:extra_time_export": PLANNERS,
    "staffing:payroll": EDIT,
    "staffing:payroll_file": EDIT,
    "staffing:calendar": EVERYBODY,
    "staffing:calendar_feed": PUBLIC,
    "staffing:swaps_waiting": HEADS,
    "staffing:swap_decide": HEADS,
    "staffing:swap_rule": HEADS,
    "staffing:rosters": PLANNERS,
    "staffing:roster_group_new": PLANNERS,
    "staffing:roster_group": PLANNERS,
    "staffing:shift_kind_add": PLANNERS,
    "staffing:shift_kind_end": PLANNERS,
    "staffing:standard_needs": PLANNERS,
    "staffing:needs_from_curve": PLANNERS,
    "staffing:roster_new": PLANNERS,
    "staffing:roster": PLANNERS,
    "staffing:roster_parts": PLANNERS,
    "staffing:shift_set": PLANNERS,
    "staffing:shift_lock": PLANNERS,
    "staffing:roster_undo": PLANNERS,
    "staffing:roster_day": PLANNERS,
    "staffing:roster_shift": PLANNERS,
    "staffing:roster_need": PLANNERS,
    "staffing:roster_absence": PLANNERS,
    "staffing:roster_repair": PLANNERS,
    "staffing:roster_search": PLANNERS,
    "staffing:roster_search_stop": PLANNERS,
    "staffing:roster_publish": PLANNERS,
    "staffing:roster_discard": PLANNERS,
    "staffing:roster_changes": PLANNERS,
    "staffing:roster_export": PLANNERS,
    "staffing:day_plan": DAY_PLANNERS,
    "staffing:day_plan_parts": DAY_PLANNERS,
    "staffing:day_plan_print": DAY_PLANNERS,
    "staffing:day_plan_stop": DAY_PLANNERS,
    "staffing:day_plan_if": DAY_PLANNERS,
    "staffing:day_plan_own": frozenset({"service_worker"}),
    "staffing:dispatch_settings": DAY_KEEPERS,
    "staffing:dispatch_policy": frozenset({"service_head"}),
    "staffing:ways_export": DAY_KEEPERS,
    "staffing:ways_imports": DAY_KEEPERS,
    "staffing:needs": POSTS,
    "staffing:needs_hour": POSTS,
    "staffing:allocations": POSTS,
    "staffing:allocation": POSTS,
    "staffing:allocation_parts": POSTS,
    "staffing:allocation_export": POSTS,
    "staffing:allocation_stop": POST_WRITERS,
    "economy:year": MONEY,
    "economy:forecast_keep": BOOKS,
    "economy:year_close": BOOKS,
    "economy:year_export": MONEY,
    "economy:unit": MONEY,
    "economy:lines": MONEY,
    "economy:adjust": BOOKS,
    "economy:adjust_withdraw": BOOKS,
    "economy:frame_add": BOOKS,
    "economy:why": MONEY,
    "economy:tasks": MONEY,
    "economy:settlements": MONEY,
    "economy:settlement": MONEY,
    "economy:settlement_export": MONEY,
    "economy:issue": frozenset({"controller", "service_head"}),
    "economy:invoice": MONEY,
    "economy:invoice_export": MONEY,
    "economy:credit": frozenset({"controller", "service_head"}),
    "economy:benchmark": MONEY,
    "economy:quantity": BOOKS,
    "economy:reference": MONEY,
    "economy:reference_new": BOOKS,
    "economy:reference_remove": BOOKS,
    "economy:imports": MONEY,
    "economy:indices": MONEY,
    "economy:index_withdraw": BOOKS,
    "economy:import": MONEY,
    "economy:template": MONEY,
    "decisions:cases": CASES,
    "decisions:case_new": DRAFT,
    "decisions:case": CASES,
    "decisions:case_file": CASES,
    "decisions:registers": CASES,
    "decisions:prevention": CASES,
    "decisions:read_register": DRAFT,
    "decisions:case_posts": DRAFT,
    "decisions:read_again": DRAFT,
    "decisions:templates": KEEP,
    "decisions:template_file": KEEP,
    "decisions:template_drop": KEEP,
    "decisions:figure": CASES,
    "decisions:documents": DRAFT,
    "decisions:document": CASES,
    "decisions:write": DRAFT,
    "decisions:head": DRAFT,
    "decisions:row_new": DRAFT,
    "decisions:row": DRAFT,
    "decisions:row_act": DRAFT,
    "decisions:version": DRAFT,
    "decisions:restore": DRAFT,
    "decisions:registry": DRAFT,
    "decisions:decide": DECIDE,
    "decisions:execute": DECIDE,
    "decisions:withdraw": DRAFT,
    "decisions:follow_up": DRAFT,
    "decisions:consultation_new": DRAFT,
    "decisions:waive": DRAFT,
    "decisions:consultation_close": DRAFT,
    "decisions:promise_new": DRAFT,
    "decisions:promise_remove": DRAFT,
    "decisions:outcome": DRAFT,
    "decisions:risks": CASES,
    "decisions:risk": DRAFT,
    "decisions:risk_new": DRAFT,
    "decisions:risk_follow_up": DRAFT,
    "decisions:analysis_act": DRAFT,
    "decisions:organisations": CASES,
    "decisions:organisation": CASES,
    "decisions:organisation_new": frozenset({"administrator"}),
    "decisions:organisation_act": frozenset({"administrator"}),
    "decisions:register": CASES,
    "decisions:register_export": CASES,
    "decisions:meetings": CASES,
    "decisions:meeting": CASES,
    "decisions:meeting_new": DRAFT,
    "decisions:meeting_act": DRAFT,
    "decisions:paragraph": DRAFT,
    "decisions:paragraph_remove": DRAFT,
    "decisions:extract": CASES,
    "decisions:assignments": CASES,
    "decisions:assignment": CASES,
    "decisions:assignment_act": CASES,
    "decisions:assignment_new": DRAFT,
    "decisions:assignments_take": DRAFT,
    "decisions:reminders": CASES,
    "decisions:shared_cases": PARTIES,
    "decisions:shared_case": PARTIES,
    "decisions:shared_act": PARTIES,
    "decisions:share": DRAFT,
    "decisions:suggestion": DRAFT,
    "decisions:scales": CASES,
    "decisions:scale_new": EDIT,
    "decisions:redecide": DRAFT,
    "decisions:take_home": CASES,
    "decisions:take_home_export": CASES,
    "decisions:freed_new": DRAFT,
    "decisions:freed": CASES,
    "decisions:freed_act": DRAFT,
    "decisions:reviews": CASES,
    "decisions:reviews_parts": CASES,
    "decisions:review_new": ASKERS,
    "decisions:review": CASES,
    "decisions:review_change": ASKERS,
    "decisions:review_act": CASES,
    "decisions:review_statistics": CASES,
    "decisions:review_export": CASES,
    "decisions:review_orders": CASES,
    "decisions:review_order_new": ORDERS,
    "decisions:review_order": CASES,
    "decisions:review_order_end": ORDERS,
    "decisions:measures": CASES,
    "decisions:measures_export": CASES,
    "decisions:measure": CASES,
    "decisions:guides": CASES,
    "decisions:measures_template": DRAFT,
    "decisions:measures_import": DRAFT,
    "decisions:measures_take": DRAFT,
    "decisions:measure_new": DRAFT,
    "decisions:measure_edit": DRAFT,
    "decisions:measure_act": DRAFT,
    "decisions:post_checks": CASES,
    "decisions:post_checks_make": DRAFT,
    "decisions:post_list": DRAFT,
    "decisions:post_check": DRAFT,
    "meals:kitchens": COOKS,
    "meals:kitchen": COOKS,
    "meals:kitchen_today": COOKS,
    "meals:kitchen_day": COOKS,
    "meals:production": COOKS,
    "meals:production_file": COOKS,
    "meals:tickets": COOKS,
    "meals:ticket_file": COOKS - {"coordinator", "auditor"},
    "meals:forecast": COOKS | BOOKS,
    "meals:weigh": SERVERS | EDIT | frozenset({"kitchen"}),
    "meals:waste_causes": COOKS | BOOKS,
    "meals:waste_rows": COOKS | BOOKS,
    "meals:waste_monday": COOKS | BOOKS,
    "meals:waste_survey": COOKS | BOOKS,
    "meals:foods": COOKS,
    "meals:ingredient": COOKS,
    "meals:recipes": COOKS,
    "meals:recipe": COOKS,
    "meals:dishes": COOKS,
    "meals:dish": COOKS,
    "meals:menus": COOKS,
    "meals:menu": COOKS,
    "meals:imports": COOKS,
    "meals:import_done": COOKS,
    "meals:import_map": COOKS - {"coordinator", "auditor"},
    "meals:wards": MEALS,
    "meals:ward": MEALS,
    "meals:ward_usual": SERVERS,
    "meals:ward_order": SERVERS,
    "meals:ward_access": SERVERS,
    "meals:notice_seen": MEALS | frozenset({"kitchen"}),
    "meals:eaten": MEALS,
    "meals:fridge": MEALS | frozenset({"kitchen"}),
    "meals:temperatures": MEALS | frozenset({"kitchen", "service_head", "administrator", "auditor"}),
    "meals:temperature": MEALS | frozenset({"kitchen", "service_head", "administrator", "auditor"}),
    "meals:temperature_journal": MEALS | frozenset({"kitchen", "service_head", "administrator", "auditor"}),
    "meals:scan": SERVERS | frozenset({"kitchen"}),
    "meals:tray": SERVERS | frozenset({"kitchen"}),
    "meals:diet": WARD,
    "meals:diet_end": WARD,
    "meals:codes": WARD | frozenset({"kitchen", "integrator"}),
    "meals:code": frozenset(),  # by profession: see test_codes_page.py
    "service:status": LEAD | READ_INBOX,
    "service:status_parts": LEAD | READ_INBOX,
    "service:health": PUBLIC,
    "service:metrics": PUBLIC,
}
PAGES = dict(pages())
DEVIATION = UUID(int=7)


def address(name: str, stage: Stage) -> str:
    """The address of a view on the stage, with something that exists behind every part of it."""
    known = {
        "ward_id": stage.ward.pk,
        "bed_id": stage.unconfirmed.pk,
        "token": stage.occupied.token,
        "task_id": stage.task_id,
        "message_id": stage.message.pk,
        "sender_id": stage.sender.pk,
        "alias_id": 0,
        "table_id": 0,
        "index_id": 0,
        "version_id": 0,
        "invoice_id": 0,
        "month": "2026-03",
        "unit_id": 0,
        "adjustment_id": 0,
        "import_id": 0,
        "proposal_id": 0,
        "code": "given-up",
        "key": DEVIATION,
        "key_id": 0,
        "conflict_id": 0,
        "tablet_id": 0,
        "user_id": 0,
        "absence_id": stage.absence_id,
        "stay_id": stage.stay.pk,
        "notice_id": 0,
        "case_id": 0,
        "post_id": 0,
        "person_id": 0,
        "group_id": 0,
        "roster_id": 0,
        "kind_id": 0,
        "leave_id": 0,
        "wish_id": 0,
        "worked_id": 0,
        "export_id": 0,
        "offer_id": 0,
        "paper_id": 1,
        "webhook_id": 0,
        "device_id": 0,
        "channel": "push",
        "handover_id": 0,
        "note_id": 0,
        "agreement_id": stage.agreement_id,
        "number": 1,
        "plan_id": 0,
        "kind": "csv",
        "section": "figure",
        "name": "x",
        "act": "bort",
        "document_id": 0,
        "allocation_id": 0,
        "consultation_id": 0,
        "organisation_id": 0,
        "suggestion_id": 0,
        "assignment_id": 0,
        "meeting_id": 0,
        "paragraph_id": 0,
        "promise_id": 0,
        "order_id": 0,
        "source_id": 0,
        "request_id": 0,
        "measure_id": 0,
        "checklist_id": 0,
        "check_id": 0,
        "analysis_id": 0,
        "row_id": 0,
        "kitchen_id": 0,
        "run_id": 0,
        "point_id": 0,
        "ingredient_id": 0,
        "recipe_id": 0,
        "dish_id": 0,
        "menu_id": 0,
        "week": 1,
        "sent_id": 0,
        "word_id": 0,
        "on": "2026-03-05",
        "meal": "lunch",
        "digest": "x",
        "party": "service",
        "size": "a5",
        "deed": {
            "service:work_act": "ta",
            "service:bed_act": "bekrafta",
            "meals:ward_access": "oppna",
            "meals:patient_more_deed": "alltid",
            "service:task_act": "prioritera",
            "service:conflict_act": "godkann",
            "service:deviation_act": "atgardad",
            "service:shift_act": "borja",
            "staffing:swap_act": "ja",
            "service:webhook_act": "prova",
            "service:transfer_act": "bocka",
        }.get(name),
    }
    wanted = PAGES[name].pattern.converters
    return reverse(name, kwargs={part: known[part] for part in wanted})


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def outcome(client: Client, method: str, where: str) -> str:
    """``in``, ``refused``, ``sign in`` or ``key``."""
    response = getattr(client, method)(where)
    if response.status_code == 403:
        return "refused"
    if response.status_code == 302 and response["Location"].startswith("/logga-in/?next="):
        return "sign in"
    if response.status_code == 401 and response["WWW-Authenticate"].startswith("Bearer"):
        return "key"
    assert response.status_code in (200, 302, 404, 405, 422), (where, response.status_code)
    return "in"


def test_the_table_names_every_address_and_no_other() -> None:
    """A view that nobody has decided about cannot be shipped."""
    assert set(PAGES) == set(MAY)


@pytest.mark.parametrize("app", sorted({name.partition(":")[0] for name in MAY}))
def test_each_address_opens_for_whom_the_table_says(app: str, stage: Stage) -> None:
    """Every role and nobody, by GET and by POST: in, or refused, or asked to sign in.

    An app's addresses are walked on one stage: whatever a GET changes there changes nothing about who may come in.
    """
    clients = {who: Client() for who in PUBLIC}
    wrong = []
    for name in sorted(one for one in MAY if one.partition(":")[0] == app):
        where = address(name, stage)
        for who, client in sorted(clients.items()):
            if who != "nobody" and "_auth_user_id" not in client.session:
                client.force_login(stage.users[who])
            expected = "in" if who in MAY[name] else "sign in" if who == "nobody" else "refused"
            if MAY[name] is KEYED:
                expected = "key"
            found = [outcome(client, "get", where)]
            if expected != "in":
                found.append(outcome(client, "post", where))
            if set(found) != {expected}:
                wrong.append((name, where, who, expected, found))
    assert not wrong


@pytest.mark.parametrize(
    "name", ["service:ward", "service:ward_parts", "service:task", "service:bed", "hospital:labels"]
)
def test_another_hospital_s_people_find_nothing(name: str, stage: Stage) -> None:
    """What is out of reach does not exist for the asker, so that its address tells nothing."""
    client = Client()
    client.force_login(stage.outsider)
    assert client.get(address(name, stage)).status_code == 404


def test_ward_staff_do_not_reach_the_ward_beside(stage: Stage) -> None:
    client = Client()
    client.force_login(stage.users["ward_staff"])
    assert client.get(reverse("service:ward", args=[stage.other_ward.pk])).status_code == 404


@pytest.mark.parametrize("name", ["service:ward", "service:coordination", "service:work", "service:bed"])
def test_boards_and_phones_show_no_name(name: str, stage: Stage) -> None:
    """A name is shown on request only, to whom it concerns, and the look is logged (invariant 7)."""
    for who in MAY[name]:
        client = Client()
        client.force_login(stage.users[who])
        assert b"Tolvansson" not in client.get(address(name, stage)).content
