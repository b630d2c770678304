from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "ventanilla.outbox"
    label = "outbox"
    verbose_name = "lo que sale por sí solo"
