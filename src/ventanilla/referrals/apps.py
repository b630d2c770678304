from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "ventanilla.referrals"
    label = "referrals"
    verbose_name = "derivaciones"
