"""Publishing the national layer: what files say becomes reference rows, and what was published stays as it was.

The owner of the database runs it, for the application may only read these tables: a migration with the files that come
with a release, and ``ventanilla catalogue publish`` with those that the ministry sends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps as present_apps
from django.db import transaction

from ventanilla.catalogue.models.content import SAID
from ventanilla.catalogue.national.reading import AmountInFile, Contents, EntryInFile, VersionInFile
from ventanilla.core.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Published:
    """How much of it is new; all zeros when everything was published already."""

    entries: int = 0
    versions: int = 0
    withdrawn: int = 0
    amounts: int = 0
    corrected: int = 0
    """Amounts that were not verified and now say something else, or that now have an end."""

    @property
    def is_nothing(self) -> bool:
        return self == Published()


@transaction.atomic
def publish(contents: Contents, *, apps: Any = present_apps, keep_published: bool = False) -> Published:
    """All of it or nothing. ``apps`` are those of a migration, whose tables may have fewer columns than today's.

    A version already published that now says something else is refused; with ``keep_published``, as releases do, it
    stays, for what the ministry published meanwhile wins. An amount read in the law itself only gets an end.
    """
    amounts, corrected = _publish_amounts(contents.amounts, apps.get_model("catalogue", "LegalAmount"), keep_published)
    entries = apps.get_model("catalogue", "NationalEntry").objects
    present = {entry.code: entry for entry in entries.select_for_update()}
    known = {
        "function": set(apps.get_model("access", "Function").objects.values_list("code", flat=True)),
        "reasons": set(apps.get_model("catalogue", "NationalReason").objects.values_list("code", flat=True)),
        "replaced_by": present.keys() | {entry.code for entry in contents.entries},
        "legal": set(apps.get_model("catalogue", "LegalAmount").objects.values_list("code", flat=True)),
    }
    added = versions = withdrawn = 0
    for entry in contents.entries:
        _refuse_unknown_codes(entry, known)
        row = present.get(entry.code)
        if row is None:
            row = entries.create(code=entry.code, **_columns(_as_new(entry)))
            present[entry.code] = row
            added += 1
        versions += _publish_versions(entry, row, apps.get_model("catalogue", "NationalEntryVersion"), keep_published)
    for entry in contents.entries:  # only now is there what replaces them
        withdrawn += _update(present[entry.code], entry, keep_published)
    return Published(added, versions, withdrawn, amounts, corrected)


def _refuse_unknown_codes(entry: EntryInFile, known: Mapping[str, set[str]]) -> None:
    asked = [("function", entry.belongs.get("function")), ("replaced_by", entry.belongs.get("replaced_by"))]
    asked += [("reasons", code) for code in entry.belongs.get("reasons", ())]
    asked += [("legal", one["legal"]) for said in entry.versions for one in said.said["amounts"] if "legal" in one]
    what = {
        "function": "una función",
        "reasons": "un motivo nacional",
        "replaced_by": "una prestación",
        "legal": "un monto legal",
    }
    for column, code in asked:
        if code is not None and code not in known[column]:
            raise RuleBroken(f"«{entry.code}»: no hay {what[column]} con el código «{code}».")


def _as_new(entry: EntryInFile) -> dict[str, Any]:
    if "position" not in entry.belongs or not entry.versions:
        raise RuleBroken(f"«{entry.code}» es nueva: lleva «position», su orden en el catálogo, y al menos una versión.")
    late = {"replaced_by", "withdrawn_on"}
    return {name: value for name, value in entry.belongs.items() if name not in late}


def _columns(belongs: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{name}_id" if name in ("function", "replaced_by") else name: value for name, value in belongs.items()}


def _update(row: Any, entry: EntryInFile, keep_published: bool) -> int:
    """What the file says of the entry itself; 1 when with it the entry is withdrawn."""
    said, before = _columns(entry.belongs), row.withdrawn_on
    if before is not None and said.get("withdrawn_on", before) != before:
        if keep_published:
            return 0
        raise RuleBroken(f"«{entry.code}» ya está retirada desde el {before:%d-%m-%Y}. Publíquela con otro código.")
    changed = [name for name, value in said.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, said[name])
    if changed:
        row.save(update_fields=changed)
    return int(before is None and row.withdrawn_on is not None)


def _publish_versions(entry: EntryInFile, row: Any, model: Any, keep_published: bool) -> int:
    """How many are new. Of a migration's table, only the columns it has."""
    columns = [name for name in SAID if name in {field.name for field in model._meta.get_fields()}]
    present = {version.number: version for version in model.objects.filter(entry=row)}
    last = max(present, default=0)
    added = 0
    for version in entry.versions:
        if version.number in present:
            if not keep_published:
                _refuse_change(entry, version, present[version.number], columns)
            continue
        if keep_published and last and version.starts_on < present[last].starts_on:
            break
        if version.number != last + 1:
            raise RuleBroken(
                f"«{entry.code}»: la próxima versión es la {last + 1}, y el archivo trae la {version.number}."
            )
        if last and version.starts_on < present[last].starts_on:
            raise RuleBroken(
                f"«{entry.code}», versión {version.number}: no puede valer desde antes que la {last},"
                f" que vale desde el {present[last].starts_on:%d-%m-%Y}."
            )
        present[version.number] = model.objects.create(
            entry=row,
            number=version.number,
            starts_on=version.starts_on,
            source=version.source,
            **{name: version.said[name] for name in columns},
        )
        last, added = version.number, added + 1
    return added


