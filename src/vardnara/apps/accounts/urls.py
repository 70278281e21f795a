"""Addresses of accounts."""

from django.urls import path

from vardnara.apps.accounts.views import log, shell, sign_in, tablets

app_name = "accounts"
urlpatterns = [
    path("logga-in/", sign_in.sign_in, name="sign_in"),
    path("logga-in/demo/", sign_in.demo_sign_in, name="demo_sign_in"),
    path("logga-ut/", sign_in.sign_out, name="sign_out"),
    path("surfplatta/vem/", tablets.tablet_who, name="tablet_who"),
    path("surfplatta/vem/<int:user_id>/", tablets.tablet_pin, name="tablet_pin"),
    path("surfplatta/byt/", tablets.tablet_switch, name="tablet_switch"),
    path("surfplatta/kvar/", tablets.tablet_stay, name="tablet_stay"),
    path("pinkod/", tablets.pin, name="pin"),
    path("sprak/", sign_in.language, name="language"),
    path("logg/", log.access_log, name="access_log"),
    path("sw.js", shell.service_worker, name="service_worker"),
    path("app.webmanifest", shell.manifest, name="manifest"),
    path("utan-kontakt/", shell.no_contact, name="no_contact"),
]
