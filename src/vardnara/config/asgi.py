"""The ASGI application that ``vardnara web`` serves."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vardnara.config.settings")
application = get_asgi_application()
