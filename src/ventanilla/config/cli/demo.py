"""``ventanilla demo``: everything, from nothing to a running municipality with fictional people."""

import os
import time
from pathlib import Path

import click

from ventanilla.config import environment as env
from ventanilla.config import server
from ventanilla.config.postgres.cluster import ensure_running
from ventanilla.config.postgres.migrate import migrate_as_owner, set_up_django
from ventanilla.config.postgres.place import var_folder
from ventanilla.config.postgres.roles import connect, owner_database
from ventanilla.core import seals


@click.command("demo", short_help="Levanta una demostración completa con datos ficticios.")
@click.option("--port", type=int, help="Puerto; si falta, el de PORT o el 8000.")
def demo(port: int | None) -> None:
    """Inicia la base, carga dos municipalidades con personas ficticias, muestra un ingreso por rol y atiende."""
    began = time.monotonic()
    port = port or env.number("PORT", 8000)
    server.refuse_busy_port(server.LOOPBACK, port)
    os.environ["VENTANILLA_DEMO"] = "1"
    var = var_folder()
    started = not env.text("DATABASE_URL") and ensure_running(var).started
    with server.ending_with_us(var, started=started):
        _serve(var, port, began)


def _serve(var: Path, port: int, began: float) -> None:
    set_up_django()
    from ventanilla.config import demo as content
    from ventanilla.config import (
        demo_appointments,
        demo_audit,
        demo_contacts,
        demo_duplicates,
        demo_protocols,
        demo_reasons,
        demo_referrals,
        demo_room,
        demo_trays,
    )
    from ventanilla.config.demo_catalogue.filling import fill_catalogue

    migrate_as_owner()
    url = f"http://{server.LOOPBACK}:{port}"
    content.ensure_loaded(var, say=lambda sentence: click.echo(sentence, err=True))
    operators = content.write_logins(var, url)
    for municipality in content.PEOPLE:
        fill_catalogue(municipality)
    demo_reasons.add_reasons(content.MONTE_PATRIA)
    demo_room.fill_room(content.MONTE_PATRIA)
    demo_appointments.fill_agendas(content.MONTE_PATRIA)
    for municipality in content.PEOPLE:
        demo_contacts.fill_inbox(municipality)
        demo_duplicates.fill_duplicates(municipality)
    demo_audit.draw_attention(content.MONTE_PATRIA)
    demo_trays.fill_trays(content.MONTE_PATRIA)
    for municipality in content.PEOPLE:
        demo_protocols.fill_protocols(municipality)
        demo_referrals.fill_referrals(municipality)
    demo_referrals.fill_exchanges(*content.PEOPLE)
    with connect(owner_database(var)) as owner:
        seals.seal(owner)

    def ready() -> None:
        click.echo(content.describe(operators, url))
        click.echo(f"Lista en {time.monotonic() - began:.1f} s. Ctrl C la detiene.")

    server.serve(host=server.LOOPBACK, port=port, workers=server.workers(), when_ready=ready)
