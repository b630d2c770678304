"""Files of the national layer as the ministry would send them, published by the owner of the tests' database."""

from django.db import connection

from ventanilla.catalogue.national.publishing import Published, publish
from ventanilla.catalogue.national.reading import Contents, read_together
from ventanilla.config.postgres.roles import as_owner

BONUS = """
[[entry]]
code = "test_bonus"
function = "subsidies"
reasons = ["suf"]
position = 900

[[entry.version]]
number = 1
starts_on = 2026-01-01
source = "Ley de prueba"
name = "Bono de prueba"
plain = "Un bono."
modality = "money"
amounts = [{ label = "Al mes", legal = "suf", times = 2 }]
subject = "person"
conditions = [{ kind = "age", low = 18, article = "art. 1" }]
"""
AMENDED = """
[[entry]]
code = "test_bonus"

[[entry.version]]
number = 2
starts_on = 2026-06-01
source = "Ley que la cambia"
name = "Bono de prueba"
plain = "Un bono mayor."
modality = "money"
"""
WITHDRAWN = """
[[entry]]
code = "test_bonus"
withdrawn_on = 2026-07-01
replaced_by = "suf"
"""


def read(*texts: str) -> Contents:
    return read_together([("prueba.toml", text) for text in texts])


def publish_text(*texts: str, keep_published: bool = False) -> Published:
    """As the command does it; not inside a transaction."""
    with as_owner(connection.settings_dict["NAME"]):
        return publish(read(*texts), keep_published=keep_published)
