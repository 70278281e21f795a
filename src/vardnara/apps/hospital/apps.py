from django.apps import AppConfig


class HospitalConfig(AppConfig):
    name = "vardnara.apps.hospital"
    label = "hospital"
    default_auto_field = "django.db.models.BigAutoField"
