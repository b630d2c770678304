"""``ventanilla work``: does what waits after the answer, beside the server or alone."""

import asyncio
import json
import os
import select
import signal
import threading

import click

from ventanilla.config.cli.acting import set_up


@click.command("work", short_help="Hace lo que queda para después: correos, avisos a sistemas, plazos.")
@click.option("--once", is_flag=True, help="Hace lo que espera ahora y termina.")
@click.option(
    "--retry-failed", "again", is_flag=True, help="Repone lo que falló y termina; con --once, además lo hace."
)
@click.option("--json", "machine", is_flag=True, help="Con las anteriores, escribe en JSON cuánto fue.")
@click.option("--beside", type=int, hidden=True)
def work(once: bool, again: bool, machine: bool, beside: int | None) -> None:
    """Envía los correos, avisa a otros sistemas y cumple los plazos de las derivaciones cuando llega su hora.

    «ventanilla serve» y «ventanilla demo» ya lo corren al lado. Se puede cortar en cualquier momento: lo que estaba a
    medias lo retoma el siguiente, a más tardar en un minuto. Lo que mata a cinco queda como fallido.
    """
    set_up()
    from django.db import connection

    from ventanilla.config import jobs
    from ventanilla.core.jobs import put_back_failed, waiting

    told = {"retried": put_back_failed()} if again else {}
    connection.close()
    if again and not once:
        click.echo(
            json.dumps(told) if machine else f"Trabajos que habían fallado y se intentan de nuevo: {told['retried']}."
        )
        return
    if beside is not None:
        threading.Thread(target=_end_with_server, args=(beside,), daemon=True).start()
    asyncio.run(jobs.work(waits=not once))
    if once:
        left = waiting() | told
        click.echo(json.dumps(left) if machine else _told(left))


def _end_with_server(pipe: int) -> None:
    """Also when whoever supervises this was killed: a worker without its server would go on for ever, with old code."""
    select.select([pipe], [], [])
    os.kill(os.getpid(), signal.SIGTERM)


def _told(left: dict[str, int]) -> str:
    return f"Quedan {left['later']} para más tarde y {left['failed']} que nadie intentará de nuevo."
