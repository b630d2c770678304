from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "ventanilla.screening"
    label = "screening"
    verbose_name = "screening"
