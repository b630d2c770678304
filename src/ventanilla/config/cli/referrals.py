"""``ventanilla referrals``: what the terms of referrals do by themselves, each morning."""

import json

import click

from ventanilla.config.cli.acting import set_up


@click.group("referrals", no_args_is_help=True, short_help="Recuerda, marca atrasadas y hace caducar derivaciones.")
def referrals() -> None:
    """Las derivaciones: lo que sus plazos hacen por sí solos."""


@referrals.command("follow", short_help="Recuerda, marca atrasadas y hace caducar las derivaciones de todas.")
@click.option("--institution", "named", type=int, multiple=True, metavar="NÚMERO", help="Solo esa; se puede repetir.")
@click.option("--json", "machine", is_flag=True, help="Escribe el resultado en JSON.")
def follow(named: tuple[int, ...], machine: bool) -> None:
    """Recuerda lo que vence mañana, avisa lo que venció y hace caducar lo que nadie respondió, en cada institución.

    «ventanilla work» ya lo hace cada hora, desde las siete. Se puede repetir o cortar a la mitad: no hace dos veces
    lo mismo.
    """
    set_up()
    from ventanilla.access.models import Institution
    from ventanilla.access.operators import of_the_command
    from ventanilla.referrals.actions import follow_to_the_end

    told: dict[str, int] = {}
    found = {institution.pk: institution for institution in Institution.objects.order_by("pk")}
    if unknown := [number for number in named if number not in found]:
        raise click.ClickException(f"No hay una institución con el número {unknown[0]}.")
    for institution in [found[number] for number in named] or found.values():
        for event, number in follow_to_the_end(by=of_the_command(institution.pk)).items():
            told[event.value] = told.get(event.value, 0) + number
    if machine:
        click.echo(json.dumps(told))
        return
    click.echo(
        f"Caducaron {told.get('expired', 0)}, quedaron atrasadas {told.get('late', 0)} y se recordaron"
        f" {told.get('reminded', 0)} derivaciones; sin asignar, {told.get('assigned', 0)}."
    )
