"""The files of the national layer: what they say, read into rows, and everything that is wrong with them by itself."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources import files
from itertools import pairwise
from typing import Any

from ventanilla.catalogue.entries.details import MOST_PESOS, Amount, EntryDetails, kept_of
from ventanilla.catalogue.models.content import SAID, SaidOfEntry
from ventanilla.catalogue.rule.checks import check_rule
from ventanilla.catalogue.rule.conditions import Condition, Rule, write_rule
from ventanilla.catalogue.rule.kinds import Kind, Subject, Whose
from ventanilla.core.errors import RuleBroken
from ventanilla.core.secrecy import Secrecy

LONGEST_CODE, LONGEST_AMOUNT_CODE, LONGEST_LABEL, LONGEST_SOURCE = 30, 40, 160, 300
_LONGEST = {field.name: field.max_length for field in SaidOfEntry._meta.local_fields}
_LISTS = ("documents", "steps")
_ENTRY = {"code", "function", "reasons", "secrecy", "position", "withdrawn_on", "replaced_by", "version"}
_VERSION = {*SAID, "number", "starts_on", "source", "subject", "conditions"} - {"rule"}
_NUMBERS = ("low", "high", "months", "times", "only_from", "only_to")
_KINDS = {"needs_report": bool, "needs_decree": bool, "evaluation_days": int, "allocation_days": int}


@dataclass(frozen=True, slots=True)
class VersionInFile:
    """What a national entry says from a day on. ``said`` are the columns of ``SaidOfEntry`` as they are kept."""

    number: int
    starts_on: date
    source: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EntryInFile:
    """``belongs`` are only the columns that the file speaks of: a file that amends an entry need not repeat them."""

    code: str
    belongs: Mapping[str, Any]
    versions: Sequence[VersionInFile]


@dataclass(frozen=True, slots=True)
class AmountInFile:
    code: str
    label: str
    pesos: int
    valid_from: date
    valid_until: date | None
    source: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """What one or several files bring together."""

    entries: Sequence[EntryInFile]
    amounts: Sequence[AmountInFile]


def shipped() -> Contents:
    """The files that come with this release."""
    folder = files("ventanilla.catalogue").joinpath("national/entries")
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return read_together((file.name, file.read_text(encoding="utf-8")) for file in found)


def read_together(texts: Iterable[tuple[str, str]]) -> Contents:
    """Each text with its file's name; raises ``RuleBroken`` with the file, the entry and what is wrong."""
    entries: list[EntryInFile] = []
    amounts: list[AmountInFile] = []
    for name, text in texts:
        kept = _parse(name, text)
        entries += [_entry(name, one) for one in _tables(name, kept, "entry")]
        for one in _tables(name, kept, "amount"):
            amounts += _amounts(name, one)
    for code in {one.code for one in entries if [other.code for other in entries].count(one.code) > 1}:
        raise RuleBroken(f"«{code}» está dos veces en los archivos.")
    return Contents(entries, amounts)


def _parse(name: str, text: str) -> dict[str, Any]:
    try:
        kept = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise RuleBroken(f"{name} no es un archivo TOML que se pueda leer: {problem}.") from problem
    if unknown := sorted(kept.keys() - {"entry", "amount"}):
        raise RuleBroken(f"{name}: no se esperaba «{unknown[0]}»; un archivo tiene «entry» y «amount».")
    return kept


