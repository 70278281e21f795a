from django.apps import AppConfig


class CleaningConfig(AppConfig):
    name = "vardnara.apps.cleaning"
    label = "cleaning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vardnara.apps.cleaning import receivers  # noqa: F401  (connects them)
