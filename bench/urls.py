"""The application's addresses and those of the floor."""

from django.urls import path

from bench import floor
from ventanilla.config.urls import handler400, handler403, handler404, handler500
from ventanilla.config.urls import urlpatterns as application

urlpatterns = [
    path("piso/pagina/", floor.page),
    path("piso/fragmento/", floor.fragment),
    *application,
]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
