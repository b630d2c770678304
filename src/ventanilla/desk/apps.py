from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "ventanilla.desk"
    label = "desk"
    verbose_name = "escritorio"
