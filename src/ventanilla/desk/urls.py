"""Where the day starts, and the box that finds anything."""

from django.urls import path

from ventanilla.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("buscar/", views.search, name="search"),
    path("buscar/opciones/", views.search_options, name="search_options"),
    path("buscar/<slug:key>/", views.search_results, name="search_results"),
]
