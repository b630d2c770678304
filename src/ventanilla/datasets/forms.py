"""What one says of a file: of which format it is, what its headings mean, where in it to look."""

from collections.abc import Iterator
from typing import Any

from django import forms

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
    """A choice for each heading of the file, by its place."""

    def __init__(self, *args: Any, load: Load, **options: Any) -> None:
        super().__init__(*args, **options)
        self.load, dataset = load, declared()[load.dataset]
        self.required = [column.heading for column in dataset.columns if column.required]
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

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        chosen = [column for column in said.values() if column]
        for name, column in list(said.items()):
            if column and chosen.count(column) > 1:
                self.add_error(name, f"Otra columna de su archivo también es «{column}»: deje una.")
        if missing := [column for column in self.required if column not in chosen]:
            self.add_error(None, f"Falta decir cuál es {_listed(missing)}: sin eso no se puede cargar.")
        return said

    @property
    def mapping(self) -> dict[str, str]:
        headings: list[str] = self.load.seen["headings"]
        return {
            headings[int(name[1:])]: column for name, column in self.cleaned_data.items() if headings[int(name[1:])]
        }

    @property
    def rows(self) -> Iterator[tuple[Any, list[str]]]:
        """Each choice with some of the values of its column."""
        sample: list[list[str]] = self.load.seen.get("sample", [])
        for name in self.fields:
            place = int(name[1:])
            values = dict.fromkeys(row[place].strip() for row in sample if place < len(row) and row[place].strip())
            yield self[name], list(values)[:SHOWN]


class WhereForm(forms.Form):
    """Where in the file to look, and whether although it seems to be of elsewhere."""

    sheet = forms.CharField(required=False, max_length=120)
    member = forms.CharField(required=False, max_length=255)
    any_commune = forms.BooleanField(required=False)


def _labelled(heading: str, is_required: bool) -> str:
    name = heading.replace("_", " ")
    return f"{name} (obligatoria)" if is_required else name


def _listed(names: list[str]) -> str:
    quoted = [f"«{name.replace('_', ' ')}»" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} y {quoted[-1]}"
