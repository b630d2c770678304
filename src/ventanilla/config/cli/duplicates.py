"""``ventanilla duplicates``: who may be registered twice in an institution, searched for now."""

import json

import click

from ventanilla.config.cli.acting import command_in, of_institution


@click.command("duplicates", short_help="Busca quién puede estar dos veces en una institución.")
@of_institution
@click.option("--json", "machine", is_flag=True, help="Escribe el resultado en JSON.")
def duplicates(institution: int, machine: bool) -> None:
    """Compara entre sí a todas las personas de la institución y deja los pares parecidos en «Posibles duplicados».

    Ahí los decide una jefatura, o a quien ella encargó. Repetirla no propone otra vez lo que ya se decidió.
    """
    by = command_in(institution)
    from ventanilla.registry.merging.searching import search_now

    done = search_now(by=by)
    if machine:
        told = {"people": done.people, "likely": done.likely, "found": done.found}
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(
        f"Personas comparadas: {done.people}. Pares parecidos: {done.likely}. Por decidir, nuevos: {done.found}."
    )
