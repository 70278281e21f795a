"""Addresses of posts and people."""

from django.urls import path

from vardnara.apps.staffing.views import (
    allocation_files,
    allocations,
    files,
    needs,
    people,
    people_files,
    posts,
    schedule,
    schedule_calendar,
    schedule_swaps,
    schedule_wishes,
)

app_name = "staffing"
urlpatterns = [
    path("behov/", needs.needs, name="needs"),
    path("behov/timme/", needs.needs_hour, name="needs_hour"),
    path("fordelning/", allocations.allocations, name="allocations"),
    path("fordelning/<int:allocation_id>/", allocations.allocation, name="allocation"),
    path("fordelning/<int:allocation_id>/delar/", allocations.allocation_parts, name="allocation_parts"),
    path("fordelning/<int:allocation_id>/stoppa/", allocations.allocation_stop, name="allocation_stop"),
    path(
        "fordelning/<int:allocation_id>/kurva.<str:kind>", allocation_files.allocation_export, name="allocation_export"
    ),
    path("tjanster/", posts.posts, name="posts"),
    path("tjanster/lista.<str:kind>", files.export, name="export"),
    path("tjanster/mall.csv", files.template, name="template"),
    path("tjanster/inlasning/", files.imports, name="imports"),
    path("tjanster/ny/", posts.post_new, name="post_new"),
    path("tjanster/<int:post_id>/", posts.post, name="post"),
    path("tjanster/<int:post_id>/andra/", posts.post_change, name="post_change"),
    path("tjanster/<int:post_id>/avsluta/", posts.post_end, name="post_end"),
    path("tjanster/<int:post_id>/finansiering/", posts.funding, name="funding"),
    path("medarbetare/", people.people, name="people"),
    path("medarbetare/lista.<str:kind>", people_files.export, name="people_export"),
    path("medarbetare/mall.csv", people_files.template, name="people_template"),
    path("medarbetare/inlasning/", people_files.imports, name="people_imports"),
    path("medarbetare/ny/", people.person_new, name="person_new"),
    path("medarbetare/<int:person_id>/", people.person, name="person"),
    path("medarbetare/<int:person_id>/andra/", people.person_change, name="person_change"),
    path("medarbetare/<int:person_id>/anstallning/", people.contracts, name="contracts"),
    path("medarbetare/<int:person_id>/utbildning/", people.trainings, name="trainings"),
    path("medarbetare/<int:person_id>/tider/", people.availability, name="availability"),
    path("medarbetare/<int:person_id>/franvaro/", people.leave_add, name="leave_add"),
    path("medarbetare/<int:person_id>/franvaro/<int:leave_id>/ater/", people.leave_undo, name="leave_undo"),
    path("mitt-schema/", schedule.schedule, name="schedule"),
    path("mitt-schema/manad/", schedule.schedule_month, name="schedule_month"),
    path("mitt-schema/onskemal/", schedule_wishes.wishes, name="wishes"),
    path("mitt-schema/onskemal/<int:wish_id>/ater/", schedule_wishes.wish_withdraw, name="wish_withdraw"),
    path("mitt-schema/tider/", schedule_wishes.own_hours, name="own_hours"),
    path("mitt-schema/byten/", schedule_swaps.swaps, name="swaps"),
    path("mitt-schema/byten/<int:offer_id>/<str:deed>/", schedule_swaps.swap_act, name="swap_act"),
    path("mitt-schema/pass/<int:roster_id>/<str:on>/", schedule_swaps.swap_new, name="swap_new"),
    path("mitt-schema/kalender/", schedule_calendar.calendar, name="calendar"),
    path("kalender/<str:token>.ics", schedule_calendar.calendar_feed, name="calendar_feed"),
    path("byten/", schedule_swaps.swaps_waiting, name="swaps_waiting"),
    path("byten/<int:offer_id>/", schedule_swaps.swap_decide, name="swap_decide"),
    path("byten/regel/<int:group_id>/", schedule_swaps.swap_rule, name="swap_rule"),
]
