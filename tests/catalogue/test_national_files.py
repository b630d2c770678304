"""The files of the national layer: those that ship are sound, and what is wrong with one is said in a sentence."""

import re

import pytest
from tests.catalogue.national_files import BONUS, read

from ventanilla.catalogue.national.reading import EntryInFile, shipped
from ventanilla.catalogue.rule.conditions import Rule, read_rule, rule_in_words
from ventanilla.catalogue.rule.kinds import RECEIVED, Kind, Subject
from ventanilla.core.errors import RuleBroken

ENTRIES = {entry.code: entry for entry in shipped().entries}
BY_LAW = [code for code in ENTRIES if code.startswith(("suf", "sap", "sdm"))]
"""Those whose rules are written from the text of a law."""


def rule_of(entry: EntryInFile) -> Rule:
    return read_rule(entry.versions[-1].said["rule"])


def test_every_benefit_that_registries_tell_of_is_in_the_national_layer() -> None:
    assert RECEIVED.keys() <= ENTRIES.keys()
    assert len(ENTRIES) >= 30


@pytest.mark.parametrize("code", BY_LAW)
def test_each_condition_of_a_subsidy_cites_its_article(code: str) -> None:
    rule = rule_of(ENTRIES[code])
    assert rule.conditions
    for condition in rule.conditions:
        assert re.search(r"Ley \d\d\.\d{3} (y DS|arts?\. \d)", condition.article), condition


@pytest.mark.parametrize("code", ENTRIES)
def test_each_entry_says_where_it_was_read_and_its_rule_can_be_said(code: str) -> None:
    for version in ENTRIES[code].versions:
        assert version.source
        assert all(sentence for sentence in rule_in_words(read_rule(version.said["rule"])))


def test_water_is_of_a_home_and_family_subsidies_of_a_person() -> None:
    assert {code: rule_of(ENTRIES[code]).subject for code in BY_LAW} == {
        code: Subject.HOME if code.startswith("sap") else Subject.PERSON for code in BY_LAW
    }


def test_whoever_does_not_study_may_have_family_subsidy_by_an_exception_that_is_proved() -> None:
    alternatives = next(clause for clause in rule_of(ENTRIES["suf"]).clauses if len(clause) > 1)
    assert [condition.kind for condition in alternatives] == [Kind.ENROLMENT, Kind.DISABILITY, Kind.TO_PROVE]
    assert {condition.only_from for condition in alternatives} == {6}


def test_the_universal_pension_does_not_ask_the_bracket_of_the_register() -> None:
    asked = rule_of(ENTRIES["pgu"]).conditions
    assert Kind.BRACKET not in {condition.kind for condition in asked}
    assert any("Puntaje de Focalización Previsional" in condition.text for condition in asked)


def test_the_family_subsidy_has_its_history_and_what_was_not_read_in_the_law_is_not_verified() -> None:
    suf = [amount for amount in shipped().amounts if amount.code == "suf"]
    assert [(amount.pesos, amount.is_verified) for amount in suf] == [
        (20_328, False),
        (21_243, False),
        (22_007, True),
        (22_007, False),
    ]
    others = [amount for amount in shipped().amounts if amount.code != "suf"]
    assert not any(amount.is_verified for amount in others)


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("code =", "codigo =", "lleva un código"),
        ("position = 900", "posicion = 900", "no se esperaba «posicion»"),
        ("starts_on = 2026-01-01", 'starts_on = "enero"', "falta «starts_on»"),
        ('source = "Ley de prueba"', "", "falta «source»"),
        ('plain = "Un bono."', "", "falta qué es"),
        ('plain = "Un bono."', f'plain = "{"a" * 601}"', "pasa de 600 letras"),
        ('modality = "money"', 'modality = "gold"', "Elija una modalidad"),
        ('legal = "suf", times = 2', "pesos = 5000", "Un monto sin vigencia no se publica"),
        (', article = "art. 1"', "", "no dice de qué artículo sale"),
        ("low = 18", "low = 18, high = 10", "Nadie la cumple"),
        ('kind = "age"', 'kind = "luck"', "«luck» no es una clase de condición"),
        ('kind = "age", low = 18', 'kind = "own", values = ["x"]', "no existe en la municipalidad"),
        ('subject = "person"', "", "falta «subject»"),
        ("[[entry.version]]", "[[entry.version", "no es un archivo TOML"),
        ("number = 1", "number = 0", "lleva su número"),
        ('name = "Bono de prueba"', "name = 7", "«name» es un texto"),
        (
            'amounts = [{ label = "Al mes", legal = "suf", times = 2 }]',
            "amounts = 7",
            "«amounts» es una lista de tablas",
        ),
        ("times = 2", 'times = "dos"', "«times» es un número entero"),
        ("low = 18", 'low = "dieciocho"', "«low» es un número entero"),
        ("low = 18", "low = 18, values = 3", "«values» es una lista de textos"),
        ("low = 18", 'low = 18, whose = "nobody"', "«whose» es person o home"),
        ('modality = "money"', 'modality = "money"\nneeds_report = "si"', "«needs_report» no es del tipo"),
        ('modality = "money"', 'modality = "money"\naudience = ["martians"]', "no es un público"),
        ('modality = "money"', 'modality = "money"\nact_url = "bcn.cl"', "comienza con https://"),
        ('reasons = ["suf"]', 'reasons = "suf"', "«reasons» es una lista de códigos"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(written: str, instead: str, said: str) -> None:
    assert written in BONUS
    with pytest.raises(RuleBroken, match=said):
        read(BONUS.replace(written, instead))


def test_an_amount_of_the_law_without_its_days_or_source_is_refused() -> None:
    amount = '[[amount]]\ncode = "x"\nlabel = "X"\nvalues = [{ pesos = 5, from = 2026-01-01, source = "Ley" }]'
    assert len(read(amount).amounts) == 1
    for written, said in (
        (", from = 2026-01-01", "sin vigencia no se publica"),
        (', source = "Ley"', "falta «source»"),
    ):
        with pytest.raises(RuleBroken, match=said):
            read(amount.replace(written, ""))


def test_an_entry_comes_once_in_the_files_of_an_order() -> None:
    with pytest.raises(RuleBroken, match="está dos veces"):
        read(BONUS, BONUS)
