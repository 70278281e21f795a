"""Addresses of decisions."""

from django.urls import path

from vardnara.apps.decisions.views import assignments, cases, deciding, meetings, organs, risks, scales, writing

app_name = "decisions"
CASE = "arenden/<int:case_id>/"
ROW = f"{CASE}skriva/<slug:section>/<int:number>/"

urlpatterns = [
    path("arenden/", cases.cases, name="cases"),
    path("arenden/nytt/", cases.case_new, name="case_new"),
    path("arenden/organisationer/", organs.organisations, name="organisations"),
    path("arenden/organisationer/ny/", organs.organisation_new, name="organisation_new"),
    path("arenden/organisationer/<int:organisation_id>/", organs.organisation, name="organisation"),
    path("arenden/organisationer/<int:organisation_id>/<slug:act>/", organs.organisation_act, name="organisation_act"),
    path("arenden/protokoll/", organs.register, name="register"),
    path("arenden/protokoll/lista.<slug:kind>", organs.register_export, name="register_export"),
    path("arenden/skalor/", scales.scales, name="scales"),
    path("arenden/skalor/ny/", scales.scale_new, name="scale_new"),
    path("arenden/uppdrag/", assignments.assignments, name="assignments"),
    path("arenden/uppdrag/<int:assignment_id>/", assignments.assignment, name="assignment"),
    path("arenden/uppdrag/<int:assignment_id>/<slug:act>/", assignments.assignment_act, name="assignment_act"),
    path("arenden/paminnelser/", assignments.reminders, name="reminders"),
    path(f"{CASE}uppdrag/ny/", assignments.assignment_new, name="assignment_new"),
    path(f"{CASE}uppdrag/punkter/", assignments.assignments_take, name="assignments_take"),
    path(f"{CASE}nytt-beslut/", assignments.redecide, name="redecide"),
    path("arenden/sammantraden/", meetings.meetings, name="meetings"),
    path("arenden/sammantraden/nytt/", meetings.meeting_new, name="meeting_new"),
    path("arenden/sammantraden/<int:meeting_id>/", meetings.meeting, name="meeting"),
    path("arenden/sammantraden/<int:meeting_id>/<slug:act>/", meetings.meeting_act, name="meeting_act"),
    path(f"{CASE}paragraf/", meetings.paragraph, name="paragraph"),
    path(f"{CASE}paragraf/<int:paragraph_id>/bort/", meetings.paragraph_remove, name="paragraph_remove"),
    path(CASE, cases.case, name="case"),
    path(f"{CASE}fil/", cases.case_file, name="case_file"),
    path(f"{CASE}siffra/<slug:name>/", cases.figure, name="figure"),
    path(f"{CASE}handlingar/", deciding.documents, name="documents"),
    path(f"{CASE}handlingar/<int:document_id>/", cases.document, name="document"),
    path(f"{CASE}skriva/", writing.write, name="write"),
    path(f"{CASE}skriva/helhet/", writing.head, name="head"),
    path(f"{CASE}skriva/<slug:section>/ny/", writing.row, name="row_new"),
    path(ROW, writing.row, name="row"),
    path(f"{ROW}<slug:act>/", writing.row_act, name="row_act"),
    path(f"{CASE}version/<int:number>/", writing.version, name="version"),
    path(f"{CASE}version/<int:number>/aterstall/", writing.restore, name="restore"),
    path(f"{CASE}diarienummer/", deciding.registry, name="registry"),
    path(f"{CASE}beslut/", deciding.decide, name="decide"),
    path(f"{CASE}verkstall/", deciding.execute, name="execute"),
    path(f"{CASE}aterkalla/", deciding.withdraw, name="withdraw"),
    path(f"{CASE}uppfoljning/<slug:act>/", deciding.follow_up, name="follow_up"),
    path(f"{CASE}samverkan/ny/", deciding.consultation_new, name="consultation_new"),
    path(f"{CASE}samverkan/behovs-inte/", deciding.waive, name="waive"),
    path(f"{CASE}samverkan/<int:consultation_id>/stang/", deciding.consultation_close, name="consultation_close"),
    path(f"{CASE}risker/", risks.risks, name="risks"),
    path(f"{CASE}risker/<int:analysis_id>/ny/", risks.risk, name="risk_new"),
    path(f"{CASE}risker/<int:analysis_id>/<int:row_id>/", risks.risk, name="risk"),
    path(f"{CASE}risker/rad/<int:row_id>/", risks.follow_up, name="risk_follow_up"),
    path(f"{CASE}risker/<slug:act>/", risks.analysis_act, name="analysis_act"),
    path(f"{CASE}loften/ny/", deciding.promise_new, name="promise_new"),
    path(f"{CASE}loften/<int:promise_id>/bort/", deciding.promise_remove, name="promise_remove"),
    path(f"{CASE}loften/<int:promise_id>/utfall/", deciding.outcome, name="outcome"),
]
