from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "vardnara.apps.service"
    label = "service"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vardnara.apps.hospital.queries import status
        from vardnara.apps.hospital.services import verify
        from vardnara.apps.service import receivers  # noqa: F401  (connects them)
        from vardnara.apps.service.queries.numbers import task_numbers, tasks_follow_histories

        status.SECTIONS["tasks"] = task_numbers
        verify.CHECKS.append(tasks_follow_histories)
