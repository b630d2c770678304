"""``ventanilla catalogue``: the national layer, published from files and brought to every institution."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ventanilla.config.postgres.migrate import set_up_django
from ventanilla.config.postgres.place import var_folder
from ventanilla.config.postgres.roles import application_database, as_owner, connect, owner_database, refuse_unsafe_role

if TYPE_CHECKING:
    from ventanilla.catalogue.entries.adopting import Adopted

as_json = click.option("--json", "machine", is_flag=True, help="Escribe el resultado en JSON.")
institutions = click.option(
    "--institution",
    "named",
    type=int,
    multiple=True,
    metavar="NÚMERO",
    help="Institución que además lo adopta por primera vez, como 4303; se puede repetir.",
)


@click.group(
    "catalogue", no_args_is_help=True, short_help="Publica el catálogo nacional y lo lleva a las instituciones."
)
def catalogue() -> None:
    """El catálogo nacional: publicarlo desde archivos, y llevar a cada institución lo que falte."""


@catalogue.command("publish", short_help="Publica archivos del catálogo nacional.", no_args_is_help=True)
@click.argument(
    "files",
    metavar="ARCHIVO...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
)
@click.option(
    "--no-adopt", "adopts", is_flag=True, flag_value=False, default=True, help="No lo lleva a las instituciones."
)
@institutions
@as_json
def publish(files: tuple[Path, ...], adopts: bool, named: tuple[int, ...], machine: bool) -> None:
    """Publica los ARCHIVOS (docs/howto/catalogo.md) y lleva lo nuevo a cada institución.

    Si algo está mal, no cambia nada. Lo publicado no cambia: una enmienda es otra versión. La orden se puede repetir.
    """
    connect(owner_database(var_folder())).close()
    set_up_django()
    from ventanilla.catalogue.national.publishing import publish as publish_contents
    from ventanilla.catalogue.national.reading import read_together

    contents = read_together([(file.name, _text_of(file)) for file in files])
    with as_owner():
        published = publish_contents(contents)
    adopted = _adopt(named) if adopts else {}
    if machine:
        click.echo(json.dumps({"published": asdict(published), "adopted": _in_figures(adopted)}))
        return
    told = (
        f"Publicado: prestaciones nuevas, {published.entries}; versiones nuevas, {published.versions}; retiradas,"
        f" {published.withdrawn}; montos nuevos, {published.amounts}; montos corregidos, {published.corrected}."
    )
    click.echo("Todo estaba publicado." if published.is_nothing else told)
    if adopts:
        click.echo(_told(adopted))


@catalogue.command("adopt", short_help="Lleva a las instituciones lo que falte del catálogo nacional.")
@institutions
@as_json
def adopt(named: tuple[int, ...], machine: bool) -> None:
    """Trae al día el catálogo de cada institución que trabaja con motivos o prestaciones, y de las que se nombren.

    Lo que una institución completó se conserva, y se le pide revisarlo. Conviene cada noche, porque lo retirado se
    cierra en su día.
    """
    connect(application_database(var_folder())).close()
    set_up_django()
    adopted = _adopt(named)
    click.echo(json.dumps({"adopted": _in_figures(adopted)}) if machine else _told(adopted))


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise click.ClickException(f"{file.name} no está en UTF-8.") from problem


def _adopt(named: Sequence[int]) -> "dict[int, Adopted]":
    """What changed in each institution, as the application; each in a transaction of its own."""
    from django.db import connection

    from ventanilla.access.actors import Actor
    from ventanilla.access.models import Institution
    from ventanilla.access.permissions import Agent
    from ventanilla.access.tenancy import acting
    from ventanilla.catalogue.entries.adopting import adopt_national_entries
    from ventanilla.catalogue.models import Entry, Reason
    from ventanilla.catalogue.reasons.actions import adopt_national_reasons

    refuse_unsafe_role(connection)
    found = {institution.pk: institution for institution in Institution.objects.order_by("pk")}
    if unknown := [number for number in named if number not in found]:
        raise click.ClickException(f"No hay una institución con el número {unknown[0]}.")
    adopted = {}
    for number, institution in found.items():
        with acting(Actor(Agent.COMMAND, number, time_zone=institution.time_zone)):
            if number in named:
                adopt_national_reasons()
            elif not (Entry.objects.exists() or Reason.objects.exists()):
                continue
            adopted[number] = adopt_national_entries()
    return adopted


def _in_figures(adopted: "dict[int, Adopted]") -> dict[str, Any]:
    return {str(number): asdict(done) for number, done in adopted.items()}


def _told(adopted: "dict[int, Adopted]") -> str:
    lines = [
        f"Institución {number}: nuevas, {done.added}; con otra versión, {done.followed}; cerradas, {done.withdrawn}."
        for number, done in adopted.items()
        if done.added or done.followed or done.withdrawn
    ]
    return "\n".join(lines or ["Las instituciones ya estaban al día."])
