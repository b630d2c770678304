"""What one says of a file: of which format it is, what its headings mean, where in it to look."""

from collections.abc import Iterator
from typing import Any

from django import forms

from ventanilla.core.cells import Unreadable
from ventanilla.core.datasets import Dataset
from ventanilla.datasets.declared import declared, for_the_browser
from ventanilla.datasets.models import Load

AT_ONCE = 5 * 1024 * 1024
"""Bytes of a file that is sent without scripts, in one piece."""

SHOWN = 3
"""Values of each column that help to tell what it is."""

NOT_LOADED = ("", "No se carga")


class FileForm(forms.Form):
    """With scripts ``file`` stays in the browser, and only its name and size come."""

    dataset = forms.ChoiceField(label="Qué trae el archivo", error_messages={"required": "Elija qué trae el archivo."})
    file = forms.FileField(
        label="Archivo",
        allow_empty_file=True,
        help_text="CSV, Excel (xlsx o xls), ODS, o un zip con uno de ellos. Hasta 2 GB.",
        error_messages={"required": "Elija un archivo.", "missing": "Elija un archivo."},
    )
    name = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)
    size = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    modified = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["dataset"]
        field.choices = [("", "Elija…"), *((one.name, one.title) for one in for_the_browser())]
        self.fields["file"].required = not self.data.get("name")

    @property
    def chosen(self) -> Dataset:
        return declared()[self.cleaned_data["dataset"]]


class ColumnsForm(forms.Form):
    """A choice for each heading of the file, by its place; and what the file does not say of its rows, once."""

    def __init__(self, *args: Any, load: Load, **options: Any) -> None:
        super().__init__(*args, **options)
        self.load, dataset = load, declared()[load.dataset]
        self.required = {column.heading: column for column in dataset.columns if column.required}
        choices = [NOT_LOADED, *((one.heading, _labelled(one.heading, one.required)) for one in dataset.columns)]
        columns, digits = load.seen.get("columns", []), set(load.seen.get("digits", []))
        for place, heading in enumerate(load.seen.get("headings", [])):
            if place not in digits:
                self.fields[f"c{place}"] = forms.ChoiceField(
                    label=heading or f"Columna {place + 1}, sin encabezado",
                    choices=choices,
                    required=False,
                    initial=columns[place],
                    widget=forms.Select({"class": "select"}),
                )
        for heading, column in self.required.items():
            if heading not in columns:
                self.fields[f"k{heading}"] = forms.CharField(
                    label=heading.replace("_", " ").capitalize(),
                    required=False,
                    max_length=200,
                    initial=load.constants.get(heading, ""),
                    help_text="Como 23-11-2026." if column.type == "date" else "",
                )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        chosen = [column for name, column in said.items() if name[0] == "c" and column]
        for name, column in list(said.items()):
            if name[0] == "c" and column and chosen.count(column) > 1:
                self.add_error(name, f"Otra columna de su archivo también es «{column}»: deje una.")
        for heading, column in self.required.items():
            name = f"k{heading}"
            if heading in chosen:
                said.pop(name, None)
            elif not said.get(name):
                told = heading.replace("_", " ")
                where = name if name in self.fields else None
                self.add_error(where, f"Diga qué columna es «{told}», o qué vale en todas las filas.")
            else:
                try:
                    column.read(said[name].strip())
                except Unreadable as problem:
                    self.add_error(name, f"Eso {problem}.")
        return said

    @property
    def mapping(self) -> dict[str, str]:
        headings: list[str] = self.load.seen["headings"]
        told = {int(name[1:]): column for name, column in self.cleaned_data.items() if name[0] == "c"}
        return {headings[place]: column for place, column in told.items() if headings[place]}

    @property
    def constants(self) -> dict[str, str]:
        return {name[1:]: cell.strip() for name, cell in self.cleaned_data.items() if name[0] == "k" and cell}

    @property
    def rows(self) -> Iterator[tuple[Any, list[str]]]:
        """Each choice with some of the values of its column."""
        sample: list[list[str]] = self.load.seen.get("sample", [])
        for name in filter(lambda name: name[0] == "c", self.fields):
            place = int(name[1:])
            values = dict.fromkeys(row[place].strip() for row in sample if place < len(row) and row[place].strip())
            yield self[name], list(values)[:SHOWN]

    @property
    def not_told(self) -> list[Any]:
        """What the file does not say of its rows, and somebody has to."""
        return [self[name] for name in self.fields if name[0] == "k"]


class WhereForm(forms.Form):
    """Where in the file to look, and whether although it seems to be of elsewhere."""

    sheet = forms.CharField(required=False, max_length=120)
    member = forms.CharField(required=False, max_length=255)
    any_commune = forms.BooleanField(required=False)


def _labelled(heading: str, is_required: bool) -> str:
    name = heading.replace("_", " ")
    return f"{name} (obligatoria)" if is_required else name
