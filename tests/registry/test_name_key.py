"""How names sound and how they are ordered."""

from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ventanilla.registry.name_key import plain, search_key, sort_key, sound, tokens

plain_words = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Víctor Valdebenito", "bictor baldevenito"),
        ("González", "Gonsales"),
        ("Cisternas", "sisternaz"),
        ("Hernández", "ernandes"),
        ("Llanquileo", "yankileo"),
        ("Jiménez", "Gimenes"),
        ("Núñez", "nunes"),
        ("Quezada", "kesada"),
        ("Ximena", "Simena"),
        ("Guerra", "güera"),
        ("Wenceslao", "Güenceslao"),
        ("Philippi", "Filipi"),
        ("Sharon", "Charon"),
        ("Campos", "canpos"),
        ("Walter", "Gualter"),
        ("O'Ryan", "oryan"),
        ("O’Higgins", "OHiggins"),
    ],
)
def test_names_written_as_they_sound_are_the_same(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Chávez", "Cáez"), ("Peña", "Peralta"), ("Gálvez", "Jálvez"), ("Rosa", "Roxana")]
)
def test_names_that_sound_different_stay_apart(one: str, other: str) -> None:
    assert tokens(one) != tokens(other)


def test_particles_do_not_count() -> None:
    assert tokens("María de la Cruz y Los Santos") == tokens("Maria Cruz Santos")


def test_what_is_not_letters_gives_no_key_and_no_failure() -> None:
    assert tokens("🙂 123 --- ''") == []
    assert search_key("🙂", "", "") == ""
    assert tokens("Rosa🙂Elvira") == tokens("Rosa Elvira")


@settings(max_examples=500)
@given(plain_words | st.text(alphabet="cghlquweiyams", min_size=1, max_size=12))
def test_the_sound_of_a_sound_is_itself(word: str) -> None:
    once = sound(word)
    assert sound(once) == once


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=400), st.text(max_size=400))
def test_the_stored_keys_always_fit_their_columns(given_names: str, first: str, second: str, social: str) -> None:
    assert len(search_key(given_names, first, second, social)) <= 400
    assert len(sort_key(given_names, first, second)) <= 300
    assert len(search_key("a b c d e f g h " * 80)) <= 400


@given(st.text(alphabet="abcdefghijklmnñopqrstuvwxyzáéíóúü '-", max_size=60))
def test_accents_and_capitals_make_no_difference(text: str) -> None:
    assert tokens(text) == tokens(text.upper()) == tokens(plain(text)) == tokens(normalize("NFD", text))


def test_a_name_of_three_hundred_letters_is_cut_not_refused() -> None:
    assert len(search_key("Wenceslao" * 40)) <= 400
    assert search_key("Ana " * 75) == "ana"


def test_the_social_name_finds_her_too() -> None:
    assert "balentina" in search_key("Jorge Andrés", "Rojas", "Vega", "Valentina").split()


def test_the_order_is_that_of_spanish() -> None:
    surnames = ["Nuñoz", "Núñez", "Nuza", "Álvarez", "Zúñiga", "Alvear", "Nuno"]
    assert sorted(surnames, key=lambda surname: sort_key("Ana", surname)) == [
        "Álvarez", "Alvear", "Nuno", "Núñez", "Nuñoz", "Nuza", "Zúñiga",
    ]  # fmt: skip
