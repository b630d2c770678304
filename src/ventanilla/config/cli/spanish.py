"""Click's own words in Spanish: it looks its sentences up with gettext, and here a table answers."""

import gettext
from types import ModuleType

import click
from click import core, decorators, exceptions, formatting, parser, termui, types

SENTENCES = {
    "Usage:": "Uso:",
    "Options": "Opciones",
    "Commands": "Órdenes",
    "Positional arguments": "Argumentos",
    "Show this message and exit.": "Muestra esta ayuda y termina.",
    "Show the version and exit.": "Muestra la versión y termina.",
    "%(prog)s, version %(version)s": "%(prog)s, versión %(version)s",
    "Try '{command} {option}' for help.": "Vea «{command} {option}».",
    "Error: {message}": "Error: {message}",
    "Aborted!": "Cancelado.",
    "Error": "Error",
    "Do you want to continue?": "¿Desea continuar?",
    "Confirm the action without prompting.": "Confirma sin preguntar.",
    "Error: invalid input": "Error: responda sí o no (s/n).",
    "Error: {e.message}": "Error: {e.message}",
    "Missing command.": "Falta la orden.",
    "Missing argument": "Falta el argumento",
    "Missing option": "Falta la opción",
    "Missing parameter": "Falta el parámetro",
    "Missing {param_type}": "Falta {param_type}",
    "Missing parameter: {param_name}": "Falta el parámetro {param_name}",
    "No such option {name!r}.": "No existe la opción {name!r}.",
    "No such command {name!r}.": "No existe la orden {name!r}.",
    "Did you mean {possibility}?": "¿Quiso decir {possibility}?",
    "Did you mean one of: {possibilities}?": "¿Quiso decir alguna de estas: {possibilities}?",
    "Got unexpected extra argument ({args})": "Sobra un argumento ({args}).",
    "Got unexpected extra arguments ({args})": "Sobran argumentos ({args}).",
    "Option {name!r} requires an argument.": "La opción {name!r} necesita un valor.",
    "Option {name!r} requires {nargs} arguments.": "La opción {name!r} necesita {nargs} valores.",
    "Option {name!r} does not take a value.": "La opción {name!r} no lleva valor.",
    "Argument {name!r} takes {nargs} values.": "El argumento {name!r} lleva {nargs} valores.",
    "Takes {nargs} values but 1 was given.": "Lleva {nargs} valores y se dio 1.",
    "Takes {nargs} values but {len} were given.": "Lleva {nargs} valores y se dieron {len}.",
    "Invalid value: {message}": "Valor no válido: {message}",
    "Invalid value for {param_hint}: {message}": "Valor no válido para {param_hint}: {message}",
    "{value!r} is not a valid {number_type}.": "{value!r} no es un valor de tipo {number_type}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value!r} no es sí ni no; se acepta {states}.",
    "{value!r} is not a valid UUID.": "{value!r} no es un identificador UUID.",
    "{value!r} does not match the format {format}.": "{value!r} no tiene la forma {format}.",
    "{value!r} does not match the formats {formats}.": "{value!r} no tiene ninguna de las formas {formats}.",
    "{value!r} is not {choice}.": "{value!r} no es {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} no es una de {choices}.",
    "{value} is not in the range {range}.": "{value} no está en el rango {range}.",
    "Choose from:\n\t{choices}": "Elija entre:\n\t{choices}",
    "{name} {filename!r} does not exist.": "{name} {filename!r} no existe.",
    "{name} {filename!r} is a file.": "{name} {filename!r} es un archivo.",
    "{name} {filename!r} is a directory.": "{name} {filename!r} es una carpeta.",
    "{name} {filename!r} is not readable.": "{name} {filename!r} no se puede leer.",
    "{name} {filename!r} is not writable.": "{name} {filename!r} no se puede escribir.",
    "{name} {filename!r} is not executable.": "{name} {filename!r} no se puede ejecutar.",
    "Could not open file {filename!r}: {message}": "No se pudo abrir el archivo {filename!r}: {message}",
    "unknown error": "error desconocido",
    "file": "archivo",
    "File": "Archivo",
    "directory": "carpeta",
    "Directory": "Carpeta",
    "path": "ruta",
    "Path": "Ruta",
    "default: {default}": "si no se indica, {default}",
    "env var: {var}": "variable {var}",
    "required": "obligatorio",
    "(dynamic)": "(según el caso)",
}
"""By click's English. A sentence that is missing here shows in English; a test walks every command to find it."""

_MODULES: tuple[ModuleType, ...] = (core, decorators, exceptions, formatting, parser, termui, types)


_METAVARS = {
    "[OPTIONS]": "[OPCIONES]",
    "COMMAND [ARGS]...": "ORDEN [ARGUMENTOS]...",
}


class SpanishFormatter(click.HelpFormatter):
    """The line of usage, whose few words click does not look up."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for english, spanish in _METAVARS.items():
            args = args.replace(english, spanish)
        super().write_usage(prog, args, prefix)


def translated(message: str) -> str:
    return SENTENCES.get(message) or gettext.gettext(message)


def translated_plural(one: str, many: str, number: int) -> str:
    return translated(one if number == 1 else many)


def speak_spanish() -> None:
    """Make click, in this process, find its sentences in the table."""
    for module in _MODULES:
        words = vars(module)
        if "_" in words:
            words["_"] = translated
        if "ngettext" in words:
            words["ngettext"] = translated_plural
    click.Context.formatter_class = SpanishFormatter


def confirmed(question: str) -> bool:
    """Ask on the terminal; only «s» or «sí» agrees."""
    answer: str = click.prompt(f"{question} [s/N]", default="n", show_default=False, err=True)
    return answer.strip().lower() in {"s", "si", "sí"}
