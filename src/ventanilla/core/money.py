"""Pesos are whole numbers: ``int`` in the code, ``$22.007`` on the screen."""


def format_pesos(amount: int) -> str:
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(amount):,}".replace(",", ".")
