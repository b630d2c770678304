"""The file of benefits delivered."""

from collections.abc import Iterator
from datetime import date

from ventanilla.benefits.loading import load_deliveries
from ventanilla.core import cells
from ventanilla.core.datasets import DIGIT_HEADINGS, RUN_HEADINGS, Column, Dataset, Values


def _delivery(values: Values, today: date) -> Iterator[str]:
    if values["person"] is None and values["home"] is None:
        yield "Una entrega es a una persona o a un hogar: llene al menos una de las dos columnas."
    if values["quantity"] is not None and float(values["quantity"]) == 0:
        yield "La cantidad debe ser mayor que cero."
    if values["delivered_on"] is not None and values["delivered_on"] > today.isoformat():
        yield "La columna «fecha» tiene una fecha futura."


DELIVERIES = Dataset(
    name="entregas",
    title="Entregas de beneficios",
    columns=(
        Column(
            "referencia",
            "reference",
            cells.text(60),
            required=True,
            synonyms=("Folio", "N° entrega", "Código entrega", "ID entrega"),
        ),
        Column("persona", "person", cells.reference(60), synonyms=("RUN", *RUN_HEADINGS), digits=DIGIT_HEADINGS),
        Column("hogar", "home", cells.text(40), synonyms=("ID hogar", "Código hogar", "Folio RSH", "N° hogar")),
        Column(
            "prestacion",
            "label",
            cells.text(120),
            required=True,
            synonyms=("Beneficio", "Ayuda", "Tipo de ayuda", "Ayuda entregada", "Detalle de la ayuda"),
        ),
        Column("cantidad", "quantity", cells.decimal, type="numeric", synonyms=("Cant.", "Cantidad entregada")),
        Column("unidad_medida", "measure", cells.text(30), synonyms=("Unidad de medida", "U. medida", "U.M.")),
        Column(
            "monto",
            "amount",
            cells.pesos,
            type="int",
            synonyms=("Monto total", "Valor", "Valor total", "Costo"),
        ),
        Column(
            "fecha",
            "delivered_on",
            cells.day,
            required=True,
            type="date",
            synonyms=("Fecha entrega", "Fecha de entrega", "F. Entrega"),
        ),
        Column("acto", "act", cells.text(80), synonyms=("Decreto", "N° decreto", "Decreto alcaldicio", "D.A.")),
        Column("unidad", "unit", cells.text(30), synonyms=("Código unidad", "Unidad municipal")),
    ),
    keys=lambda values: [values["reference"] or ""],
    objections=_delivery,
    apply=load_deliveries,
    example="EJEMPLO-1;99.999.999-9;;Caja de alimentos;1;caja;25000;20-10-2026;Decreto 1.204;ejemplo",
)

DATASETS = (DELIVERIES,)
