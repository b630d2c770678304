"""``ventanilla keys``: keys of the API handed out, listed and revoked by whoever keeps the server."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from ventanilla.access.permissions import SCOPES
from ventanilla.config.cli.acting import command_in, of_institution

if TYPE_CHECKING:
    from ventanilla.access.models import Posting

USUAL_DAYS = 180


@click.group("keys", no_args_is_help=True, short_help="Entrega, lista y revoca llaves de la API.")
def keys() -> None:
    """Las llaves con que otros sistemas entran por la API, cada una de un desempeño; las mismas de la página."""


@keys.command("issue", short_help="Entrega una llave de un desempeño.")
@click.argument("username", metavar="USUARIO")
@of_institution
@click.option("--name", required=True, metavar="TEXTO", help="Para qué es: el sistema que la usará.")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    metavar="ALCANCE",
    type=click.Choice([str(scope) for scope in SCOPES]),
    help=f"Qué podrá hacer; se repite. Hay: {', '.join(SCOPES)}.",
)
@click.option("--role", metavar="ROL", help="Su rol, si tiene más de uno.")
@click.option("--days", default=USUAL_DAYS, show_default=True, metavar="DÍAS", type=int, help="Cuánto vale.")
def issue(username: str, institution: int, name: str, scopes: tuple[str, ...], role: str | None, days: int) -> None:
    """Escribe la llave, sola, en la salida. No se muestra de nuevo: de ella se guarda un resumen."""
    by = command_in(institution)
    from ventanilla.access.actions import issue_token
    from ventanilla.access.tenancy import acting

    with acting(by):
        posting = _posting(username, institution, role)
        secret = issue_token(posting, by=by, name=name, days=days, scopes=set(scopes))
    click.echo(f"Llave de {posting.account.full_name} ({posting}), por {days} días:", err=True)
    click.echo(secret)


@keys.command("list", short_help="Muestra las llaves de una institución.")
@of_institution
@click.option("--json", "machine", is_flag=True, help="Escribe el resultado en JSON.")
def list_keys(institution: int, machine: bool) -> None:
    """Las que no han vencido ni se revocaron, de la más nueva a la más antigua, con su último uso."""
    by = command_in(institution)
    from ventanilla.access.key_reading import key_lines, keys_within
    from ventanilla.access.tenancy import acting
    from ventanilla.core import clock

    with acting(by):
        lines = key_lines(keys_within(by), at=clock.now())
    found = [
        {
            "id": str(line.token.pk),
            "name": line.token.name,
            "username": line.token.posting.account.username,
            "posting": str(line.token.posting),
            "scopes": line.token.scopes,
            "state": str(line.standing.label),
            "expires_on": line.token.expires_on.isoformat(),
            "last_used_at": _minute(line.token.last_used_at),
        }
        for line in lines
    ]
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if machine else _told(found))


@keys.command("revoke", short_help="Revoca una llave.")
@click.argument("key", metavar="LLAVE", type=click.UUID)
@of_institution
@click.option("--reason", required=True, metavar="TEXTO", help="Por qué; queda en el registro de operadores.")
def revoke(key: UUID, institution: int, reason: str) -> None:
    """Revoca la LLAVE, por el identificador que da «ventanilla keys list». Deja de abrir en el momento."""
    by = command_in(institution)
    from ventanilla.access.actions import revoke_key
    from ventanilla.access.key_reading import keys_within
    from ventanilla.access.tenancy import acting

    with acting(by):
        token = keys_within(by).select_related("posting__account").filter(pk=key).first()
        if token is None:
            raise click.ClickException("No hay una llave con ese identificador en la institución. Vea «keys list».")
        revoke_key(token, by=by, reason=reason)
    click.echo(f"La llave «{token.name}» quedó revocada.")


def _posting(username: str, institution: int, role: str | None) -> "Posting":
    """The one in force that these words name; raises ``ClickException`` with what to say instead."""
    from ventanilla.access.models import Posting
    from ventanilla.core import clock

    in_force = Posting.objects.in_force_on(clock.today()).filter(institution_id=institution)
    found = list(in_force.filter(account__username=username.lower()).select_related("account", "unit", "institution"))
    chosen = [posting for posting in found if role in (None, posting.role)]
    if not chosen:
        raise click.ClickException("Nadie con ese usuario tiene hoy un desempeño vigente así en esa institución.")
    if len(chosen) > 1:
        held = ", ".join(posting.role for posting in chosen)
        raise click.ClickException(f"Tiene más de un desempeño vigente ({held}). Indique cuál con --role.")
    return chosen[0]


def _minute(moment: datetime | None) -> str | None:
    from django.utils import timezone

    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else None


def _told(found: list[dict[str, Any]]) -> str:
    if not found:
        return "No hay llaves vigentes."
    return "\n".join(
        f"{one['id']}  {one['name']} · {one['username']} · {one['state'].lower()} · vence el {one['expires_on']}"
        f" · {'último uso ' + one['last_used_at'] if one['last_used_at'] else 'sin uso'}"
        for one in found
    )
