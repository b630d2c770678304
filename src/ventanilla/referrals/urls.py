"""Addresses of referrals."""

from django.urls import path

from ventanilla.referrals import sending_views, views

app_name = "referrals"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("red/", views.network, name="network"),
    path("desde/<uuid:consultation_id>/", sending_views.send, name="send"),
    path("<uuid:referral_id>/", views.referral, name="referral"),
    path("<uuid:referral_id>/<slug:code>/", views.act, name="act"),
]
