"""Addresses of possible duplicates and of what was joined."""

from django.urls import path

from ventanilla.registry.merging import views

app_name = "duplicates"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("buscar/", views.search, name="search"),
    path("uniones/<uuid:merge_id>/", views.merge, name="merge"),
    path("<uuid:pair_id>/", views.pair, name="pair"),
    path("<uuid:pair_id>/reabrir/", views.reopen, name="reopen"),
]
