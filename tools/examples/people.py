"""People as the RSH, an office for older people, a survey of homes and a telephone list would hand them over."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import xlsxwriter

from tools.examples.neighbours import MONTE_PATRIA, Neighbour, homes, neighbours
from tools.examples.writing import Cell, Row, archive, ods, put, table, text, xlsx
from ventanilla.datasets.synthetic.draws import between, pick, stream

KNOWN = neighbours(MONTE_PATRIA, 120)
OLDER = neighbours(MONTE_PATRIA, 50, ages=(60, 95), skip=200)
HOMES = homes(KNOWN[:90])

_CUT = date(2025, 9, 30)
_FIRST_SERIAL = date(1899, 12, 30)
_MONTHS = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]


def _slashed(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def rsh_people(path: Path) -> None:
    """UTF-16 divided by tabs: the check digit apart, all in capitals, the commune by its name."""
    rows: list[list[Cell]] = [_rsh_row(place, one) for place, one in enumerate(KNOWN)]
    lovely = neighbours(MONTE_PATRIA, 7, skip=180)
    wrong = [_rsh_row(900 + place, one) for place, one in enumerate(lovely)]
    wrong[0][2] = "1" if lovely[0].run.digit != "1" else "2"
    wrong[1][7] = "31/02/1984"
    wrong[2][7] = "14/05/2062"
    wrong[3][7] = "12.05.48"
    wrong[4][8] = "MONTEPATRIA"
    wrong[5][3] = ""
    wrong[6][1:3] = [str(KNOWN[4].run.body), KNOWN[4].run.digit]
    for place, row in zip((12, 30, 47, 61, 62, 88, 110), wrong, strict=True):
        rows.insert(place, row)
    rows.insert(70, [""] * 10)
    headings = ["Folio RSH", "RUN", "DV", "NOMBRES", "APELLIDO PATERNO", "APELLIDO MATERNO", "SEXO",
                "FECHA NACIMIENTO", "COMUNA", "TRAMO CSE"]  # fmt: skip
    title = ["REGISTRO SOCIAL DE HOGARES - EXTRACTO DE PERSONAS - DATOS FICTICIOS"]
    text(path, [title, headings, *rows], encoding="utf-16", delimiter="\t")


def _rsh_row(place: int, one: Neighbour) -> list[Cell]:
    draw = stream("ejemplos", "rsh", place)
    return [
        f"{4303000 + place}",
        str(one.run.body),
        one.run.digit,
        f"{one.given.upper()} ",
        one.first.upper(),
        one.second.upper(),
        "FEMENINO" if one.is_woman else "MASCULINO",
        _slashed(one.born),
        "OVALLE" if place in {20, 57, 91} else "MONTE PATRIA",
        pick(draw, ("40", "40", "40", "50", "60", "70", "80", "90", "100")),
    ]


def older_people(path: Path) -> None:
    """XLSX: titles, a heading over two rows, blank rows, RUNs as numbers, days in six shapes, formulas, a total."""

    def fill(book: xlsxwriter.Workbook) -> None:
        titled = book.add_format({"bold": True, "align": "center"})
        as_date = book.add_format({"num_format": "dd-mm-yyyy"})
        book.add_worksheet("Portada").write(2, 1, "Oficina de Personas Mayores. DATOS FICTICIOS", titled)
        sheet = book.add_worksheet("Nómina 2025")
        sheet.merge_range("A1:J1", "ILUSTRE MUNICIPALIDAD (DATOS FICTICIOS)", titled)
        sheet.merge_range("A2:J2", "Nómina de personas mayores, septiembre de 2025", titled)
        sheet.merge_range("A4:A5", "N°", titled)
        sheet.merge_range("B4:B5", "R.U.N.", titled)
        sheet.merge_range("C4:E4", "Identificación", titled)
        sheet.merge_range("F4:G4", "Otros datos", titled)
        sheet.write_row(4, 2, ["Nombres", "Ap. Paterno", "Ap. Materno", "Género", "F. Nac.", "Fono", "Origen"])
        sheet.merge_range("J4:J5", "Fecha de corte", titled)
        for number, row in _older_rows():
            sheet.write_formula(number, 0, f"=ROW()-{number - 5}", None, 5)
            for column, cell in enumerate(row, start=1):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, as_date)
                elif cell == "#N/A":
                    sheet.write_formula(number, column, "=VLOOKUP(C1,Listas!A:B,2,0)", None, "#N/A")
                else:
                    sheet.write(number, column, cell)
        sheet.write(number + 2, 2, "TOTAL")
        sheet.write_formula(number + 2, 3, "=COUNTA(C6:C80)", None, 66)
        hidden = book.add_worksheet("Listas")
        put(hidden, [("Femenino",), ("Masculino",)])
        hidden.hide()

    xlsx(path, fill)


def _older_rows() -> Iterator[tuple[int, list[Cell]]]:
    """Each with its place, from 0: a blank row goes after every twenty."""
    people = [*OLDER[:30], *KNOWN[5:15], *OLDER[30:], *neighbours(MONTE_PATRIA, 6, ages=(60, 95), skip=280)]
    rows = [_older_row(place, one) for place, one in enumerate(people)]
    rows[60][0] = people[60].wrong_run
    rows[61][0] = "#N/A"
    rows[62][4] = "F"
    rows[63][5] = "29-02-1951"
    rows[64][5] = "03/03/45"
    rows[65][0] = people[0].number
    for place, row in enumerate(rows):
        yield 5 + place + place // 20, row


def _older_row(place: int, one: Neighbour) -> list[Cell]:
    runs: tuple[Cell, ...] = (one.number, str(one.run), f"0{one.run.canonical}", one.run.canonical.replace("-", ""))
    born: tuple[Cell, ...] = (
        one.born,
        (one.born - _FIRST_SERIAL).days,
        f"{one.born.day} de {_MONTHS[one.born.month - 1]} de {one.born.year}",
        f"{one.born.day}-{_MONTHS[one.born.month - 1][:3]}-{one.born.year}",
        one.born.isoformat(),
        _slashed(one.born),
    )
    sex = "Femenino" if one.is_woman else "Masculino"
    phone = f"+56 9 5555 {1000 + 7 * place}"
    return [runs[place % 4], one.given, one.first, one.second, sex, born[place % 6], phone, "municipal", _CUT]


def homes_and_members(path: Path) -> None:
    """ODS of three sheets, of which each format finds its own."""
    ods(
        path,
        [
            ("Leyenda", [["CATASTRO DE HOGARES - DATOS FICTICIOS"], [], ["Zona", "Urbano o rural"]]),
            ("Hogares", [["HOGARES - DATOS FICTICIOS"], [], *_home_rows()]),
            ("Integrantes", [["INTEGRANTES - DATOS FICTICIOS"], [], *_member_rows()]),
        ],
    )


def _home_rows() -> Iterator[Row]:
    yield ["Folio hogar", "Domicilio", "Localidad", "U.V.", "Zona", "Comuna", "Tipo de vivienda", "Fuente",
           "Fecha de corte"]  # fmt: skip
    for place, home in enumerate(HOMES):
        zone = "Rural" if home.sector.is_rural else "Urbano"
        zone = "Semirrural" if place == 7 else zone
        commune = "Monte Patria" if place % 3 else 4303.0
        kind = "Mediagua" if place % 9 == 4 else "Casa"
        yield [home.folio, home.address, home.sector.name, float(home.sector.unit), zone, commune, kind, "rsh", _CUT]
        if place == 11:
            yield []
    yield [HOMES[3].folio, "Pasaje Repetido 12", "", "", "Urbano", "Monte Patria", "Casa", "rsh", _CUT]
    yield ["H-7999", "Sitio 4", "", "", "Rural", "Montepatria", "Casa", "rsh", _CUT]


def _member_rows() -> Iterator[Row]:
    yield ["Folio hogar", "RUN", "DV", "Parentesco", "Jefe(a) de hogar", "Fuente", "Fecha inicio"]
    for place, home in enumerate(HOMES):
        for turn, one in enumerate(home.members):
            kinship, head = ("jefatura", "Sí") if turn == 0 else ("otro_pariente", "No")
            since: Cell = date(2020, 1, 1 + place % 28) if turn % 2 == 0 else f"{1 + place % 28}/1/2020"
            yield [home.folio, float(one.run.body), one.run.digit, kinship, head, "rsh", since]
    stranger = neighbours(MONTE_PATRIA, 1, skip=380)[0]
    yield [HOMES[0].folio, float(stranger.run.body), stranger.run.digit, "otro_pariente", "No", "rsh", "1/3/2020"]
    yield ["H-8888", float(KNOWN[95].run.body), KNOWN[95].run.digit, "jefatura", "Sí", "rsh", "1/3/2020"]
    yield [HOMES[1].folio, float(KNOWN[96].run.body), KNOWN[96].run.digit, "ahijado", "No", "rsh", "1/3/2020"]
    yield [HOMES[1].folio, float(KNOWN[97].run.body), KNOWN[97].run.digit, "jefatura", "No", "rsh", "1/3/2020"]


def telephone_list(path: Path) -> None:
    """A zip as a system of Apple makes it: a folder, a leaflet in PDF, files of its own, and the list in Latin-1."""
    draw = stream("ejemplos", "contactos")
    rows: list[list[Cell]] = []
    for place, one in enumerate(KNOWN[:60]):
        phone = f"+56 9 5555 {between(draw, 1000, 9999)}"
        rows.append([str(one.run), pick(draw, ("Celular", "Teléfono", "fono")), phone, "Llamar después de las 18 h"])
        if place % 5 == 0:
            mail = f"{one.first.lower()}{place}@ejemplo.cl".replace("ñ", "n").replace(" ", "")
            rows.append([str(one.run), "Correo", mail, 'Dice "solo urgencias", Peñón'])
    rows[9][2] = "5555"
    rows[20][1] = "WhatsApp"
    rows[33][2] = "sin correo" if rows[33][1] == "Correo" else "no tiene"
    rows[40] = list(rows[39])
    headings = ["RUN beneficiario", "Tipo contacto", "Contacto", "Obs."]
    listed = table([["Contactos de la unidad. DATOS FICTICIOS. Año 2025"], headings, *rows], ",")
    archive(
        path,
        [
            ("contactos/LEAME.pdf", b"%PDF-1.4\n% datos ficticios\n%%EOF\n"),
            ("contactos/contactos.csv", listed.encode("windows-1252")),
            ("__MACOSX/contactos/._contactos.csv", b"\0\5\x16\7"),
        ],
    )


def brackets(path: Path) -> None:
    """CSV in UTF-8 with a mark, divided by commas: two columns, and nothing that says what they are."""
    rows: list[list[Cell]] = [
        [home.folio, (40, 40, 50, 60, 70, 80, 90, 100)[place % 8]] for place, home in enumerate(HOMES)
    ]
    rows[14][1] = 45
    rows[21][1] = "40 %"
    rows[25][0] = "H-8888"
    rows[30][1] = ""
    text(path, [["Folio RSH", "Tramo CSE (datos ficticios)"], *rows], encoding="utf-8-sig", delimiter=",")
