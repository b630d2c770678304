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


def set_up() -> None:
    """Django, once there is a database to work on, entered as the application's role and no other."""
    connect(application_database(var_folder())).close()
    set_up_django()
    from django.db import connection

    refuse_unsafe_role(connection)


def command_in(institution: int) -> "Actor":
    """Sets Django up; raises ``ClickException`` when nobody has that number."""
    set_up()
    from ventanilla.access.models import Institution
    from ventanilla.access.operators import of_the_command

    if not Institution.objects.filter(pk=institution).exists():
        raise click.ClickException(f"No hay una institución con el número {institution}.")
    return of_the_command(institution)
