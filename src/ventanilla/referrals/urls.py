"""Addresses of referrals."""

from django.urls import path

from ventanilla.referrals import bulk_views, sending_views, views
from ventanilla.referrals.exchange import views as exchange
from ventanilla.referrals.inbound import views as inbound
from ventanilla.referrals.outside import views as outside

app_name = "referrals"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("varias/", bulk_views.several, name="several"),
    path("red/", views.network, name="network"),
    path("desde/<uuid:consultation_id>/", sending_views.send, name="send"),
    path("oficios/<uuid:letter_id>/", inbound.answer, name="answer_letter"),
    path("oficios/<uuid:letter_id>/pdf/", inbound.paper, name="letter_paper"),
    path("recibidas/", exchange.all_received, name="all_received"),
    path("recibidas/<uuid:exchange_id>/", exchange.one_received, name="received"),
    path("recibidas/<uuid:exchange_id>/atender-aqui/", exchange.attend, name="attend_received"),
    path("recibidas/<uuid:exchange_id>/archivos/", exchange.attach, name="attach_received"),
    path("recibidas/<uuid:exchange_id>/archivos/<uuid:file_id>/", exchange.download, name="download_received"),
    path("recibidas/<uuid:exchange_id>/<slug:code>/", exchange.act, name="act_received"),
    path("traspasos/", outside.transfer_log, name="transfers"),
    path("<uuid:referral_id>/", views.referral, name="referral"),
    path("<uuid:outside_id>/enlace/", outside.give_link, name="give_link"),
    path("<uuid:outside_id>/bloquear/", outside.revoke_link, name="revoke_link"),
    path("<uuid:outside_id>/oficio/", outside.letter, name="letter"),
    path("<uuid:referral_id>/archivos/", views.attach, name="attach"),
    path("<uuid:referral_id>/archivos/<uuid:attachment_id>/", outside.download, name="download"),
    path("<uuid:referral_id>/<slug:code>/", views.act, name="act"),
]
