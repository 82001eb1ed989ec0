"""Addresses of the gateway's pages. Where records come in (/api/v2022, /api/v1/records) is in asgi.py."""

from django.urls import path

from canglin.gateway.pages import catalogue, files, imports, monitor, refusals

app_name = "gateway"
urlpatterns = [
    path("gateway/", monitor.monitor, name="monitor"),
    path("gateway/of/<slug:appid>/", monitor.application, name="application"),
    path("gateway/refusals/", refusals.RefusalsPage.as_view(), name="refusals"),
    path("gateway/refusals/<int:number>/", refusals.refusal, name="refusal"),
    path("gateway/files/", files.FilesPage.as_view(), name="files"),
    path("gateway/files/<slug:file_id>/", files.file, name="file"),
    path("gateway/imports/", imports.imports, name="imports"),
    path("gateway/imports/<int:number>/", imports.one, name="import"),
    path("gateway/imports/<int:number>/progress/", imports.progress, name="import_progress"),
    path("gateway/imports/<int:number>/result/", imports.result, name="import_result"),
    path("gateway/tables/", catalogue.TablesPage.as_view(), name="tables"),
    path("gateway/tables/<slug:code>/", catalogue.table_page, name="table"),
    path("gateway/tables/<slug:code>/template.xlsx", catalogue.template, name="template"),
    path("gateway/tables/<slug:code>/schema.json", catalogue.schema_file, name="schema"),
]