def _refuse_change(entry: EntryInFile, version: VersionInFile, kept: Any, columns: Sequence[str]) -> None:
    said = {name: version.said[name] for name in columns} | {"starts_on": version.starts_on, "source": version.source}
    if changed := [name for name, value in said.items() if getattr(kept, name) != value]:
        raise RuleBroken(
            f"«{entry.code}», versión {version.number}, ya está publicada y el archivo dice otra cosa en"
            f" «{changed[0]}». Lo publicado no cambia: escríbalo como otra versión."
        )


def _publish_amounts(amounts: Sequence[AmountInFile], model: Any, keep_published: bool) -> tuple[int, int]:
    """How many are new, and how many were corrected or ended."""
    present = {(row.code, row.valid_from): row for row in model.objects.select_for_update()}
    added = corrected = 0
    for amount in amounts:
        kept = present.get((amount.code, amount.valid_from))
        said = {name: getattr(amount, name) for name in AmountInFile.__slots__}
        if kept is None:
            if keep_published and any(_overlap(amount, other) for other in present.values()):
                continue
            present[amount.code, amount.valid_from] = model.objects.create(**said)
            added += 1
            continue
        changed = [name for name, value in said.items() if getattr(kept, name) != value]
        if not changed or keep_published:
            continue
        gets_an_end = changed == ["valid_until"] and kept.valid_until is None
        if kept.is_verified and not gets_an_end:
            raise RuleBroken(
                f"El monto «{amount.code}» desde el {amount.valid_from:%d-%m-%Y} se leyó en la norma y ya está"
                " publicado: no cambia, solo se le puede poner término."
            )
        for name in changed:
            setattr(kept, name, said[name])
        kept.save(update_fields=changed)
        corrected += 1
    _refuse_overlaps(present)
    return added, corrected


def _overlap(one: Any, other: Any) -> bool:
    """Whether two amounts of one code are in force on the same day."""
    first, second = sorted((one, other), key=lambda amount: amount.valid_from)
    return bool(one.code == other.code and (first.valid_until or date.max) >= second.valid_from)


def _refuse_overlaps(present: Mapping[tuple[str, date], Any]) -> None:
    before: Any = None
    for _, row in sorted(present.items()):
        if before is not None and _overlap(before, row):
            raise RuleBroken(
                f"El monto «{row.code}»: el de antes todavía vale el {row.valid_from:%d-%m-%Y}. Póngale término"
                " («until») en el mismo archivo."
            )
        before = row
