from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    name = "ventanilla.eligibility"
    label = "eligibility"
    verbose_name = "elegibilidad"
