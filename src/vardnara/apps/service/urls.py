"""Addresses of the work."""

from django.urls import path

from vardnara.apps.service.views import (
    bed,
    conflicts,
    coordination,
    home,
    measured,
    shift,
    status,
    sync,
    ward,
    work,
    workload,
)

app_name = "service"
urlpatterns = [
    path("", home.home, name="home"),
    path("arbete/", work.work, name="work"),
    path("arbete/delar/", work.work_parts, name="work_parts"),
    path("arbete/pass/", shift.shift, name="shift"),
    path("arbete/pass/<slug:deed>/", shift.shift_act, name="shift_act"),
    path("arbete/skicka/", sync.work_send, name="work_send"),
    path("arbete/kvar/", sync.work_kept, name="work_kept"),
    path("arbete/skal/", sync.work_shell, name="work_shell"),
    path("arbete/hittat/", work.found, name="found"),
    path("arbete/<int:task_id>/<slug:deed>/", work.work_act, name="work_act"),
    path("plats/<str:token>/", bed.bed, name="bed"),
    path("plats/<str:token>/namn/", bed.bed_name, name="bed_name"),
    path("plats/<str:token>/<slug:deed>/", bed.bed_act, name="bed_act"),
    path("avdelning/", ward.wards, name="wards"),
    path("avdelning/<int:ward_id>/", ward.ward, name="ward"),
    path("avdelning/<int:ward_id>/delar/", ward.ward_parts, name="ward_parts"),
    path("avdelning/<int:ward_id>/onska/", ward.ward_request, name="ward_request"),
    path("avdelning/<int:ward_id>/dagen/", ward.ward_today, name="ward_today"),
    path("avdelning/<int:ward_id>/dagen/sjalva/", ward.ward_spill, name="ward_spill"),
    path("avdelning/<int:ward_id>/dagen/angra/", ward.ward_spill_undo, name="ward_spill_undo"),
    path("samordning/", coordination.coordination, name="coordination"),
    path("samordning/delar/", coordination.coordination_parts, name="coordination_parts"),
    path("samordning/konflikter/", conflicts.conflicts, name="conflicts"),
    path("samordning/konflikter/<int:conflict_id>/<slug:deed>/", conflicts.conflict_act, name="conflict_act"),
    path("samordning/uppgift/<int:task_id>/", coordination.task, name="task"),
    path("samordning/uppgift/<int:task_id>/<slug:deed>/", coordination.task_act, name="task_act"),
    path("tider/", measured.measured, name="measured"),
    path("arbetsmangd/", workload.workload, name="workload"),
    path("arbetsmangd/export.csv", workload.workload_export, name="workload_export"),
    path("status/", status.status, name="status"),
    path("status/delar/", status.status_parts, name="status_parts"),
    path("halsa/", status.health, name="health"),
    path("matt/", status.metrics, name="metrics"),
]
