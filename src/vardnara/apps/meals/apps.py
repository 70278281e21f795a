from django.apps import AppConfig


class MealsConfig(AppConfig):
    name = "vardnara.apps.meals"
    label = "meals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vardnara.apps.meals import receivers  # noqa: F401  (connects them)
