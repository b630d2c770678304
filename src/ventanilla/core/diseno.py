"""The design system on one page, with invented data and no database; only where the installation is a demonstration."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ventanilla.core.forms import DayField, Picks, RunInput, Seg
from ventanilla.core.run import BadRun, parse

TODAY = date(2026, 11, 23)
HOSTILE = "D’Angélica “la Ñata” O'Higgins <b>Ñuñoa</b> 👵🏽 " + "Wolfeschlegelsteinhausenbergerdorff" * 7


class WrongForm(forms.Form):
    """Bound to wrong data, to show the summary and the errors beside their fields."""

    run = forms.CharField(label="RUN", widget=RunInput())
    born_on = DayField(label="Fecha de nacimiento")

    def clean_run(self) -> str:
        try:
            return parse(self.cleaned_data["run"]).canonical
        except BadRun as error:
            raise forms.ValidationError(str(error)) from error

    def clean_born_on(self) -> date:
        born_on: date = self.cleaned_data["born_on"]
        if born_on > TODAY:
            raise forms.ValidationError("La fecha es futura. Revise el año.")
        return born_on


class CalmForm(forms.Form):
    """One control of each kind."""

    social_name = forms.CharField(label="Nombre social", required=False)
    unit = forms.ChoiceField(label="Unidad", choices=[("uas", "Asistencia Social"), ("subsidies", "Subsidios")])
    outcome = forms.ChoiceField(
        label="Resultado",
        widget=Seg,
        choices=[("informed", "Informada"), ("resolved", "Resuelta aquí"), ("other", "Necesita otra unidad")],
    )
    reasons = forms.MultipleChoiceField(
        label="Motivos",
        widget=Picks(attrs={"data-keys": True}),
        choices=[("suf", "SUF"), ("sap", "SAP"), ("report", "Informe Social"), ("rsh", "Ingreso RSH")],
    )
    agreed = forms.BooleanField(label="La persona aceptó compartir estos datos", required=False)
    notes = forms.CharField(
        label="Notas",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text="No escriba aquí datos de salud ni de violencia.",
    )
    file = forms.FileField(label="Planilla", required=False)


@transaction.non_atomic_requests
def diseno(request: HttpRequest) -> HttpResponse:
    """Every component; 404 where the installation is not a demonstration."""
    if not settings.DEMO:
        raise Http404
    wrong = WrongForm({"run": "90.411.208-7", "born_on": "14-05-2093"})
    calm = CalmForm(initial={"outcome": "resolved", "reasons": ["suf"]})
    return render(request, "core/diseno.html", {"wrong": wrong, "calm": calm, "hostile": HOSTILE} | samples())


def samples() -> dict[str, Any]:
    """What the components show."""
    new = SimpleNamespace
    return {
        "today": TODAY,
        "at": datetime(2026, 11, 23, 17, 32, tzinfo=UTC),
        "born_on": date(1983, 5, 14),
        "swatches": [
            ("accent", "#0F69B4"),
            ("ok", "#2A8A58"),
            ("warn", "#E0A33A"),
            ("bad", "#D5323D"),
            ("silent", "#8A847A"),
            ("none", "#E2DED7"),
        ],
        "sources": [
            new(name="Subsidios", on=date(2026, 10, 31), text=""),
            new(name="RSH", on=date(2025, 9, 18), text=""),
            new(name="Declarado en consulta", on=None, text=""),
        ],
        "rows": [
            ("RUN", "90.214.530-3"),
            ("Dirección", "Pasaje Los Parrones 118"),
            ("Teléfono", "+56 9 5555 0143"),
            ("Pueblo indígena", None),
        ],
        "events": [
            new(
                icon="gift",
                tone="ok",
                title="Entrega de caja de alimentos",
                on=date(2026, 7, 14),
                by="Asistencia Social",
            ),
            new(
                icon="note",
                tone="",
                title="Atención finalizada",
                at=datetime(2026, 7, 2, 13, 5, tzinfo=UTC),
                by="Mesón",
                quote="Pide apoyo por calefacción.",
            ),
            new(icon="lock", tone="info", title=HOSTILE, on=date(2026, 6, 1), by=HOSTILE),
        ],
        "tasks": [
            new(label="Informe social", url="#tareas", state="no", words="Sin iniciar", tone=""),
            new(label="Red de apoyo", url="#tareas", state="half", words="Vista, falta información", tone="warn"),
            new(label="Diagnóstico", url="#tareas", state="done", words="Lista", tone=""),
            new(label="Traslado", url="#tareas", state="na", words="No aplica", tone=""),
        ],
        "steps": [
            new(label="Archivo", is_done=True, is_current=False),
            new(label="Ensayo", is_done=False, is_current=True),
            new(label="Carga", is_done=False, is_current=False),
        ],
        "options": [
            new(
                id="o1",
                title="Rosa Elvira Araya Contreras",
                detail="90.214.530-3 · 43 años · El Palqui",
                action_url="#consulta",
                method="get",
                is_exact=True,
            ),
            new(
                id="o2",
                title="Rosa Araya Cortés",
                detail="Sin RUN · 61 años · Chañaral Alto",
                badge="Posible duplicado",
                tone="warn",
                action_url="#consulta",
                method="get",
                is_exact=False,
            ),
            new(id="o3", title=HOSTILE, detail="Sin RUN", action_url="#consulta", method="get", is_exact=False),
            new(
                id="o4",
                title="Registrar a otra persona",
                detail="Si ninguna es la que busca",
                icon="plus",
                action_url="#registrar",
                method="get",
                is_exact=False,
            ),
        ],
        "few": [
            new(value="yes", label="Sí", selected=True),
            new(value="no", label="No", selected=False),
        ],
        "months": [312, 330, 298, 345, 361, 372],
        "waits": [14, 17, 12, 16, 11, 12],
        "arrivals": [("8 h", 6, False), ("9 h", 11, False), ("10 h", 9, False), ("11 h", 4, True)],
        "regions": [
            ("Coquimbo", _tiles("La Serena", "Coquimbo", "Monte Patria", "Ovalle", "Punitaqui", "Combarbalá")),
            ("Valparaíso", _tiles("Petorca", "La Ligua", "Cabildo", "Zapallar", "Papudo")),
        ],
        "bulk_actions": [
            new(label="Aceptar", name="act", value="accept"),
            new(label="Asignar a…", name="act", value="assign"),
        ],
    }


def _tiles(*names: str) -> list[tuple[str, str, str]]:
    looks = (
        ("ok", "81,9 Aceptable"),
        ("mid", "66,4 Regular"),
        ("bad", "41,0 Deficiente"),
        ("silent", "sin envío"),
        ("empty", "sin instalar"),
    )
    return [(name, *looks[i % len(looks)]) for i, name in enumerate(names)]
