"""What somebody outside types: who she is, the code, a file."""

from django import forms

from ventanilla.referrals.outside.files import ACCEPTED, LARGEST


class CodeForm(forms.Form):
    name = forms.CharField(
        label="Su nombre y cargo",
        max_length=120,
        help_text="Queda en lo que responda.",
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": "Escriba su nombre y su cargo."},
    )
    code = forms.CharField(
        label="Código",
        max_length=12,
        help_text="Ocho cifras, que la municipalidad le da por teléfono.",
        widget=forms.TextInput(
            {"class": "w-s", "inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
        ),
        error_messages={"required": "Escriba el código."},
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class FileForm(forms.Form):
    file = forms.FileField(
        label="Archivo",
        widget=forms.ClearableFileInput({"accept": ACCEPTED, "data-largest": LARGEST}),
        help_text="PDF, JPEG o PNG, hasta 5 MB.",
        error_messages={
            "required": "Elija un archivo.",
            "empty": "El archivo está vacío: elija otro.",
            "missing": "Elija un archivo.",
        },
    )
