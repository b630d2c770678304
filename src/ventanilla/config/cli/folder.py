"""``ventanilla folder``: what others left in the watched folder, taken now instead of in some minutes."""

import json
import os

import click

from ventanilla.config.cli.acting import set_up

INCOMPLETE = 3
"""Exit status when something in it does not serve."""


@click.command("folder", short_help="Toma ahora lo que dejaron en la carpeta vigilada.")
@click.option("--json", "machine", is_flag=True, help="Escribe el resultado en JSON.")
@click.pass_context
def folder(ctx: click.Context, machine: bool) -> None:
    """Mira LOADS_FOLDER/<comuna>/<formato>/ y toma cada archivo completo que no se tomó antes.

    «ventanilla work» ya lo hace cada cinco minutos, y es quien después los ensaya y los carga. Los archivos no se
    mueven ni se borran. Termina con 3 si algo de lo que hay no sirve.
    """
    set_up()
    from django.conf import settings

    from ventanilla.datasets.folder.taking import is_watched, look_everywhere

    if not is_watched():
        raise click.ClickException("No hay una carpeta vigilada: diga cuál es en LOADS_FOLDER.")
    if not os.access(settings.LOADS_FOLDER, os.R_OK | os.X_OK):
        raise click.ClickException(f"No se puede leer la carpeta de LOADS_FOLDER, {settings.LOADS_FOLDER}.")
    looks = dict(look_everywhere())
    if machine:
        told = [
            {
                "institution": institution.pk,
                "taken": [
                    {"load": load.number, "dataset": load.dataset, "file": load.file_name} for load in look.taken
                ],
                "taken_before": look.before,
                "coming": look.coming,
                "problems": look.problems,
            }
            for institution, look in looks.items()
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif not looks:
        click.echo("Ninguna institución tiene su carpeta ahí. Se llaman como su código de comuna: 04303.")
    else:
        for institution, look in looks.items():
            click.echo(
                f"{institution.name}: {len(look.taken)} por cargar, {look.before} de antes, {look.coming} por llegar."
            )
            for problem in look.problems:
                click.echo(f"  {problem}")
    if any(look.problems for look in looks.values()):
        ctx.exit(INCOMPLETE)
