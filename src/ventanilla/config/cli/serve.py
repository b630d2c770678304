"""``ventanilla serve``: the pages and the API, on a database that is already there."""

import click

from ventanilla.config import environment as env
from ventanilla.config import server
from ventanilla.config.postgres.migrate import set_up_django


@click.command("serve", short_help="Atiende las páginas y la API.")
@click.option("--host", default=server.LOOPBACK, show_default=True, help="Dirección en que escucha.")
@click.option("--port", type=int, help="Puerto; si falta, el de PORT o el 8000.")
def serve(host: str, port: int | None) -> None:
    """Atiende las páginas y la API hasta que se la detenga. La base de datos debe estar iniciada y migrada."""
    port = port or env.number("PORT", 8000)
    server.refuse_busy_port(host, port)
    set_up_django()
    server.serve(
        host=host,
        port=port,
        workers=server.workers(),
        when_ready=lambda: click.echo(f"Ventanilla atiende en http://{host}:{port}"),
    )
