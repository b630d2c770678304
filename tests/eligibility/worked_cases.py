"""Worked cases of SUF, SAP and SDM: a home, who is asked about, what comes of it and the article that decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ventanilla.eligibility.household import Household, Member
from ventanilla.eligibility.institution import Here
from ventanilla.eligibility.verdicts import Verdict
from ventanilla.registry.models import Fact, Person
from ventanilla.registry.vocabulary import FactKind, Source

ON = date(2026, 11, 26)
_SAID_BY = {
    "bracket": (FactKind.RSH_BRACKET, Source.RSH),
    "subsidy": (FactKind.SUBSIDY, Source.SUBSIDIES),
    "pension": (FactKind.SUBSIDY, Source.IPS),
    "disability": (FactKind.DISABILITY, Source.SENADIS),
    "school": (FactKind.ENROLMENT, Source.MINEDUC),
    "health": (FactKind.HEALTH_CHECK, Source.MUNICIPAL),
    "pregnant": (FactKind.PREGNANCY, Source.MUNICIPAL),
    "familias": (FactKind.FAMILIAS_STAGE, Source.FAMILIAS),
}
LOADED = dict.fromkeys((*Source,), date(2026, 11, 1))


@dataclass(frozen=True)
class Somebody:
    """``born`` on a day, or of an ``age`` since January; ``says`` are what registries say, by the names above."""

    age: int = 30
    sex: str = "female"
    kinship: str = "child"
    born: date | None = None
    says: Mapping[str, str] = field(default_factory=dict)


def child(age: int, **says: str) -> Somebody:
    return Somebody(age, says=says)


def adult(age: int = 30, sex: str = "female", **says: str) -> Somebody:
    return Somebody(age, sex, kinship="head", says=says)


@dataclass(frozen=True)
class Case:
    """Of the first of ``people``, or of the home. ``decides`` is the article of what is not met, or not known."""

    name: str
    code: str
    people: tuple[Somebody, ...]
    verdict: Verdict
    why: str = ""
    decides: str = ""
    bracket: str | None = "40"
    area: str = "rural"
    commune: str = "04303"
    familias: str | None = None
    loaded: Mapping[Source, date] = field(default_factory=lambda: LOADED)


COULD, MISSING, RECEIVES, CANNOT = Verdict.COULD, Verdict.MISSING, Verdict.RECEIVES, Verdict.CANNOT
MOTHER = adult(30)
PUPIL = child(10, school="4° básico")
TODDLER = child(3, health="al día")

CASES = (
    # Subsidio Familiar: Ley 18.020
    Case("a pupil of 10 in the 40 %", "suf", (PUPIL, MOTHER), COULD),
    Case("a pupil of 10 in the 60 %", "suf", (PUPIL, MOTHER), COULD, bracket="60"),
    Case("in the 70 %", "suf", (PUPIL, MOTHER), CANNOT, "tramo", "art. 3 letra c", bracket="70"),
    Case("without bracket", "suf", (PUPIL, MOTHER), MISSING, "falta la cartola", "art. 3 letra c", bracket=None),
    Case("a toddler with her controls", "suf", (TODDLER, MOTHER), COULD),
    Case("a toddler whose controls are late", "suf", (child(3, health="atrasado"), MOTHER), CANNOT, "", "arts. 2 y 7"),
    Case("of 7 the controls are still asked", "suf", (child(7, school="2° básico"), MOTHER), CANNOT, "", "arts. 2 y 7"),
    Case("of 8 they are not", "suf", (child(8, school="3° básico"), MOTHER), COULD),
    Case("of 5 school is not asked", "suf", (child(5, health="al día"), MOTHER), COULD),
    Case("out of school, an exception may be proved", "suf", (child(14, school="sin matrícula"), MOTHER), COULD),
    Case("of 17 years and 364 days", "suf", (Somebody(born=date(2008, 11, 27), says={"school": "4° medio"}),), COULD),
    Case(
        "on her 18th birthday",
        "suf",
        (Somebody(born=date(2008, 11, 26), says={"school": "4° medio"}),),
        CANNOT,
        "Tiene 18 años",
        "art. 2",
    ),
    Case("already with it", "suf", (child(10, school="4° básico", subsidy="suf"),), RECEIVES),
    Case(
        "already with the double one",
        "suf",
        (child(10, school="4° básico", subsidy="suf_double"),),
        CANNOT,
        "Recibe",
        "art. 8",
    ),
    Case(
        "with the disability subsidy",
        "suf",
        (child(10, school="4° básico", pension="sdm"),),
        CANNOT,
        "Recibe",
        "Ley 20.255 art. 35",
    ),
    Case("living elsewhere", "suf", (PUPIL,), CANNOT, "otra comuna", "art. 3 letra a", commune="04301"),
    Case("what she receives was never loaded", "suf", (PUPIL,), MISSING, "falta cargar", "art. 8", loaded={}),
    Case("the automatic one in the 40 %", "suf_automatic", (PUPIL, MOTHER), COULD),
    Case("the automatic one in the 50 %", "suf_automatic", (PUPIL,), CANNOT, "", "art. 4 bis", bracket="50"),
    Case(
        "the automatic one with a municipal one",
        "suf_automatic",
        (child(9, subsidy="suf"),),
        CANNOT,
        "Recibe",
        "arts. 4 bis y 8",
    ),
    Case("the automatic one, of age", "suf_automatic", (child(18),), CANNOT, "18 años", "art. 4 bis"),
    Case("a newborn", "suf_newborn", (child(0, health="al día"), MOTHER), COULD),
    Case("a child of one is no newborn", "suf_newborn", (child(1, health="al día"),), CANNOT, "1 año", "art. 3 bis"),
    Case("a newborn without controls", "suf_newborn", (child(0),), CANNOT, "control", "arts. 2 y 7"),
    Case(
        "a newborn in the 80 %", "suf_newborn", (child(0, health="al día"),), CANNOT, "", "art. 3 letra c", bracket="80"
    ),
    Case("a newborn that has it", "suf_newborn", (child(0, health="al día", subsidy="suf"),), CANNOT, "", "art. 8"),
    Case(
        "a newborn of elsewhere",
        "suf_newborn",
        (child(0, health="al día"),),
        CANNOT,
        "",
        "art. 3 letra a",
        commune="04301",
    ),
    Case("pregnant of 20 weeks", "suf_maternal", (adult(25, pregnant="20"),), COULD),
    Case("not pregnant", "suf_maternal", (adult(25),), CANNOT, "embarazo", "art. 3 bis"),
    Case("a man", "suf_maternal", (adult(25, "male"),), CANNOT, "hombre", "art. 3 bis"),
    Case(
        "pregnant in the 70 %", "suf_maternal", (adult(25, pregnant="20"),), CANNOT, "", "art. 3 letra c", bracket="70"
    ),
    Case(
        "pregnant, of elsewhere",
        "suf_maternal",
        (adult(25, pregnant="20"),),
        CANNOT,
        "",
        "art. 3 letra a",
        commune="04301",
    ),
    Case("a mother whose child has it", "suf_mother", (MOTHER, child(10, subsidy="suf")), COULD),
    Case("a mother whose child has not", "suf_mother", (MOTHER, PUPIL), CANNOT, "No consta", "art. 2"),
    Case(
        "a mother who has it too",
        "suf_mother",
        (adult(30, subsidy="suf"), child(10, subsidy="suf")),
        CANNOT,
        "Recibe",
        "art. 8",
    ),
    Case("a father", "suf_mother", (adult(30, "male"), child(10, subsidy="suf")), CANNOT, "hombre", "art. 2"),
    Case("whose child is of age", "suf_mother", (MOTHER, child(18, subsidy="suf")), CANNOT, "hijas o hijos", "art. 2"),
    Case(
        "a mother in the 70 %",
        "suf_mother",
        (MOTHER, child(10, subsidy="suf")),
        CANNOT,
        "",
        "art. 3 letra c",
        bracket="70",
    ),
    Case(
        "a mother of elsewhere",
        "suf_mother",
        (MOTHER, child(10, subsidy="suf")),
        CANNOT,
        "",
        "art. 3 letra a",
        commune="04301",
    ),
    Case(
        "somebody of 40 with a disability", "suf_double", (Somebody(40, says={"disability": "severa"}), MOTHER), COULD
    ),
    Case("without a disability", "suf_double", (Somebody(40),), CANNOT, "discapacidad", "arts. 1 y 2"),
    Case(
        "with a disability pension",
        "suf_double",
        (Somebody(40, says={"disability": "severa", "pension": "pbsi"}),),
        CANNOT,
        "Recibe",
        "DS 53/2007",
    ),
    Case("double already", "suf_double", (child(12, disability="leve", subsidy="suf_double"),), RECEIVES),
    Case(
        "double and the disability subsidy",
        "suf_double",
        (child(12, disability="severa", pension="sdm"),),
        CANNOT,
        "Recibe",
        "Ley 20.255 art. 35",
    ),
    Case(
        "double in the 70 %", "suf_double", (child(12, disability="leve"),), CANNOT, "", "art. 3 letra c", bracket="70"
    ),
    Case("double, a toddler without controls", "suf_double", (child(2, disability="leve"),), CANNOT, "", "arts. 2 y 7"),
    Case(
        "double of elsewhere",
        "suf_double",
        (child(12, disability="leve"),),
        CANNOT,
        "",
        "art. 3 letra a",
        commune="04301",
    ),
    # Agua potable: Ley 18.778
    Case("a rural home", "sap_rural", (MOTHER,), COULD, bracket="90"),
    Case("an urban home asks the urban one", "sap_rural", (MOTHER,), CANNOT, "urbana", "art. 4", area="urban"),
    Case("an urban home", "sap_urban", (MOTHER,), COULD, area="urban"),
    Case("a rural home asks the rural one", "sap_urban", (MOTHER,), CANNOT, "rural", "art. 4"),
    Case("nobody knows the area", "sap_urban", (MOTHER,), MISSING, "No se sabe", "art. 4", area=""),
    Case("outside the register", "sap_rural", (MOTHER,), MISSING, "falta la cartola", "art. 3 letra a", bracket=None),
    Case(
        "a house in another commune", "sap_rural", (MOTHER,), CANNOT, "otra comuna", "art. 3 letra c", commune="04301"
    ),
    Case("somebody of the home has it", "sap_rural", (MOTHER, adult(60, subsidy="sap_rural")), RECEIVES),
    Case("with the urban one", "sap_rural", (adult(60, subsidy="sap_urban"),), CANNOT, "", "arts. 2 y 4"),
    Case(
        "an urban home with the rural one",
        "sap_urban",
        (adult(60, subsidy="sap_rural"),),
        CANNOT,
        "",
        "arts. 2 y 4",
        area="urban",
    ),
    Case(
        "an urban house in another commune",
        "sap_urban",
        (MOTHER,),
        CANNOT,
        "",
        "art. 3 letra c",
        area="urban",
        commune="04301",
    ),
    Case(
        "an urban home outside the register",
        "sap_urban",
        (MOTHER,),
        MISSING,
        "",
        "art. 3 letra a",
        area="urban",
        bracket=None,
    ),
    Case("a family of the programme", "sap_familias", (MOTHER,), COULD, familias="seguimiento"),
    Case("a family that is not in it", "sap_familias", (MOTHER,), CANNOT, "", "Ley 19.949 art. 8"),
    Case(
        "a family of it elsewhere",
        "sap_familias",
        (MOTHER,),
        CANNOT,
        "",
        "art. 3 letra c",
        familias="seguimiento",
        commune="04301",
    ),
    # Discapacidad: Ley 20.255 art. 35
    Case("a child with a severe disability", "sdm", (child(12, disability="severa"), MOTHER), COULD, bracket="60"),
    Case("a mild one may be mental, which is proved", "sdm", (child(12, disability="leve"),), COULD),
    Case("without a disability, sdm", "sdm", (child(12),), CANNOT, "discapacidad", "art. 35"),
    Case("of 18, sdm", "sdm", (child(18, disability="severa"),), CANNOT, "18 años", "art. 35"),
    Case("in the 70 %, sdm", "sdm", (child(12, disability="severa"),), CANNOT, "tramo", "art. 35", bracket="70"),
    Case("with SUF, sdm", "sdm", (child(12, disability="severa", subsidy="suf"),), CANNOT, "Recibe", "art. 35"),
    Case("with it already, sdm", "sdm", (child(12, disability="severa", pension="sdm"),), RECEIVES),
    Case(
        "of elsewhere, sdm", "sdm", (child(12, disability="severa"),), CANNOT, "otra comuna", "art. 35", commune="04301"
    ),
)


def household_of(case: Case) -> Household:
    """The home as the registries would tell it; nothing is written."""
    members, facts = [], dict[tuple[Any, str], list[Fact]]()
    for one in case.people:
        born = one.born or date(ON.year - one.age, 1, 15)
        if one.age == 0:
            born = date(2026, 10, 1)
        person = Person(institution_id=4303, birth_on=born, sex=one.sex, source=Source.RSH, as_of=ON)
        members.append(Member(person, kinship=one.kinship, is_head=one.kinship == "head"))
        for name, value in one.says.items():
            _say(facts, person.pk, name, value)
    if case.bracket:
        _say(facts, None, "bracket", case.bracket)
    if case.familias:
        _say(facts, None, "familias", case.familias)
    return Household(
        on=ON,
        members=members,
        commune=case.commune,
        rurality=case.area,
        facts=facts,
        here=Here(case.loaded, served=frozenset({"04303"})),
    )


def _say(facts: dict[tuple[Any, str], list[Fact]], whose: Any, name: str, value: str) -> None:
    kind, source = _SAID_BY[name]
    fact = Fact(institution_id=4303, kind=kind, value=value, source=source, as_of=date(2026, 11, 1))
    facts.setdefault((whose, str(kind)), []).append(fact)
