"""The reasons that the demonstration's municipality added to the national list, and the papers it usually asks for."""

from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.models import Reason
from ventanilla.catalogue.reasons.actions import ReasonDetails, add_local_reason, change_reason
from ventanilla.core import clock

SUF = ReasonDetails(
    function_id="subsidies",
    documents="Certificado de alumno regular\nCertificado de nacimiento\nControl de niño sano",
    documents_days=15,
)
LOCAL = {
    "utilities_debt": ReasonDetails(
        name="Vale de gas",
        words="balón gas licuado cocina estufa",
        function_id="social_assistance",
        documents="Cartola del RSH\nFotocopia de la cédula\nBoleta de gas del último mes",
        documents_days=10,
    ),
    "scholarship": ReasonDetails(
        name="Beca municipal de movilización",
        words="pasaje bus liceo internado estudiante locomoción",
        function_id="social_assistance",
        documents="Certificado de alumno regular\nConcentración de notas\nComprobante de pasajes",
        documents_days=20,
    ),
}


def add_reasons(institution: int) -> None:
    """The first time, as its counterpart would."""
    counterparts = Posting.objects.in_force_on(clock.today()).filter(institution_id=institution, role=Role.COUNTERPART)
    posting = counterparts.with_context().order_by("id").first()
    if posting is None:
        return
    by = actor_in(posting)
    with acting(by):
        if Reason.objects.filter(is_local=True).exists():
            return
        national = {reason.national_id: reason for reason in Reason.objects.in_use().filter(is_local=False)}
        for code, details in LOCAL.items():
            add_local_reason(national[code], details, by=by)
        change_reason(national["suf"], SUF, by=by, version=national["suf"].version)
