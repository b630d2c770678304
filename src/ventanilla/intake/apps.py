from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "ventanilla.intake"
    label = "intake"
    verbose_name = "atención"
