"""``ventanilla load``: a file of an institution into its tables, row by row honest about what it refused."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from psycopg.errors import DiskFull

from ventanilla.config.postgres.migrate import set_up_django
from ventanilla.config.postgres.place import var_folder
from ventanilla.config.postgres.problems import DatabaseProblem
from ventanilla.config.postgres.roles import application_database, cannot_connect, connect, refuse_unsafe_role
from ventanilla.datasets.files.problems import Asks, UnusableFile, because, quoted

if TYPE_CHECKING:
    from ventanilla.datasets.run import Loaded

NOT_APPLIED = 1
"""Exit status when every row was rejected or the load could not end."""
INCOMPLETE = 3
"""Exit status when the rows were applied, but who is no longer in an extract was not marked."""
UNUSABLE = 2
"""Exit status when the file or the arguments are of no use; nothing was written."""

_SHOWN_REASONS = 12

_HOW_TO_SAY = {
    None: "",
    Asks.SHEET: "Diga cuál se carga, con --sheet.",
    Asks.MEMBER: "Diga cuál se carga, con --member.",
    Asks.COLUMNS: "Si una se llama de otro modo, dígalo con --columns; si todas traen lo mismo, con --value.",
    Asks.COMMUNE: "Si de verdad es de aquí, repita la carga con --any-commune.",
}


@click.command("load", short_help="Carga un archivo de una institución.", no_args_is_help=True)
@click.argument("dataset", metavar="FORMATO")
@click.argument("file", metavar="ARCHIVO", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--institution", required=True, type=int, help="Número de la institución, como 4303 o 04303.")
@click.option("--dry-run", is_flag=True, help="Hace todo y lo deshace: muestra las cifras sin cambiar nada.")
@click.option("--accept-gone", is_flag=True, help="Acepta que dejen de figurar más de los que se espera.")
@click.option("--json", "machine", is_flag=True, help="Escribe el resultado en JSON.")
@click.option(
    "--rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Dónde dejar las filas rechazadas; si no se indica, junto al archivo, como ARCHIVO.rechazadas.csv.",
)
@click.option(
    "--columns",
    multiple=True,
    metavar="ENCABEZADO=COLUMNA",
    help="Qué columna es un encabezado que no se reconoce; sin COLUMNA, se pasa por alto. Se repite.",
)
@click.option(
    "--value",
    "values",
    multiple=True,
    metavar="COLUMNA=VALOR",
    help="Lo que vale en todas las filas una columna que el archivo no trae. Se repite.",
)
@click.option("--sheet", default="", metavar="HOJA", help="Hoja de la planilla, si hay más de una que sirve.")
@click.option("--member", default="", metavar="NOMBRE", help="Archivo dentro del zip, si trae más de uno.")
@click.option("--any-commune", is_flag=True, help="Carga también un archivo cuyas filas son casi todas de otra comuna.")
@click.pass_context
def load(
    ctx: click.Context,
    dataset: str,
    file: Path,
    institution: int,
    dry_run: bool,
    accept_gone: bool,
    machine: bool,
    rejected: Path | None,
    columns: tuple[str, ...],
    values: tuple[str, ...],
    sheet: str,
    member: str,
    any_commune: bool,
) -> None:
    """Carga ARCHIVO en el FORMATO indicado: un CSV, una planilla (xlsx, xls, ods) o un zip con una de ellas.

    Los formatos son unidades, operadores, personas, contactos, hogares, integrantes, relaciones, antecedentes,
    subsidios, familias, solicitudes_rsh, entregas y consultas, en ese orden si unos se apoyan en otros; sus columnas
    están en docs/formats.

    Un archivo de subsidios o de familias es un extracto completo: al terminar, quienes figuraban y no vienen quedan
    como «ya no figura» desde su fecha. Si serían demasiados no se marca a nadie y se avisa, por si el archivo es otro.

    Una fila mala no detiene a las demás: queda en el archivo de rechazadas con su motivo, lista para corregirla y
    cargarla otra vez. Repetir una carga no duplica nada. Termina con 0 si se aplicó, con 1 si se rechazaron todas las
    filas o no se pudo aplicar, con 2 si el archivo o los argumentos no sirven, y con 3 si se aplicó sin marcar a
    quienes ya no figuran.
    """
    connect(application_database(var_folder())).close()
    set_up_django()
    from django.db import DatabaseError, connection

    from ventanilla.config.datasets import DATASETS
    from ventanilla.datasets.rejections import default_path
    from ventanilla.datasets.run import command_actor, load_file

    declared = DATASETS.get(dataset)
    if declared is None:
        raise _unusable(f"No hay un formato «{dataset}». Los que hay son: {', '.join(DATASETS)}.")
    refuse_unsafe_role(connection)
    try:
        with _progress(file) as on_progress:
            loaded = load_file(
                declared,
                file,
                by=command_actor(institution),
                rejected_path=rejected or default_path(file),
                dry_run=dry_run,
                accept_gone=accept_gone,
                on_progress=on_progress,
                mapping=_pairs(columns, "--columns 'ENCABEZADO=COLUMNA'"),
                constants=_pairs(values, "--value 'COLUMNA=VALOR'"),
                sheet=sheet,
                member=member,
                any_commune=any_commune,
            )
    except UnusableFile as problem:
        raise _unusable(f"{problem} {_HOW_TO_SAY[problem.asks]}".strip()) from problem
    except DatabaseError as error:
        raise DatabaseProblem(_interrupted(error, dry_run)) from error
    except OSError as error:
        raise click.ClickException(
            f"No se pudo terminar la carga de {file.name}: {because(error)}."
            + (" No se cambió nada." if dry_run else " Lo cargado hasta ahí queda; resuélvalo y repita la carga.")
        ) from error
    result = _result(dataset, institution, file, loaded)
    click.echo(json.dumps(result, ensure_ascii=False, indent=2) if machine else _told(result, dry_run=dry_run))
    if loaded.figures.read and loaded.figures.rejected == loaded.figures.read:
        ctx.exit(NOT_APPLIED)
    if loaded.closed.refusals:
        ctx.exit(INCOMPLETE)


def _unusable(sentence: str) -> click.ClickException:
    problem = click.ClickException(sentence)
    problem.exit_code = UNUSABLE  # type: ignore[misc]  # click reads it from the instance
    return problem


def _pairs(texts: tuple[str, ...], shape: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        first, sign, second = text.rpartition("=")
        if not sign or not first.strip():
            raise _unusable(f"No se entiende «{text}». Escriba {shape}.")
        pairs[first.strip()] = second.strip()
    return pairs


def _interrupted(error: Exception, dry_run: bool) -> str:
    kept = "No se cambió nada." if dry_run else "Los lotes ya cargados quedan; repita la carga para terminarla."
    database = application_database(var_folder())
    if isinstance(error.__cause__, DiskFull):
        return f"No queda espacio en el disco de la base de datos. {kept}"
    if "connect" in str(error) or "closed" in str(error) or "terminat" in str(error):
        return f"Se perdió la base de datos durante la carga. {kept}"
    return (
        f"{cannot_connect(error, database)} {kept}"
        if not str(error)
        else (f"La base de datos no aceptó la carga. PostgreSQL dijo «{str(error).strip().splitlines()[0]}». {kept}")
    )


@contextmanager
def _progress(file: Path) -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal, by bytes; nothing when the output goes elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, size: None
        return
    with click.progressbar(length=max(file.stat().st_size, 1), label=file.name, file=sys.stderr) as bar:

        def advance(done: int, size: int) -> None:
            bar.length = max(size, 1)  # of the text that the file was turned into
            bar.update(max(done - bar.pos, 0))

        yield advance


def _result(dataset: str, institution: int, file: Path, loaded: "Loaded") -> dict[str, Any]:
    figures = loaded.figures
    return {
        "dataset": dataset,
        "institution": institution,
        "file": str(file),
        "sha256": loaded.table.sha256,
        "kind": str(loaded.source.kind),
        "encoding": loaded.source.encoding or None,
        "member": loaded.source.member or None,
        "sheet": loaded.table.sheet or None,
        "passed_over": list(loaded.table.passed_over),
        "notes": list(loaded.table.notes),
        "read": figures.read,
        "new": figures.new,
        "changed": figures.changed,
        "same": figures.same,
        "doubtful": figures.doubtful,
        "rejected": figures.rejected,
        "gone": loaded.closed.gone,
        "not_marked": list(loaded.closed.refusals),
        "doubts": dict(figures.doubts.most_common()),
        "doubt_rows": figures.doubt_rows,
        "reasons": dict(figures.reasons.most_common()),
        "rejected_file": str(loaded.rejected_file) if loaded.rejected_file else None,
        "seconds": round(loaded.seconds, 3),
    }


def _points(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _told(result: dict[str, Any], *, dry_run: bool) -> str:
    speed = _points(round(result["read"] / result["seconds"])) if result["seconds"] else "0"
    lines = [
        ("Ensayo: no se cambió nada. " if dry_run else "")
        + f"Filas leídas: {_points(result['read'])}. Nuevas: {_points(result['new'])}."
        f" Cambiadas: {_points(result['changed'])}. Iguales: {_points(result['same'])}."
        + (f" Dudosas: {_points(result['doubtful'])}." if result["doubtful"] else "")
        + f" Rechazadas: {_points(result['rejected'])}. Filas por segundo: {speed}."
    ]
    if result["passed_over"]:
        words = "No se usó la columna" if len(result["passed_over"]) == 1 else "No se usaron las columnas"
        lines.append(f"{words} {quoted(tuple(result['passed_over']))}.")
    lines += result["notes"]
    for reason, count in result["doubts"].items():
        rows = result["doubt_rows"][reason]
        more = "…" if count > len(rows) else "."
        lines.append(
            f"  {_points(count)} × {reason} Fila{'' if count == 1 else 's'} {', '.join(map(_points, rows))}{more}"
        )
    for reason, count in list(result["reasons"].items())[:_SHOWN_REASONS]:
        lines.append(f"  {_points(count)} × {reason}")
    if len(result["reasons"]) > _SHOWN_REASONS:
        lines.append(
            f"  y {_points(len(result['reasons']) - _SHOWN_REASONS)} motivos más, en el archivo de rechazadas."
        )
    if result["gone"]:
        lines.append(f"Datos que ya no figuran desde la fecha del extracto: {_points(result['gone'])}.")
    lines += [f"ATENCIÓN. {sentence}" for sentence in result["not_marked"]]
    if result["rejected_file"]:
        lines.append(f"Las filas rechazadas, con su motivo, están en {result['rejected_file']}.")
    return "\n".join(lines)
