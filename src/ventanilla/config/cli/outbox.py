"""``ventanilla outbox``: the mail and the events that have not left, listed and sent again."""

import json
from dataclasses import asdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click
from django.utils import timezone

from ventanilla.config.cli.acting import command_in, of_institution

if TYPE_CHECKING:
    from ventanilla.access.actors import Actor

in_json = click.option("--json", "machine", is_flag=True, help="Escribe el resultado en JSON.")


@click.group("outbox", no_args_is_help=True, short_help="Lo que no ha salido: correo y avisos a otros sistemas.")
def outbox() -> None:
    """El correo y los avisos de una institución que esperan, o que nadie pudo entregar."""


@outbox.command("list", short_help="Muestra lo que espera y lo que no se entregó.")
@of_institution
@in_json
def list_left(institution: int, machine: bool) -> None:
    """Cada carta y cada aviso que no ha salido, del más antiguo al más nuevo, sin decir qué lleva ni a quién va."""
    by = command_in(institution)
    from ventanilla.access.tenancy import acting

    with acting(by):
        left = _left(by)
    if machine:
        click.echo(json.dumps(left, ensure_ascii=False, indent=2, default=str))
        return
    for one in left:
        error = f": {one['last_error']} Intentos: {one['tries']}." if one["last_error"] else ""
        since = f"desde el {timezone.localtime(one['since']):%d-%m-%Y %H:%M}"
        click.echo(f"{one['id']}  {one['about']} {one['folio']}  {one['to']}  {since}  {one['course'].label}{error}")
    if not left:
        click.echo("Todo salió.")


@outbox.command("resend", short_help="Envía otra vez lo que no ha salido.")
@click.argument("ids", metavar="[IDENTIFICADOR]...", type=click.UUID, nargs=-1)
@of_institution
@click.option("--all", "everything", is_flag=True, help="Todo lo que no ha salido; retoma los sistemas en pausa.")
@in_json
def resend(ids: tuple[UUID, ...], institution: int, everything: bool, machine: bool) -> None:
    """Envía ahora, y durante otro día si hace falta, lo que dice «ventanilla outbox list»."""
    if bool(ids) == everything:
        raise click.UsageError("Diga qué identificadores, o --all.")
    by = command_in(institution)
    from ventanilla.access.tenancy import acting

    with acting(by):
        letters, events = _send_all(by) if everything else _send(ids, by)
    if machine:
        click.echo(json.dumps({"letters": letters, "events": events}))
    else:
        click.echo(f"Van otra vez: cartas, {letters}; avisos, {events}.")


def _left(by: "Actor") -> list[dict[str, Any]]:
    from ventanilla.outbox.reading import deliveries_left, letters_left, told_letters

    letters = [{"kind": "letter"} | asdict(one) for one in told_letters(letters_left(by=by))]
    events = [{"kind": "event"} | asdict(one) for one in deliveries_left(by=by)]
    return sorted(letters + events, key=itemgetter("since"))


def _send(ids: tuple[UUID, ...], by: "Actor") -> tuple[int, int]:
    from ventanilla.outbox.actions import send_again
    from ventanilla.outbox.letters import send_letters_again
    from ventanilla.outbox.models import EventDelivery
    from ventanilla.outbox.reading import letters_left

    letters = letters_left(by=by).filter(pk__in=ids)
    events = EventDelivery.objects.visible_to(by).select_related("subscription").filter(pk__in=ids, delivered_at=None)
    if unknown := set(ids) - {one.pk for one in letters} - {one.pk for one in events}:
        raise click.ClickException(f"Nada que no haya salido se llama {unknown.pop()}. Vea «ventanilla outbox list».")
    for delivery in events:
        send_again(delivery, by=by)
    return send_letters_again(letters, by=by), len(events)


def _send_all(by: "Actor") -> tuple[int, int]:
    from ventanilla.outbox.actions import take_up
    from ventanilla.outbox.letters import send_letters_again
    from ventanilla.outbox.reading import letters_left, subscriptions

    letters = send_letters_again(letters_left(by=by), by=by)
    return letters, sum(take_up(one, by=by) for one in subscriptions(by=by))
