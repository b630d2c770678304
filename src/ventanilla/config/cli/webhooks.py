"""``ventanilla webhooks``: the systems that are told what happens, added, listed and removed."""

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from ventanilla.config.cli.acting import command_in, of_institution

if TYPE_CHECKING:
    from ventanilla.outbox.models import Subscription

in_json = click.option("--json", "machine", is_flag=True, help="Escribe el resultado en JSON.")


@click.group("webhooks", no_args_is_help=True, short_help="Avisos a otros sistemas: agregar, listar, quitar.")
def webhooks() -> None:
    """Los sistemas de una institución a los que se avisa, firmado, cada vez que algo pasa."""


@webhooks.command("add", short_help="Agrega un sistema y escribe su secreto.")
@click.argument("url", metavar="DIRECCIÓN")
@of_institution
@click.option("--type", "types", multiple=True, metavar="TIPO", help="Solo los que empiezan así; se puede repetir.")
@in_json
def add(url: str, institution: int, types: tuple[str, ...], machine: bool) -> None:
    """Desde ahora se avisa a la DIRECCIÓN. La misma otra vez es la misma suscripción."""
    by = command_in(institution)
    from ventanilla.access.tenancy import acting
    from ventanilla.outbox.actions import subscribe
    from ventanilla.outbox.signing import secret_of

    with acting(by):
        made = subscribe(url, types=types, by=by)
        secret = secret_of(made)
    click.echo(json.dumps(_told(made) | {"secret": secret}) if machine else f"{made.pk}\n{secret}")


@webhooks.command("list", short_help="Muestra los sistemas de una institución.")
@of_institution
@in_json
def list_systems(institution: int, machine: bool) -> None:
    """Los que no se han quitado, con cuántos avisos le quedan por tomar a cada uno."""
    by = command_in(institution)
    from ventanilla.access.tenancy import acting
    from ventanilla.outbox.reading import subscriptions

    with acting(by):
        found = [_told(one) | {"waiting": getattr(one, "waiting", 0)} for one in subscriptions(by=by)]
    if machine:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        state = f"en pausa: {one['paused_because']}" if one["paused_because"] else "activa"
        click.echo(f"{one['id']}  {one['url']}  {state}; por tomar, {one['waiting']}")
    if not found:
        click.echo("A ningún sistema se le avisa.")


@webhooks.command("remove", short_help="Deja de avisar a un sistema.")
@click.argument("subscription", metavar="SUSCRIPCIÓN", type=click.UUID)
@of_institution
def remove(subscription: UUID, institution: int) -> None:
    """Quita la SUSCRIPCIÓN, por el identificador que da «ventanilla webhooks list»."""
    by = command_in(institution)
    from ventanilla.access.tenancy import acting
    from ventanilla.outbox.actions import unsubscribe
    from ventanilla.outbox.reading import subscriptions

    with acting(by):
        found = subscriptions(by=by).filter(pk=subscription).first()
        if found is None:
            raise click.ClickException("No hay una suscripción con ese identificador. Vea «webhooks list».")
        unsubscribe(found, by=by)
    click.echo(f"A {found.url} no se le avisa más.")


def _told(one: "Subscription") -> dict[str, Any]:
    return {"id": str(one.pk), "url": one.url, "types": one.types, "paused_because": one.paused_because}
