"""To which address a receipt goes."""

from collections.abc import Sequence
from typing import Any

from django import forms

from ventanilla.core.forms import Seg
from ventanilla.registry.models import ContactPoint


class ContactChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none when it runs
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.value)


class SendForm(forms.Form):
    contact = ContactChoice(
        queryset=ContactPoint.objects.none(), label="A qué correo", empty_label=None, widget=Seg,
        error_messages={"required": "Elija a qué correo.", "invalid_choice": "A ese correo no se puede enviar."},
    )  # fmt: skip
    submission_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, addresses: Sequence[ContactPoint], **options: Any) -> None:
        super().__init__(*args, **options)
        contact: Any = self.fields["contact"]
        contact.queryset = ContactPoint.objects.filter(pk__in=[found.pk for found in addresses])
        contact.initial = addresses[0].pk if addresses else None
