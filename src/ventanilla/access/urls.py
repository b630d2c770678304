"""Addresses of one's postings and account, of the register of operators, of keys and of accounts that were locked."""

from django.urls import path

from ventanilla.access import calendar_views, key_views, office_views, own_views, provider_views, register_views, views

app_name = "access"
urlpatterns = [
    path("desempenos/", views.postings, name="postings"),
    path("cuentas-bloqueadas/", views.locked_accounts, name="locked_accounts"),
    path("cuentas-bloqueadas/<uuid:account_id>/abrir/", views.unlock, name="unlock"),
    path("operadores/", register_views.operators, name="operators"),
    path("operadores/nuevo/", register_views.new_operator, name="new_operator"),
    path("operadores/confirmar/", register_views.recertification, name="recertification"),
    path("operadores/<uuid:account_id>/", register_views.operator, name="operator"),
    path("operadores/<uuid:account_id>/desempeno/", register_views.new_posting, name="new_posting"),
    path("operadores/<uuid:account_id>/suspension/", register_views.suspension, name="suspension"),
    path("operadores/<uuid:account_id>/contrasena/", register_views.new_password, name="new_password"),
    path("operadores/<uuid:account_id>/segundo-factor/", register_views.factor_reset, name="factor_reset"),
    path("desempenos/<uuid:posting_id>/suspender/", register_views.leave, name="leave"),
    path("desempenos/<uuid:posting_id>/unir-fichas/", register_views.merging_right, name="merging_right"),
    path("desempenos/<uuid:posting_id>/retomar/", register_views.resume, name="resume"),
    path("desempenos/<uuid:posting_id>/terminar/", register_views.end, name="end"),
    path("desempenos/<uuid:posting_id>/confirmar/", register_views.confirm, name="confirm"),
    path("oficina/", office_views.office, name="office"),
    path("oficina/unidades/nueva/", office_views.new_unit, name="new_unit"),
    path("oficina/unidades/<uuid:unit_id>/", office_views.unit, name="unit"),
    path("oficina/dependencias/nueva/", office_views.new_site, name="new_site"),
    path("oficina/dependencias/<uuid:site_id>/", office_views.site, name="site"),
    path("oficina/modulos/<uuid:desk_id>/cerrar/", office_views.close_desk, name="close_desk"),
    path("oficina/prestadores/nuevo/", provider_views.new_provider, name="new_provider"),
    path("oficina/prestadores/<uuid:provider_id>/", provider_views.provider, name="provider"),
    path("calendario/", calendar_views.calendar, name="calendar"),
    path("calendario/<uuid:day_id>/quitar/", calendar_views.remove_own_day, name="remove_own_day"),
    path("desempenos/<uuid:posting_id>/llave/", key_views.grant_key, name="grant_key"),
    path("llaves/", key_views.keys, name="keys"),
    path("llaves/<uuid:token_id>/revocar/", key_views.revoke_key, name="revoke_key"),
    path("acuerdo/", own_views.agreement, name="agreement"),
    path("acuerdo/pdf/", own_views.agreement_pdf, name="agreement_pdf"),
    path("su-cuenta/contrasena/", own_views.password, name="password"),
    path("su-cuenta/sesiones/", own_views.sessions, name="sessions"),
    path("su-cuenta/llaves/", key_views.own_keys, name="own_keys"),
    path("su-cuenta/llaves/revocar/", key_views.revoke_own_key, name="revoke_own_key"),
    path("su-cuenta/segundo-factor/", own_views.second_factor, name="second_factor"),
    path("su-cuenta/segundo-factor/codigos/", own_views.recovery_codes, name="recovery_codes"),
    path("su-cuenta/segundo-factor/quitar/", own_views.second_factor_off, name="second_factor_off"),
]
