"""What the watched folder leaves to do: loads that wait for somebody, extracts that did not come, a folder unread."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.core.calendar import WorkingDays
from ventanilla.datasets.folder.lateness import late
from ventanilla.datasets.models import Load, WatchedFolder
from ventanilla.desk.tray.items import SHOWN, Item


def loads_to_decide(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Those that came by the folder and do not go on by themselves."""
    if not can(actor, Permission.FOLDER_TEND):
        return
    waiting = Load.objects.visible_to(actor).to_decide().order_by("number")
    for load in waiting[: SHOWN + 1]:
        yield Item(
            icon="upload",
            title=f"Decidir la carga {load.number}, que llegó por la carpeta",
            url=load.get_absolute_url(),
            detail=_first_sentence(load.problem) or load.file_name,
            due_on=on,
        )


def folder_amiss(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """What usually comes in the night and did not, and what lies there and does not serve."""
    if not can(actor, Permission.FOLDER_TEND) or (folder := WatchedFolder.objects.visible_to(actor).first()) is None:
        return
    if folder.problem:
        yield Item(
            icon="flag",
            title="Avisar lo que pasa con la carpeta de extractos",
            url=reverse("datasets:loads"),
            detail=folder.problem,
            due_on=on,
        )
    for one in late(actor, days=days):
        yield Item(
            icon="flag",
            title=f"No llegó el extracto: {one.title}",
            url=reverse("datasets:loads"),
            detail=f"El último llegó el {one.last_on:%d-%m-%Y}. Pregunte a quien lo envía",
            due_on=one.due_on,
        )


def _first_sentence(text: str) -> str:
    """What a tray has room for; its page tells the rest."""
    first, stop, _ = text.partition(". ")
    return f"{first}." if stop else first
