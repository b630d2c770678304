"""The files: their columns, the rows as they are gathered, and the folder they go to."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self, TextIO

from ventanilla.datasets.synthetic.homes import Rows

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        name: tuple(columns.split())
        for name, columns in {
            "unidades": "codigo nombre unidad_superior funciones conectada_desde conectada_hasta",
            "operadores": "usuario run nombres primer_apellido segundo_apellido correo profesion rol unidad "
            "naturaleza acto "
            "desde hasta",
            "personas": "referencia run documento_tipo documento_pais documento_numero nombres primer_apellido "
            "segundo_apellido nombre_social sexo fecha_nacimiento nacionalidad pueblo_originario fecha_defuncion "
            "fuente_defuncion comuna_residencia fuente fecha_dato",
            "contactos": "persona tipo valor nota no_llamar reserva fuente fecha_dato",
            "hogares": "referencia direccion sector unidad_vecinal ruralidad comuna tipo_vivienda fuente fecha_dato",
            "integrantes": "hogar persona parentesco jefatura fuente desde hasta",
            "relaciones": "persona con_persona tipo fuente desde hasta",
            "antecedentes": "persona hogar tipo valor monto vigente_desde vigente_hasta fuente fecha_dato",
            "entregas": "referencia persona hogar prestacion cantidad unidad_medida monto fecha acto unidad",
            "consultas": "referencia persona canal unidad operador inicio termino motivos resultados notas",
        }.items()
    }
)
_BATCH = 4_000  # rows of people kept in memory before they are written


class Folder:
    """The open files of one institution. No cell holds a separator, a quote or a line break: no quoting is needed."""

    def __init__(self, directory: Path, before_writing: Callable[[Rows], None]) -> None:
        self._directory = directory
        self._before_writing = before_writing
        self._files: dict[str, TextIO] = {}
        self.rows: Rows = {name: [] for name in COLUMNS}
        self.counts = dict.fromkeys(COLUMNS, 0)

    def __enter__(self) -> Self:
        self._directory.mkdir(parents=True, exist_ok=True)
        for name, columns in COLUMNS.items():
            file = (self._directory / f"{name}.csv").open("w", encoding="utf-8", newline="\n")
            self._files[name] = file
            file.write(";".join(columns) + "\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()

    def write_when_many(self) -> None:
        if len(self.rows["personas"]) >= _BATCH:
            self.write()

    def write(self) -> None:
        self._before_writing(self.rows)
        for name, rows in self.rows.items():
            if rows:
                self._files[name].write("\n".join(rows) + "\n")
                self.counts[name] += len(rows)
                rows.clear()
