"""Addresses of the hospital."""

from django.urls import path

from vardnara.apps.hospital.views import fhir, inbox, live, places, systems, tablets

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
    path("inkorg/system/", systems.system_new, name="system_new"),
    path("inkorg/avsandare/<int:sender_id>/nycklar/", systems.keys, name="system_keys"),
    path("inkorg/avsandare/<int:sender_id>/nycklar/<int:key_id>/avsluta/", systems.key_over, name="system_key_end"),
    path("inkorg/avsandare/<int:sender_id>/utfardare/", systems.issuers, name="system_issuers"),
    path("inkorg/<int:message_id>/", inbox.message, name="message"),
    path("inkorg/<int:message_id>/identitet/", inbox.message_identity, name="message_identity"),
    path("inkorg/<int:message_id>/forsok/", inbox.retry, name="retry"),
    path("fhir/r4/", fhir.base, name="fhir"),
    path("fhir/r4/metadata", fhir.metadata, name="fhir_metadata"),
    path("fhir/r4/<str:name>", fhir.create, name="fhir_create"),
    path("fhir/r4/<str:name>/<str:number>", fhir.update, name="fhir_update"),
    path("platser/", places.places, name="places"),
    path("platser/etiketter/<int:ward_id>/", places.labels, name="labels"),
    path("platser/<int:bed_id>/bekrafta/", places.confirm, name="place_confirm"),
    path("platser/<int:bed_id>/koppla/", places.map_to, name="place_map"),
    path("platser/avdelning/<int:ward_id>/bekrafta/", places.ward_ok, name="ward_confirm"),
    path("platser/avdelning/<int:ward_id>/koppla/", places.ward_to, name="ward_map"),
    path("platser/namn/<int:alias_id>/ta-bort/", places.alias_undo, name="alias_remove"),
]
