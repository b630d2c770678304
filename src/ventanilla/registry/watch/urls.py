"""Addresses of the audit, the readings that draw attention and the notices."""

from django.urls import path

from ventanilla.registry.watch import audit_views, views

app_name = "watch"
urlpatterns = [
    path("cadena/", audit_views.chain, name="chain"),
    path("cadena/informe/", audit_views.report, name="report"),
    path("cadena/informe/pdf/", audit_views.report_pdf, name="report_pdf"),
    path("cambios/", audit_views.writes, name="writes"),
    path("cambios/exportar/", audit_views.export_writes, name="export_writes"),
    path("cambios/<slug:table>/<slug:row>/", audit_views.row, name="row"),
    path("lecturas/exportar/", audit_views.export_readings, name="export_readings"),
    path("persona/", audit_views.find_person, name="find_person"),
    path("por-revisar/", views.flags, name="flags"),
    path("por-revisar/<uuid:flag_id>/", views.flag, name="flag"),
    path("avisos/", views.notices, name="notices"),
]
