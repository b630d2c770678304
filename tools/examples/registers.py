"""Each sample file by its name."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.examples import benefits, people, refused

FILES: Mapping[str, Callable[[Path], None]] = {
    "01_rsh_personas.txt": people.rsh_people,
    "02_personas_mayores.xlsx": people.older_people,
    "03_catastro_hogares.ods": people.homes_and_members,
    "04_registro_ayudas_2025.csv": benefits.register,
    "05_ayudas_anteriores.xls": benefits.before,
    "06_contactos.zip": people.telephone_list,
    "07_tramos_rsh.csv": people.brackets,
    "90_extracto_combarbala.csv": refused.of_another_municipality,
    "91_run_sin_digito.csv": refused.without_check_digit,
    "92_dos_meses.xlsx": refused.two_months,
    "93_nomina.xlsx": refused.paper,
}


def write_all(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in FILES.items():
        write(folder / name)
