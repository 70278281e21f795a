"""Root urls. Refuses to load while a view does not say who may open it."""

from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("vardnara.apps.accounts.urls")),
    path("", include("vardnara.apps.hospital.urls")),
    path("", include("vardnara.apps.service.urls")),
    path("", include("vardnara.apps.meals.urls")),
    path("", include("vardnara.apps.staffing.urls")),
    path("", include("vardnara.apps.economy.urls")),
    path("", include("vardnara.apps.decisions.urls")),
]


def pages(patterns: list[URLPattern | URLResolver] = urlpatterns, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every view of the site with its full name (``app:view``)."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from pages(pattern.url_patterns, namespace)
        else:
            yield f"{prefix}{pattern.name}", pattern


for _name, _pattern in pages():
    if not hasattr(_pattern.callback, "access"):
        raise ImproperlyConfigured(f"{_name}: the view does not say who may open it")
