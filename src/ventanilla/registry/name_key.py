"""How a Spanish name sounds and how it is ordered: the one place where both keys are made."""

import re
import unicodedata
from functools import lru_cache

_PARTICLES = frozenset({"de", "del", "la", "las", "los", "y", "e", "da", "do", "dos", "van", "von"})
_NOT_LETTERS = re.compile(r"[^a-z]+")

# In this order. Letters that sound alike in Chile become one; what is silent goes.
_SOUNDS = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"ch"), "6"),  # kept apart from c and h, and given back below
    (re.compile(r"sh"), "6"),
    (re.compile(r"h"), ""),
    (re.compile(r"w"), "gu"),
    (re.compile(r"ll"), "y"),
    (re.compile(r"qu+(?=[ei])"), "k"),
    (re.compile(r"q"), "k"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"c"), "k"),
    (re.compile(r"gu+(?=[eiy])"), "7"),  # hard g before e, i: written 7, or its own key would sound as j
    (re.compile(r"g(?=[eiy])"), "j"),
    (re.compile(r"x"), "s"),
    (re.compile(r"z"), "s"),
    (re.compile(r"v"), "b"),
    (re.compile(r"y(?![aeiou])"), "i"),
    (re.compile(r"m(?=[bp])"), "n"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"6"), "ch"),
)


def plain(text: str) -> str:
    """Lower case without accents; ñ becomes n."""
    decomposed = unicodedata.normalize("NFKD", text).lower()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)  # names repeat: a load asks for the same few thousand words over and over
def sound(word: str) -> str:
    """The phonetic key of one plain word: «gonzalez» and «gonsales» give the same; the key of a key is itself."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


def words(text: str) -> list[str]:
    """The plain words of a name, apostrophes joined (O'Ryan is one word) and particles left out."""
    joined = plain(text.replace("'", "").replace("’", "").replace("´", ""))
    return [word for word in _NOT_LETTERS.sub(" ", joined).split() if word not in _PARTICLES]


def tokens(text: str) -> list[str]:
    """The phonetic keys of the words of a name, as searched."""
    return [key for key in map(sound, words(text)) if key]


def search_key(given_names: str, first_surname: str = "", second_surname: str = "", social_name: str = "") -> str:
    """What is stored in ``person.search_key``: every sound of every name she may be looked for by."""
    seen = dict.fromkeys(tokens(f"{given_names} {first_surname} {second_surname} {social_name}"))
    return " ".join(seen)[:400]


def sort_key(given_names: str, first_surname: str = "", second_surname: str = "") -> str:
    """Spanish order under code points: no accents, ñ after n."""
    text = unicodedata.normalize("NFC", f"{first_surname} {second_surname} {given_names}").lower().replace("ñ", "n~")
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.split())[:300]
