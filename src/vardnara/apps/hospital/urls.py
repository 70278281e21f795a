"""Addresses of the hospital."""

from django.urls import path

from vardnara.apps.hospital.views import inbox, live, places, tablets

app_name = "hospital"
urlpatterns = [
    path("surfplatta/", tablets.tablets, name="tablets"),
    path("surfplatta/<int:tablet_id>/sluta/", tablets.tablet_end, name="tablet_end"),
    path("handelser/", live.events, name="events"),
    path("inkorg/", inbox.inbox, name="inbox"),
    path("inkorg/delar/", inbox.inbox_parts, name="inbox_parts"),
    path("inkorg/forsok-alla/", inbox.retry_all, name="retry_all"),
    path("inkorg/avsandare/<int:sender_id>/", inbox.sender, name="sender"),
    path("inkorg/avsandare/<int:sender_id>/smitta/", inbox.sender_codes, name="sender_codes"),
    path("inkorg/<int:message_id>/", inbox.message, name="message"),
    path("inkorg/<int:message_id>/identitet/", inbox.message_identity, name="message_identity"),
    path("inkorg/<int:message_id>/forsok/", inbox.retry, name="retry"),
    path("platser/", places.places, name="places"),
    path("platser/etiketter/<int:ward_id>/", places.labels, name="labels"),
    path("platser/<int:bed_id>/bekrafta/", places.confirm, name="place_confirm"),
    path("platser/<int:bed_id>/koppla/", places.map_to, name="place_map"),
    path("platser/avdelning/<int:ward_id>/bekrafta/", places.ward_ok, name="ward_confirm"),
    path("platser/avdelning/<int:ward_id>/koppla/", places.ward_to, name="ward_map"),
    path("platser/namn/<int:alias_id>/ta-bort/", places.alias_undo, name="alias_remove"),
]
