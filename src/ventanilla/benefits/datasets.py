"""The file of benefits delivered."""

from collections.abc import Iterator
from datetime import date

from ventanilla.benefits.loading import load_deliveries
from ventanilla.core import cells
from ventanilla.core.datasets import Column, Dataset, Values


def _delivery(values: Values, today: date) -> Iterator[str]:
    if values["person"] is None and values["home"] is None:
        yield "Una entrega es a una persona o a un hogar: llene al menos una de las dos columnas."
    if values["delivered_on"] is not None and values["delivered_on"] > today.isoformat():
        yield "La columna «fecha» tiene una fecha futura."


DELIVERIES = Dataset(
    name="entregas",
    title="Entregas de beneficios",
    columns=(
        Column("referencia", "reference", cells.text(60), required=True),
        Column("persona", "person", cells.reference(60)),
        Column("hogar", "home", cells.text(40)),
        Column("prestacion", "label", cells.text(120), required=True),
        Column("cantidad", "quantity", cells.decimal, type="numeric"),
        Column("unidad_medida", "measure", cells.text(30)),
        Column("monto", "amount", cells.pesos, type="int"),
        Column("fecha", "delivered_on", cells.day, required=True, type="date"),
        Column("acto", "act", cells.text(80)),
        Column("unidad", "unit", cells.text(30)),
    ),
    keys=lambda values: [values["reference"] or ""],
    objections=_delivery,
    apply=load_deliveries,
)

DATASETS = (DELIVERIES,)
