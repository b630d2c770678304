"""The communes, how large they are beside each other, and what sets their people apart: rural, wealthy, of which
peoples.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from ventanilla.core.errors import RuleBroken
from ventanilla.datasets.synthetic.draws import between, pick, stream

WITHOUT_MUNICIPALITY = "12202"  # Antártica, served by Cabo de Hornos

# thousands of inhabitants, rounded; what is not here is small, and drawn once for ever from its code
_THOUSANDS = {
    "13201": 568, "13119": 522, "13101": 404, "13110": 367, "02101": 362, "05109": 334, "13401": 301, "05101": 297,
    "13114": 295, "09101": 282, "13122": 242, "10101": 246, "06101": 242, "13112": 177, "08101": 224, "04101": 221,
    "04102": 228, "13125": 211, "13126": 110, "13124": 230, "07101": 220, "15101": 221, "01101": 191, "08301": 202,
    "13120": 208, "16101": 185, "13106": 147, "02201": 166, "14101": 166, "10301": 161, "13123": 142, "13104": 127,
    "13301": 146, "05804": 126, "05801": 152, "12101": 132, "07301": 149, "08110": 152, "13129": 95, "13111": 117,
    "13121": 101, "03101": 154, "01107": 108, "04301": 111, "13103": 133, "13107": 99, "13128": 147, "13113": 93,
    "13501": 124, "13117": 104, "13127": 158, "13109": 90, "13116": 99, "13105": 162, "13132": 85, "13115": 106,
    "13118": 117, "13130": 107, "13102": 80, "13108": 100, "13131": 82, "13604": 73, "13605": 90, "13601": 74,
    "05601": 91, "05501": 91, "08103": 86, "08108": 132, "08102": 116, "08112": 92, "08107": 48, "09112": 76,
    "05301": 67, "05701": 77, "07401": 94, "06301": 73, "10202": 39, "10201": 44, "11101": 58, "04303": 31, "04302": 13,
    "05802": 46, "05803": 22, "05201": 8, "09201": 53, "10109": 45, "13404": 73, "13402": 97, "13302": 102, "13303": 20,
    "16301": 53, "08303": 30, "14201": 38, "03301": 52, "04203": 21, "04201": 29, "06310": 38, "06115": 59, "06117": 46,
    "08111": 54, "08106": 44, "08105": 24, "07201": 41, "07102": 46, "02203": 11, "10401": 5, "11201": 24, "12401": 22,
    "12102": 0.3, "12103": 0.6, "12104": 0.7, "12201": 2, "12302": 0.7, "12303": 0.4, "12402": 1.2, "05104": 0.9,
    "01403": 1.7, "01402": 1.2, "01404": 2.7, "15102": 1.2, "15201": 2.7, "15202": 0.7, "02202": 0.3, "10104": 4,
    "11203": 1.8, "11302": 0.6, "11303": 0.5, "11102": 0.9, "11402": 2.7, "11301": 3.5, "12301": 6.8,
}  # fmt: skip
# share of homes in the bracket of 40, where it is known to be far from the rest
_WEALTHY = {"13132": 0.08, "13114": 0.12, "13115": 0.16, "13123": 0.14, "13113": 0.17, "13120": 0.22, "13101": 0.33,
            "05103": 0.27, "05109": 0.36, "08112": 0.36, "13125": 0.40, "13302": 0.38, "13110": 0.36, "13122": 0.33,
            "13130": 0.30, "12101": 0.36, "02101": 0.40, "06108": 0.34, "13301": 0.38}  # fmt: skip
_URBAN_REGIONS = frozenset({"13", "02"})
_PEOPLES = {
    "15": {"aymara": 0.30, "quechua": 0.01}, "01": {"aymara": 0.18, "quechua": 0.03},
    "02": {"lickanantay": 0.05, "quechua": 0.03, "aymara": 0.02, "chango": 0.01},
    "03": {"diaguita": 0.09, "colla": 0.06, "chango": 0.01}, "04": {"diaguita": 0.05, "chango": 0.01, "mapuche": 0.01},
    "05": {"mapuche": 0.04}, "06": {"mapuche": 0.04}, "07": {"mapuche": 0.025}, "16": {"mapuche": 0.05},
    "08": {"mapuche": 0.10}, "09": {"mapuche": 0.33}, "14": {"mapuche": 0.23}, "10": {"mapuche": 0.20},
    "11": {"mapuche": 0.18}, "12": {"mapuche": 0.14, "kawesqar": 0.008, "yagan": 0.003, "selknam": 0.003},
    "13": {"mapuche": 0.09, "aymara": 0.005},
}  # fmt: skip
_MIGRANTS = {"15": 0.14, "01": 0.22, "02": 0.18, "03": 0.08, "04": 0.06, "05": 0.055, "13": 0.12}
_NATIONALITIES = {
    "15": (("PE", 45), ("BO", 30), ("VE", 12), ("CO", 10)), "01": (("BO", 45), ("PE", 25), ("VE", 15), ("CO", 10)),
    "02": (("BO", 35), ("CO", 25), ("PE", 20), ("VE", 18)), "13": (("VE", 42), ("PE", 20), ("HT", 14), ("CO", 13),
    ("BO", 4)),
    "11": (("AR", 40), ("VE", 25), ("CO", 15)), "12": (("AR", 30), ("VE", 35), ("CO", 20)),
}  # fmt: skip
_NATIONALITIES_ELSEWHERE = (("VE", 48), ("HT", 18), ("CO", 12), ("PE", 10), ("BO", 6), ("AR", 6))


@dataclass(frozen=True, slots=True, eq=False)  # one object a commune: compared by identity
class Commune:
    """One commune with what the generator needs of it; ``institution`` is the number of its municipality."""

    code: str
    name: str
    province: str
    region: str
    inhabitants: int
    rural_share: float
    poorest_share: float
    peoples: Mapping[str, float]
    migrant_share: float
    nationalities: tuple[tuple[str, int], ...]

    @property
    def institution(self) -> int:
        return int(self.code)


def _inhabitants(code: str, group: str) -> int:
    if code in _THOUSANDS:
        return int(_THOUSANDS[code] * 1000)
    draw = stream("tamaño", code)
    size = pick(draw, (4, 6, 8, 9, 10, 12, 13, 15, 18, 22, 27) if group == "C" else (14, 20, 25, 32, 40, 48, 60))
    return size * 1000 + between(draw, -900, 900)


def _commune(row: Mapping[str, str]) -> Commune:
    code, region = row["code"], row["region_code"]
    people = _inhabitants(code, row["group"])
    draw = stream("carácter", code)
    if people > 90_000:
        rural = 0.02 + draw() * 0.06
    elif people > 35_000:
        rural = 0.10 + draw() * 0.20
    else:
        rural = 0.35 + draw() * 0.35
    if region in _URBAN_REGIONS:
        rural *= 0.3
    if code == "04303":
        rural = 0.56
    poorest = _WEALTHY.get(code, 0.38 + 0.13 * rural / 0.6 + (draw() - 0.5) * 0.05)
    return Commune(
        code=code,
        name=row["name"],
        province=row["province_code"],
        region=region,
        inhabitants=people,
        rural_share=rural,
        poorest_share=poorest,
        peoples=MappingProxyType({"rapanui": 0.55} if code == "05201" else _PEOPLES[region]),
        migrant_share=_MIGRANTS.get(region, 0.025),
        nationalities=_NATIONALITIES.get(region, _NATIONALITIES_ELSEWHERE),
    )


@cache
def communes() -> Mapping[str, Commune]:
    """Every commune that has a municipality, by its five-figure code."""
    text = files("ventanilla.access").joinpath("data/communes.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["code"]: _commune(row) for row in rows if row["code"] != WITHOUT_MUNICIPALITY})


def commune(code: str) -> Commune:
    """The commune written 04303 or 4303; raises ``RuleBroken`` for one that does not exist or has no municipality."""
    full = code.strip().zfill(5)
    if full == WITHOUT_MUNICIPALITY:
        raise RuleBroken("Antártica no tiene municipalidad: la atiende Cabo de Hornos (12201).")
    found = communes().get(full)
    if found is None:
        raise RuleBroken(f"No existe la comuna «{code}». Escriba su código de cinco cifras, como 04303 (Monte Patria).")
    return found
