"""Who reads and who writes the posts."""

from vardnara.apps.accounts.choices import Role

WRITERS = (Role.CONTROLLER, Role.SERVICE_HEAD, Role.ADMINISTRATOR)
READERS = (*WRITERS, Role.DECISION_MAKER, Role.AUDITOR)
