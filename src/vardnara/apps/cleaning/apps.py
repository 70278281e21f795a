from django.apps import AppConfig


class CleaningConfig(AppConfig):
    name = "vardnara.apps.cleaning"
    label = "cleaning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vardnara.apps.cleaning import receivers  # noqa: F401  (connects them)
        from vardnara.apps.cleaning.queries import beds_agree_with_cleans
        from vardnara.apps.hospital.services import verify

        verify.CHECKS.append(beds_agree_with_cleans)
