"""``ventanilla synthesize``: the fictional population as files."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from ventanilla.core.errors import RuleBroken
from ventanilla.datasets.synthetic.plan import orders, sizes
from ventanilla.datasets.synthetic.population import MANIFEST
from ventanilla.datasets.synthetic.population import synthesize as write_population

_DAY = click.DateTime(["%Y-%m-%d", "%d-%m-%Y"])


def _points(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _report(part: dict[str, Any]) -> None:
    click.echo(f"{part['name']}: {_points(part['people'])} personas en {_points(part['homes'])} hogares", err=True)


@click.command(
    "synthesize",
    help="Escribe una población ficticia y creíble como archivos, listos para cargar.\n\n"
    "La misma semilla da los mismos bytes. Ninguna de las personas existe: sus RUN empiezan en 90.000.000.\n\n"
    "Ejemplo: ventanilla synthesize --out var/ficticios --municipality 04303:40000 --municipality 04302",
)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Carpeta de destino.")
@click.option(
    "--municipality", "municipalities", multiple=True, metavar="CUT[:PERSONAS]", help="Comuna y, si se quiere, tamaño."
)
@click.option("--country", is_flag=True, help="Las 345 municipalidades, con los tamaños desiguales de las comunas.")
@click.option("--people", type=click.IntRange(min=0), metavar="N", help="Total de personas que se reparten.")
@click.option("--seed", default=1, metavar="N", show_default=True, help="Semilla del azar.")
@click.option(
    "--reference",
    type=_DAY,
    metavar="AAAA-MM-DD",
    default="2026-11-23",
    show_default=True,
    help="El día que se toma por hoy.",
)
@click.option(
    "--from",
    "since",
    type=_DAY,
    metavar="AAAA-MM-DD",
    default="2026-09-01",
    show_default=True,
    help="Primer día de consultas.",
)
@click.option(
    "--until", type=_DAY, metavar="AAAA-MM-DD", default="2026-11-23", show_default=True, help="Último día de consultas."
)
@click.option(
    "--consultations",
    type=click.IntRange(min=0),
    metavar="N",
    help="Total de consultas; si falta, las usuales para el tamaño.",
)
@click.option(
    "--dirty", default=0.0, metavar="PARTE", show_default=True, help="Parte de filas erradas que se agregan, como 0.02."
)
@click.option(
    "--typos", default=0.04, metavar="PARTE", show_default=True, help="Parte de los nombres escritos a la rápida."
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    default=min(2, os.cpu_count() or 1),
    show_default=True,
    help="Procesos a la vez.",
)
@click.option("--json", "as_json", is_flag=True, help="Imprime el manifiesto.")
def synthesize(
    out: Path,
    municipalities: tuple[str, ...],
    country: bool,
    people: int | None,
    seed: int,
    reference: datetime,
    since: datetime,
    until: datetime,
    consultations: int | None,
    dirty: float,
    typos: float,
    jobs: int,
    as_json: bool,
) -> None:
    try:
        plan = orders(
            sizes(municipalities, country, people),
            seed=seed,
            reference=reference.date(),
            since=since.date(),
            until=until.date(),
            consultations=consultations,
            dirty=dirty,
            typos=typos,
        )
        manifest = write_population(plan, out, jobs=jobs, on_written=_report)
    except RuleBroken as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"No se pudo escribir en {out}: {error.strerror}. Revise el espacio y los permisos, y vuelva a ejecutar."
        ) from None
    if as_json:
        click.echo(json.dumps(manifest, ensure_ascii=False, indent=1))
    else:
        rows = sum(manifest["rows"].values())
        click.echo(
            f"{_points(manifest['people'])} personas, {_points(rows)} filas. Quedó todo en {out}, con {MANIFEST}."
        )
