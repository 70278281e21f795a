"""Addresses of the economy."""

from django.urls import path

from vardnara.apps.economy.views import benchmark, imports, indices, settlement, unit, why, year, year_export

app_name = "economy"
urlpatterns = [
    path("ekonomi/", year.year, name="year"),
    path("ekonomi/aret.<str:kind>", year_export.year_export, name="year_export"),
    path("ekonomi/prognos/", year.forecast_keep, name="forecast_keep"),
    path("ekonomi/stang/", year.year_close, name="year_close"),
    path("ekonomi/enhet/<int:unit_id>/", unit.unit, name="unit"),
    path("ekonomi/enhet/<int:unit_id>/rader/", unit.lines, name="lines"),
    path("ekonomi/enhet/<int:unit_id>/justera/", unit.adjust, name="adjust"),
    path(
        "ekonomi/enhet/<int:unit_id>/justering/<int:adjustment_id>/ta-tillbaka/",
        unit.adjust_withdraw,
        name="adjust_withdraw",
    ),
    path("ekonomi/enhet/<int:unit_id>/ram/", unit.frame_add, name="frame_add"),
    path("ekonomi/varfor/", why.why, name="why"),
    path("ekonomi/arbete/", why.tasks, name="tasks"),
    path("ekonomi/avrakning/", settlement.settlements, name="settlements"),
    path("ekonomi/avrakning/<int:version_id>/<str:month>/", settlement.month, name="settlement"),
    path("ekonomi/avrakning/<int:version_id>/<str:month>/utfarda/", settlement.issue, name="issue"),
    path(
        "ekonomi/avrakning/<int:version_id>/<str:month>.<str:kind>", settlement.month_export, name="settlement_export"
    ),
    path("ekonomi/faktura/<int:invoice_id>/", settlement.invoice, name="invoice"),
    path("ekonomi/faktura/<int:invoice_id>/kreditera/", settlement.credit, name="credit"),
    path("ekonomi/faktura/<int:invoice_id>.<str:kind>", settlement.invoice_export, name="invoice_export"),
    path("ekonomi/jamforelse/", benchmark.benchmark, name="benchmark"),
    path("ekonomi/jamforelse/var/", benchmark.quantity, name="quantity"),
    path("ekonomi/jamforelse/ny/", benchmark.reference_new, name="reference_new"),
    path("ekonomi/jamforelse/<int:table_id>/", benchmark.reference, name="reference"),
    path("ekonomi/jamforelse/<int:table_id>/kasta/", benchmark.reference_remove, name="reference_remove"),
    path("ekonomi/index/", indices.indices, name="indices"),
    path("ekonomi/index/<int:index_id>/ta-bort/", indices.index_withdraw, name="index_withdraw"),
    path("ekonomi/inlasning/", imports.imports, name="imports"),
    path("ekonomi/inlasning/<int:import_id>/", imports.import_page, name="import"),
    path("ekonomi/mallar/<slug:kind>.csv", imports.template, name="template"),
]
