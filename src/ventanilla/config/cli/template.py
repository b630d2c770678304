"""``ventanilla template``: the workbook in which a dataset is filled in."""

from pathlib import Path

import click

from ventanilla.config.postgres.migrate import set_up_django


@click.command("template", short_help="Escribe la plantilla XLSX de un formato.", no_args_is_help=True)
@click.argument("dataset", metavar="FORMATO")
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Dónde escribirla; si no se indica, FORMATO.xlsx en esta carpeta.",
)
def template(dataset: str, out: Path | None) -> None:
    """Escribe la plantilla del FORMATO: sus columnas, listas desplegables, una fila de ejemplo y las instrucciones.

    La fila de ejemplo es ficticia y no se carga aunque quede en el archivo.
    """
    set_up_django()
    from ventanilla.config.datasets import DATASETS
    from ventanilla.datasets.template import template_of

    declared = DATASETS.get(dataset)
    if declared is None:
        raise click.ClickException(f"No hay un formato «{dataset}». Los que hay son: {', '.join(DATASETS)}.")
    path = out or Path(f"{dataset}.xlsx")
    try:
        with path.open("xb") as file:
            file.write(template_of(declared))
    except FileExistsError:
        raise click.ClickException(f"{path} ya existe. Elija otro nombre con -o.") from None
    except OSError as error:
        raise click.ClickException(f"No se pudo escribir {path}: {error.strerror}.") from error
    click.echo(f"Plantilla de «{declared.title}» en {path}.")
