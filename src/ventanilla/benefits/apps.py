from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "ventanilla.benefits"
    label = "benefits"
    verbose_name = "beneficios"
