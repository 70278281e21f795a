from django.apps import AppConfig


class EconomyConfig(AppConfig):
    name = "vardnara.apps.economy"
    label = "economy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vardnara.apps.economy.queries.ledger import sums_follow_lines
        from vardnara.apps.hospital.services import verify

        verify.CHECKS.append(sums_follow_lines)
