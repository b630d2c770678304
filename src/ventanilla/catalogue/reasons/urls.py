"""Addresses of the institution's reasons."""

from django.urls import path

from ventanilla.catalogue.reasons import views

app_name = "catalogue"
urlpatterns = [
    path("", views.reasons, name="reasons"),
    path("nuevo/", views.new_reason, name="new_reason"),
    path("<uuid:reason_id>/", views.reason, name="reason"),
    path("<uuid:reason_id>/retiro/", views.retire, name="retire"),
    path("<uuid:reason_id>/orden/", views.move, name="move"),
]
