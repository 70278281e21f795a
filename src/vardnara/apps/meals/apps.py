from django.apps import AppConfig


class MealsConfig(AppConfig):
    name = "vardnara.apps.meals"
    label = "meals"
    default_auto_field = "django.db.models.BigAutoField"
