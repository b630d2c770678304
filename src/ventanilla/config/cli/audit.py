"""``ventanilla audit``: sealing the two logs, verifying them, and the lawful redaction of an entry."""

import json
from dataclasses import asdict

import click

from ventanilla.config.postgres.place import var_folder
from ventanilla.config.postgres.problems import DatabaseProblem
from ventanilla.config.postgres.roles import connect, owner_database
from ventanilla.core import seals

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