def _tables(where: str, kept: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = kept.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise RuleBroken(f"{where}: «{name}» es una lista de tablas.")
    return found


def _entry(name: str, kept: Mapping[str, Any]) -> EntryInFile:
    code = kept.get("code")
    if not isinstance(code, str) or not code or len(code) > LONGEST_CODE:
        raise RuleBroken(f"{name}: una prestación lleva un código, «code», de hasta {LONGEST_CODE} letras.")
    where = f"{name}, «{code}»"
    _refuse_unknown(where, kept, _ENTRY)
    belongs = {column: kept[column] for column in _ENTRY - {"code", "version"} if column in kept}
    _refuse_wrong_types(where, belongs, text=("function", "replaced_by", "secrecy"), days=("withdrawn_on",))
    if "secrecy" in belongs and belongs["secrecy"] not in Secrecy.values:
        raise RuleBroken(f"{where}: «{belongs['secrecy']}» no es una reserva.")
    if not isinstance(belongs.get("position", 1), int) or not 0 <= belongs.get("position", 1) <= 32_000:
        raise RuleBroken(f"{where}: «position» es un número.")
    reasons = belongs.get("reasons", [])
    if not isinstance(reasons, list) or not all(isinstance(one, str) for one in reasons):
        raise RuleBroken(f"{where}: «reasons» es una lista de códigos.")
    versions = [_version(where, one) for one in _tables(where, kept, "version")]
    for before, after in pairwise(versions):
        if after.number != before.number + 1 or after.starts_on < before.starts_on:
            raise RuleBroken(f"{where}: las versiones van en orden, con números seguidos y fechas que no retroceden.")
    return EntryInFile(code, belongs, versions)


def _version(where: str, kept: Mapping[str, Any]) -> VersionInFile:
    number = kept.get("number")
    if not isinstance(number, int) or number < 1:
        raise RuleBroken(f"{where}: cada versión lleva su número, «number», desde 1.")
    where = f"{where}, versión {number}"
    _refuse_unknown(where, kept, _VERSION)
    starts_on, source = kept.get("starts_on"), kept.get("source")
    if type(starts_on) is not date:
        raise RuleBroken(f"{where}: falta «starts_on», el día desde que vale, como 2026-05-01.")
    if not isinstance(source, str) or not source or len(source) > LONGEST_SOURCE:
        raise RuleBroken(f"{where}: falta «source», de dónde se tomó, en hasta {LONGEST_SOURCE} letras.")
    return VersionInFile(number, starts_on, source, _said(where, kept))


def _said(where: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    given = {column: kept[column] for column in SAID if column in kept and column not in ("rule", "amounts")}
    texts = [column for column in given if _LONGEST[column] is not None and column not in (*_LISTS, "audience")]
    _refuse_wrong_types(where, given, text=texts, days=("act_on",))
    for column in (*_LISTS, "audience"):
        if column in given and not (isinstance(given[column], list) and all(type(one) is str for one in given[column])):
            raise RuleBroken(f"{where}: «{column}» es una lista de textos.")
    given |= {column: "\n".join(given[column]) for column in _LISTS if column in given}
    for column, kind in _KINDS.items():
        if column in given and type(given[column]) is not kind:
            raise RuleBroken(f"{where}: «{column}» no es del tipo que corresponde.")
    try:
        amounts = [_amount_of_entry(one) for one in _tables("la versión", kept, "amounts")]
        said = _kept(EntryDetails(**given, amounts=amounts))
        said["rule"] = write_rule(_rule(kept))
    except RuleBroken as problem:
        raise RuleBroken(f"{where}: {problem}") from problem
    for column, what in (("name", "el nombre"), ("plain", "qué es"), ("modality", "la modalidad")):
        if not said[column]:
            raise RuleBroken(f"{where}: falta {what}, «{column}».")
    return said


def _kept(details: EntryDetails) -> dict[str, Any]:
    said = kept_of(details, _LONGEST)
    if len(said["audience"]) != len(details.audience):
        raise RuleBroken("«audience» tiene algo que no es un público.")
    return {column: said[column] for column in SAID if column != "rule"}


def _amount_of_entry(kept: Mapping[str, Any]) -> Amount:
    _refuse_unknown("monto", kept, {"label", "pesos", "from", "until", "legal", "times"})
    _refuse_wrong_types("monto", kept, text=("label", "legal"), days=("from", "until"), numbers=("pesos", "times"))
    return Amount(
        kept.get("label", ""),
        pesos=kept.get("pesos"),
        starts_on=kept.get("from"),
        ends_on=kept.get("until"),
        legal=kept.get("legal", ""),
        times=kept.get("times", 1),
    )


def _rule(kept: Mapping[str, Any]) -> Rule:
    conditions = tuple(_condition(one) for one in _tables("la versión", kept, "conditions"))
    if conditions and kept.get("subject") not in Subject.values:
        raise RuleBroken("falta «subject», de quién es la regla: person o home.")
    rule = Rule(Subject(kept.get("subject", Subject.PERSON)), conditions)
    check_rule(rule)
    return rule


def _condition(kept: Mapping[str, Any]) -> Condition:
    parts = dict(kept)
    _refuse_unknown("condición", parts, {part.name for part in fields(Condition)})
    _refuse_wrong_types("condición", parts, text=("kind", "whose", "text", "group", "article"), numbers=_NUMBERS)
    if not isinstance(parts.get("values", []), list) or not all(type(one) is str for one in parts.get("values", [])):
        raise RuleBroken("condición: «values» es una lista de textos.")
    if parts.get("whose", Whose.HOME) not in Whose.values:
        raise RuleBroken("condición: «whose» es person o home.")
    if parts.get("kind") not in Kind.values:
        raise RuleBroken(f"«{parts.get('kind')}» no es una clase de condición.")
    if not parts.get("article"):
        raise RuleBroken(f"una condición de «{Kind(parts['kind']).label}» no dice de qué artículo sale, «article».")
    parts["kind"] = Kind(parts["kind"])
    parts["values"] = tuple(parts.get("values", ()))
    if "whose" in parts:
        parts["whose"] = Whose(parts["whose"])
    return Condition(**parts)


def _amounts(name: str, kept: Mapping[str, Any]) -> Iterator[AmountInFile]:
    code, label = kept.get("code"), kept.get("label")
    if not isinstance(code, str) or not 0 < len(code) <= LONGEST_AMOUNT_CODE:
        raise RuleBroken(f"{name}: un monto legal lleva un código, «code», de hasta {LONGEST_AMOUNT_CODE} letras.")
    where = f"{name}, monto «{code}»"
    _refuse_unknown(where, kept, {"code", "label", "values"})
    if not isinstance(label, str) or not 0 < len(label) <= LONGEST_LABEL:
        raise RuleBroken(f"{where}: falta «label», qué monto es, en hasta {LONGEST_LABEL} letras.")
    for one in _tables(where, kept, "values"):
        _refuse_unknown(where, one, {"pesos", "from", "until", "source", "verified"})
        pesos, starts, ends, source = one.get("pesos"), one.get("from"), one.get("until"), one.get("source")
        if type(pesos) is not int or not 0 < pesos <= min(MOST_PESOS, 2**31 - 1):
            raise RuleBroken(f"{where}: «pesos» es un número entero de pesos.")
        if type(starts) is not date:
            raise RuleBroken(f"{where}: falta «from», desde qué día vale. Un monto sin vigencia no se publica.")
        if ends is not None and (type(ends) is not date or ends < starts):
            raise RuleBroken(f"{where}: «until» es el último día en que vale, y no puede ser anterior a «from».")
        if not isinstance(source, str) or not 0 < len(source) <= LONGEST_SOURCE:
            raise RuleBroken(f"{where}: falta «source», de dónde se tomó, en hasta {LONGEST_SOURCE} letras.")
        yield AmountInFile(code, label, pesos, starts, ends, source, bool(one.get("verified", False)))


def _refuse_unknown(where: str, kept: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(kept.keys() - known):
        raise RuleBroken(f"{where}: no se esperaba «{unknown[0]}».")


def _refuse_wrong_types(
    where: str, kept: Mapping[str, Any], *, text: Sequence[str], days: Sequence[str] = (), numbers: Sequence[str] = ()
) -> None:
    for columns, kind, what in (
        (text, str, "un texto"),
        (days, date, "una fecha, como 2026-05-01"),
        (numbers, int, "un número entero"),
    ):
        for column in columns:
            if column in kept and type(kept[column]) is not kind:
                raise RuleBroken(f"{where}: «{column}» es {what}.")
