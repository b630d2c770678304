"""Who a command acts as: whoever keeps the server, in the institution that was named."""

from typing import TYPE_CHECKING

import click

from ventanilla.config.postgres.migrate import set_up_django
from ventanilla.config.postgres.place import var_folder
from ventanilla.config.postgres.roles import application_database, connect, refuse_unsafe_role

if TYPE_CHECKING:
    from ventanilla.access.actors import Actor

of_institution = click.option(
    "--institution", required=True, type=int, help="Número de la institución, como 4303 o 04303."
)


def command_in(institution: int) -> "Actor":
    """Sets Django up, once there is a database to work on; raises ``ClickException`` when nobody has that number."""
    connect(application_database(var_folder())).close()
    set_up_django()
    from django.db import connection

    from ventanilla.access.models import Institution
    from ventanilla.access.operators import of_the_command

    refuse_unsafe_role(connection)
    if not Institution.objects.filter(pk=institution).exists():
        raise click.ClickException(f"No hay una institución con el número {institution}.")
    return of_the_command(institution)
