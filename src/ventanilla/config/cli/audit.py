"""``ventanilla audit``: sealing the two logs, verifying them, the month in figures, flags, and a lawful redaction."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ventanilla.config.cli.acting import set_up
from ventanilla.config.postgres.migrate import set_up_django
from ventanilla.config.postgres.place import var_folder
from ventanilla.config.postgres.problems import DatabaseProblem
from ventanilla.config.postgres.roles import as_owner, connect, owner_database
from ventanilla.core import seals

if TYPE_CHECKING:
    from ventanilla.core.chain import Month

as_json = click.option("--json", "machine", is_flag=True, help="Escribe el resultado en JSON.")


@click.group("audit", no_args_is_help=True, short_help="Sella y verifica los registros de cambios y de lecturas.")
def audit() -> None:
    """Los dos registros que nadie borra: sellarlos en cadena, verificar la cadena y suprimir por ley una entrada."""


@audit.command("seal", short_help="Sella las entradas nuevas.")
@as_json
def seal(machine: bool) -> None:
    """Sella las entradas de transacciones terminadas y escribe la cabeza de cada cadena, para guardarla afuera."""
    with connect(owner_database(var_folder())) as owner:
        sealed = seals.seal(owner)
    told = "\n".join(f"Selladas en {seals.NAMES[log]}: {count}." for log, count in sealed.items())
    click.echo(json.dumps({"sealed": sealed}) if machine else told)


@audit.command("verify", short_help="Recalcula la cadena y dice lo primero que esté mal.")
@click.option("--head", "heads", multiple=True, metavar="CABEZA", help="Cabeza guardada afuera; se puede repetir.")
@as_json
@click.pass_context
def verify(ctx: click.Context, heads: tuple[str, ...], machine: bool) -> None:
    """Recalcula todo. Termina con 1 si algo cambió; con --head nota además si se cortó el final de la cadena."""
    try:
        with connect(owner_database(var_folder())) as owner:
            chains = seals.verify(owner, heads)
    except seals.ChainBroken as broken:
        if not machine:
            raise click.ClickException(str(broken)) from broken
        click.echo(json.dumps({"ok": False, "problem": str(broken)}, ensure_ascii=False))
        ctx.exit(1)
    if machine:
        click.echo(json.dumps({"ok": True, "logs": [asdict(chain) for chain in chains]}, ensure_ascii=False))
        return
    for chain in chains:
        click.echo(
            f"{seals.NAMES[chain.log].capitalize()}: la cadena está entera. Sellos: {chain.seals}. Entradas:"
            f" {chain.entries}. Suprimidas por ley: {chain.redacted}. Por sellar: {chain.unsealed}."
        )
        if chain.head:
            click.echo(f"  Cabeza: {chain.head}")


@audit.command("report", short_help="Dice qué se selló en un mes y la cabeza de cada cadena.")
@click.option(
    "--month", type=click.DateTime(["%Y-%m"]), metavar="AAAA-MM", help="Mes; si no se indica, el que va corriendo."
)
@as_json
def report(month: datetime | None, machine: bool) -> None:
    """Los sellos, las entradas y las supresiones de un mes, las cabezas a su término y desde cuándo nada se sella.

    Son de todo el servidor. Guarde la salida donde quien administra la base no la pueda cambiar.
    """
    connect(owner_database(var_folder())).close()
    set_up_django()
    from ventanilla.core import chain, clock

    with as_owner():
        told = _told(chain.month_of(month.date() if month else clock.today()))
    click.echo(json.dumps(told, ensure_ascii=False) if machine else _in_sentences(told))


def _told(month: "Month") -> dict[str, Any]:
    from django.db.models import QuerySet

    from ventanilla.core import chain, clock
    from ventanilla.core.models import AuditEvent, Seal
    from ventanilla.registry.models import ReadEntry

    waiting = {
        Seal.Log.AUDIT: chain.waiting_since(Seal.Log.AUDIT, AuditEvent.objects.all()),
        Seal.Log.READS: chain.waiting_since(Seal.Log.READS, QuerySet(ReadEntry)),  # of every institution
    }
    overdue_since = chain.overdue(list(waiting.values()), now=clock.now())
    redactions = chain.redactions().filter(at__gte=month.starts_at, at__lt=month.ends_at)
    logs = []
    for log in Seal.Log:
        sealed = chain.sealed_in(log, month)
        logs.append(
            {
                "log": str(log),
                "seals": sealed.seals,
                "entries": sealed.entries,
                "redactions": redactions.filter(table_name=seals.table_of(log)).count(),
                "head": sealed.head,
                "sealed_at": _instant(sealed.sealed_at),
                "waiting_since": _instant(waiting[log]),
            }
        )
    return {"month": str(month), "logs": logs, "overdue_since": _instant(overdue_since)}


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _in_sentences(told: dict[str, Any]) -> str:
    lines = [
        f"{seals.NAMES[log['log']].capitalize()}, {told['month']}. Sellos: {log['seals']}. Entradas: {log['entries']}."
        f" Suprimidas por ley: {log['redactions']}.\n  Cabeza: {log['head'] or 'todavía sin sellos'}"
        for log in told["logs"]
    ]
    if told["overdue_since"]:
        lines.append(f"ATENCIÓN: nada se sella desde {told['overdue_since']}. Revise la tarea que sella cada noche.")
    return "\n".join(lines)


@audit.command("flag", short_help="Revisa las lecturas nuevas y marca las que llaman la atención.")
@as_json
def flag(machine: bool) -> None:
    """Recorre las lecturas nuevas de cada institución. Repetirla no marca nada dos veces."""
    set_up()
    from ventanilla.access.actors import Actor
    from ventanilla.access.models import Institution
    from ventanilla.access.permissions import Agent
    from ventanilla.access.tenancy import acting
    from ventanilla.registry.models import Flag
    from ventanilla.registry.watch.actions import raise_flags
    from ventanilla.registry.watch.states import FlagState

    open_flags: dict[int, int] = {}
    for institution in Institution.objects.order_by("pk"):
        actor = Actor(Agent.COMMAND, institution.pk, time_zone=institution.time_zone)
        is_unfinished = True
        while is_unfinished:
            with acting(actor):
                is_unfinished = raise_flags(by=actor)
                open_flags[institution.pk] = Flag.objects.filter(
                    institution_id=institution.pk, state=FlagState.OPEN
                ).count()
    waiting = {number: count for number, count in open_flags.items() if count}
    if machine:
        click.echo(json.dumps({"open": waiting}))
        return
    lines = [f"Institución {number}: {count} por revisar." for number, count in waiting.items()]
    click.echo("\n".join(lines or ["Nada por revisar."]))


@audit.command("redact", short_help="Suprime por ley el contenido de una entrada.")
@click.argument("log", metavar="REGISTRO", type=click.Choice(seals.LOGS))
@click.argument("entry", metavar="ENTRADA", type=int)
@click.option("--reason", required=True, metavar="TEXTO", help="Resolución que lo dispone; sin datos de la persona.")
def redact(log: str, entry: int, reason: str) -> None:
    """Vacía el contenido de una entrada sellada (Ley 21.719) y deja constancia. La cadena sigue verificando."""
    try:
        with connect(owner_database(var_folder())) as owner:
            seals.redact(owner, log, entry, reason=reason)
    except seals.ChainBroken as problem:
        raise DatabaseProblem(str(problem)) from problem
    click.echo(f"La entrada {entry} de {seals.NAMES[log]} quedó suprimida, con constancia.")
