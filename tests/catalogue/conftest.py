"""A small catalogue of Monte Patria, as its neighbours read it."""

from datetime import date, timedelta

import pytest
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting, Provider, ProviderNature, Site
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries.actions import suspend_entry, write_entry
from ventanilla.catalogue.entries.details import Amount, EntryDetails, Place
from ventanilla.catalogue.entries.states import SuspensionGround
from ventanilla.catalogue.models import Entry
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject


@pytest.fixture
def head(db: None) -> Posting:
    """At the head of the UAS of Monte Patria, whose reasons are adopted."""
    with make.inside():
        return make.posting(Role.UAS_HEAD)


@pytest.fixture
def by(head: Posting) -> Actor:
    return actor_in(head)


@pytest.fixture
def gas(by: Actor) -> Entry:
    """Gas vouchers, published."""
    with acting(by):
        return make.written_entry()


@pytest.fixture
def offered(db: None) -> None:
    """A gas voucher with all that can be said, a pension order of somebody outside, and nappies without funds."""
    with make.inside() as head:
        site = Site.objects.create(
            institution_id=make.MONTE_PATRIA, name="Casa de la comunidad", address="Diaguitas 31", commune_id="04303"
        )
        provider = Provider.objects.create(
            institution_id=make.MONTE_PATRIA, name="Fundación Ejemplo del Valle", nature=ProviderNature.PRIVATE,
            address="Los Parrones 118", phone="53 2 900 118", website="https://ejemplo.invalid/",
        )  # fmt: skip
        rule = Rule(
            Subject.PERSON,
            (
                Condition(Kind.AGE, low=60, article="Ordenanza 4, art. 2"),
                Condition(Kind.RESIDENCE),
                Condition(Kind.BRACKET, high=60, group="a"),
                Condition(Kind.FAMILIAS, group="a"),
            ),
        )
        make.entry(
            "Vale de gas",
            rule,
            plain="Un vale para cambiar por un balón de gas de 15 kilos.",
            words="balón licuado cocina",
            who="Personas mayores que viven en la comuna.",
            audience=["older", "families"],
            documents="Cédula de identidad\nCartola del Registro Social de Hogares",
            steps="Pida la visita en el mesón\nFirme el recibo",
            amounts=[Amount("Por vale", pesos=25_000, starts_on=date(2026, 1, 1))],
            evaluation_days=10,
            allocation_days=5,
            act_kind="Decreto",
            act_number="1204",
            act_name="Ayudas sociales",
            act_on=date(2026, 3, 2),
            act_url="https://ejemplo.invalid/decreto",
            objective="Que nadie cocine con leña en invierno",
            criterion="=SUMA(orden de llegada)",
            budget=12_000_000,
            budget_line="24.01.007",
            places=[Place(site, "lunes a viernes, 8:30 a 13:30")],
            contact="53 2 900 200 o ayuda@ejemplo.invalid",
            closes_on=make.TODAY + timedelta(days=10),
        )
        make.entry(
            "Orientación legal", plain="Una abogada responde sus dudas sobre pensiones de alimentos.", unit=None,
            modality="service", words="alimentos abogada", provider=provider, cost="$2.000 por el certificado",
            audience=["families"],
        )  # fmt: skip
        nappies = make.entry("Pañales de adulto", plain="Un paquete de pañales al mes.", words="mudas")
        suspend_entry(nappies.entry, by=head, ground=SuspensionGround.NO_FUNDS)
        make.entry("Casa de acogida", plain="Un lugar seguro.", secrecy="reserved")
        write_entry(EntryDetails("Beca que se escribe", "Todavía no."), by=head)
