from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "vardnara.apps.staffing"
    label = "staffing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vardnara.apps.staffing import receivers  # noqa: F401  (connects them)
