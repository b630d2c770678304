from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "ventanilla.datasets"
    label = "datasets"
    verbose_name = "cargas"
