"""Facts that a municipality keeps of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_providers"),
        ("registry", "0007_address_and_source"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="fact",
            name="fact_about_its_subject",
        ),
        migrations.AlterField(
            model_name="fact",
            name="kind",
            field=models.CharField(
                choices=[
                    ("rsh_bracket", "Tramo del RSH"),
                    ("home_income", "Ingreso del hogar"),
                    ("dwelling", "Condición de la vivienda"),
                    ("familias_stage", "Etapa en Programa Familias"),
                    ("familias_indicator", "Indicador de bienestar pendiente"),
                    ("income", "Ingreso"),
                    ("subsidy", "Subsidio o pensión"),
                    ("disability", "Discapacidad"),
                    ("dependence", "Dependencia"),
                    ("carer", "Cuidador/a"),
                    ("pregnancy", "Embarazo"),
                    ("enrolment", "Matrícula escolar"),
                    ("health_check", "Control de salud"),
                    ("own", "Dato propio"),
                    ("home_own", "Dato propio del hogar"),
                ],
                max_length=20,
                verbose_name="tipo",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("home__isnull", False),
                        (
                            "kind__in",
                            [
                                "dwelling",
                                "familias_indicator",
                                "familias_stage",
                                "home_income",
                                "home_own",
                                "rsh_bracket",
                            ],
                        ),
                        ("person__isnull", True),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "kind__in",
                                [
                                    "dwelling",
                                    "familias_indicator",
                                    "familias_stage",
                                    "home_income",
                                    "home_own",
                                    "rsh_bracket",
                                ],
                            ),
                            _negated=True,
                        ),
                        ("home__isnull", True),
                        ("person__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="fact_about_its_subject",
                violation_error_message="El antecedente es de una persona o de un hogar, según su tipo.",
            ),
        ),
    ]
