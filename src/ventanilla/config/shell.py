"""What surrounds every page: who is on duty, where, and the doors that her posting opens, with no query of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from ventanilla.access.actors import Actor, can
from ventanilla.access.models import Posting
from ventanilla.access.permissions import Permission
from ventanilla.config.manual import help_url
from ventanilla.core import clock


@dataclass(frozen=True, slots=True)
class Item:
    label: str
    icon: str
    url: str
    is_current: bool
    keys: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Shell:
    actor: Actor | None = None
    person_name: str = ""
    initials: str = ""
    role_line: str = ""
    institution_name: str = ""
    institution_full: str = ""
    navigation: Sequence[Group] = field(default_factory=tuple)
    tabbar: Sequence[Item] = field(default_factory=tuple)
    today: date | None = None
    is_demo: bool = False
    can_search: bool = False
    postings_url: str = ""
    help_url: str = ""


# group, label, icon, address, key, the right it needs
DOORS: Sequence[tuple[str, str, str, str, str, Permission]] = (
    ("", "Mi bandeja", "inbox", "desk:home", "g b", Permission.SESSION_USE),
    ("", "Buscar", "search", "desk:search", "g u", Permission.PERSON_SEARCH),
    ("", "Sala de espera", "wait", "intake:room", "g s", Permission.ROOM_WORK),
    ("", "Llegadas", "users", "intake:arrivals", "g l", Permission.ROOM_WORK),
    ("", "Citas", "cal", "intake:appointments", "g a", Permission.ROOM_WORK),
    ("", "Contactos", "phone", "intake:contacts", "g t", Permission.CONSULTATION_WORK),
    ("", "Consultas", "note", "intake:consultations", "g c", Permission.CONSULTATION_READ),
    ("", "Derivaciones", "send", "referrals:inbox", "g d", Permission.REFERRAL_READ),
    ("", "Catálogo", "gift", "entries:entries", "g k", Permission.CATALOGUE_READ),
    ("", "Protocolos", "link", "protocols:protocols", "g o", Permission.PROTOCOL_READ),
    ("", "Pendientes", "board", "intake:pending", "g p", Permission.CONSULTATION_WORK),
    ("", "Registrar persona", "plus", "registry:register", "g r", Permission.PERSON_REGISTER),
    ("", "Registro diferido", "clock", "intake:deferred", "", Permission.CONSULTATION_WORK),
    ("Municipalidad", "El día en la sala", "chart", "intake:room_day", "", Permission.ROOM_OVERSEE),
    ("Municipalidad", "Red de derivaciones", "chart", "referrals:network", "", Permission.REFERRAL_OVERSEE),
    ("Municipalidad", "Filas y módulos", "cog", "intake:queues", "", Permission.ROOM_ARRANGE),
    ("Municipalidad", "Agendas", "cal", "intake:agendas", "", Permission.ROOM_ARRANGE),
    ("Municipalidad", "Unidades y dependencias", "pin", "access:office", "", Permission.OFFICE_ARRANGE),
    ("Municipalidad", "Calendario", "clock", "access:calendar", "", Permission.CALENDAR_ARRANGE),
    ("Municipalidad", "Motivos", "book", "catalogue:reasons", "", Permission.REASON_MANAGE),
    ("Municipalidad", "Cargas", "upload", "datasets:loads", "", Permission.LOAD_RUN),
    ("Municipalidad", "Posibles duplicados", "copy", "duplicates:queue", "", Permission.REGISTRY_MERGE),
    ("Municipalidad", "Avisos a otros sistemas", "link", "outbox:systems", "", Permission.WEBHOOK_MANAGE),
    ("Municipalidad", "Correo sin enviar", "send", "outbox:letters", "", Permission.LETTER_TEND),
    ("Municipalidad", "Operadores", "users", "access:operators", "", Permission.OPERATOR_REGISTER),
    ("Municipalidad", "Llaves de la API", "link", "access:keys", "", Permission.KEY_GRANT),
    ("Municipalidad", "Cuentas bloqueadas", "lock", "access:locked_accounts", "", Permission.ACCOUNT_UNLOCK),
    ("Protección de datos", "Lecturas de fichas", "eye", "registry:readings", "", Permission.READ_LOG_VIEW),
    ("Protección de datos", "Lecturas por revisar", "flag", "watch:flags", "", Permission.FLAG_ANSWER),
    ("Protección de datos", "Traspasos de datos", "out", "referrals:transfers", "", Permission.TRANSFER_VIEW),
    ("Protección de datos", "Cambios", "edit", "watch:writes", "", Permission.AUDIT_VIEW),
    ("Protección de datos", "Cadena de auditoría", "link", "watch:chain", "", Permission.AUDIT_VIEW),
)
ON_THE_PHONE = 3


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor."""
    actor: Actor | None = getattr(request, "actor", None)
    posting: Posting | None = getattr(request, "posting", None)
    today = clock.today()
    if actor is None or posting is None:
        return {"shell": Shell(today=today, is_demo=settings.DEMO)}
    groups = _groups(actor, request.path)
    account = posting.account
    return {
        "shell": Shell(
            actor=actor,
            person_name=account.full_name,
            initials=(account.given_names[:1] + account.surnames[:1]).upper(),
            role_line=role_line(posting),
            institution_name=posting.institution.short_name if posting.institution else "",
            institution_full=posting.institution.name if posting.institution else "",
            navigation=groups,
            tabbar=groups[0].items[:ON_THE_PHONE],
            today=today,
            is_demo=settings.DEMO,
            can_search=can(actor, Permission.PERSON_SEARCH),
            postings_url=reverse("access:postings"),
            help_url=help_url(request.resolver_match.view_name if request.resolver_match else ""),
        )
    }


def role_line(posting: Posting) -> str:
    """«Atención de público · Asistencia Social»."""
    where: Any = posting.unit or posting.province or posting.region
    return " · ".join(str(part) for part in (posting.get_role_display(), where) if part)


def _groups(actor: Actor, path: str) -> list[Group]:
    groups: dict[str, list[Item]] = {}
    opened = [(*door, reverse(door[3])) for door in DOORS if can(actor, door[5])]
    around = [url for *_, url in opened if path == url or (url != "/" and path.startswith(url))]
    current = max(around, key=len, default="")  # the nearest: one page may be under another's address
    for group, label, icon, _, keys, _, url in opened:
        groups.setdefault(group, []).append(Item(label, icon, url, url == current, keys))
    return [Group(title, items) for title, items in groups.items()]
