"""Deployment only. Numbers of the field live in ``parameters/``, local choices in the database."""

from __future__ import annotations

import os
from pathlib import Path

from vardnara.config.environment import database_from_url, flag, listed, secret_key, whole_number
from vardnara.config.folder import folder_default

PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = secret_key()
DEBUG = flag("VARDNARA_DEBUG", default=False)
ALLOWED_HOSTS = listed("VARDNARA_ALLOWED_HOSTS", default="*")
CSRF_TRUSTED_ORIGINS = listed("VARDNARA_TRUSTED_ORIGINS", default="")
BEHIND_TLS = flag("VARDNARA_TLS", default=False)
DEMO = flag("VARDNARA_DEMO", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "procrastinate.contrib.django",
    "vardnara.apps.accounts",
    "vardnara.apps.hospital",
    "vardnara.apps.service",
    "vardnara.apps.cleaning",
    "vardnara.apps.meals",
    "vardnara.apps.staffing",
    "vardnara.apps.economy",
    "vardnara.apps.decisions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "vardnara.apps.accounts.middleware.tablet_lock",
    "vardnara.apps.accounts.middleware.whole_language",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
]

ROOT_URLCONF = "vardnara.config.urls"
ASGI_APPLICATION = "vardnara.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vardnara.config.context.house",
            ],
        },
    },
]

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English"), ("ar", "العربية"), ("pl", "Polski"), ("uk", "Українська")]
WHOLE_LANGUAGES = ("sv", "en")  # every page; the others are for the service worker's phone and for signing in
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "config" / "static"]
STATIC_ROOT = Path(os.environ["VARDNARA_STATIC_ROOT"]) if "VARDNARA_STATIC_ROOT" in os.environ else None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = False

LOGIN_URL = "/logga-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/logga-in/"
SESSION_COOKIE_AGE = 60 * 60 * 12
MENU_REMEMBERED_SECONDS = 2  # how old the menu may be that a patient is shown; what is ordered is checked as it is now
TABLET_LOCK_SECONDS = whole_number("VARDNARA_TABLET_LOCK_SECONDS", default=120, least=20)  # nobody touches it
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "style-src": ["'self'"],
    "script-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}

DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # 300 rows of a ward in an agreement, thirteen fields each

SMTP_URL = os.environ.get("VARDNARA_SMTP_URL", "")
DAY_PLANS_FOLLOW = flag("VARDNARA_DAY_PLANS", default=True)  # whether a worker plans and re-plans the day by itself
PAGE_URL = os.environ.get("VARDNARA_URL", "").rstrip("/")  # where people reach the pages, for links in messages
CONTACT = os.environ.get("VARDNARA_CONTACT", "mailto:vardnara@localhost.invalid")  # shown to push services
PUSH_SERVICES = listed("VARDNARA_PUSH_SERVICES", default="")
PAPER_FOLDER = os.environ.get("VARDNARA_PAPER") or str(folder_default() / "paper")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "vardnara.config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("VARDNARA_LOG_LEVEL", "WARNING")},
    "loggers": {"vardnara": {"level": os.environ.get("VARDNARA_LOG_LEVEL", "INFO")}},
}
