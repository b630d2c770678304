"""Every door of the platform."""

from allauth.account.views import login, logout
from django.urls import include, path

from ventanilla.access.gate import public
from ventanilla.access.own_views import second_step
from ventanilla.config.api import api
from ventanilla.config.health import health
from ventanilla.core.diseno import diseno

urlpatterns = [
    path("", include("ventanilla.desk.urls")),
    path("ingresar/", public("one signs in here")(login), name="account_login"),
    path("ingresar/codigo/", second_step, name="mfa_authenticate"),
    path("salir/", public("one signs out here")(logout), name="account_logout"),
    path("", include("ventanilla.access.urls")),
    path("personas/", include("ventanilla.registry.urls")),
    path("personas/", include("ventanilla.screening.urls")),
    path("", include("ventanilla.eligibility.urls")),
    path("duplicados/", include("ventanilla.registry.merging.urls")),
    path("auditoria/", include("ventanilla.registry.watch.urls")),
    path("consultas/", include("ventanilla.intake.urls")),
    path("derivaciones/", include("ventanilla.referrals.urls")),
    path("cargas/", include("ventanilla.datasets.urls")),
    path("sistemas/", include("ventanilla.outbox.urls")),
    path("externo/", include("ventanilla.referrals.outside.urls")),
    path("protocolos/", include("ventanilla.referrals.protocols.urls")),
    path("ayuda/", include("ventanilla.config.manual")),
    path("motivos/", include("ventanilla.catalogue.reasons.urls")),
    path("catalogo/", include("ventanilla.catalogue.entries.urls")),
    path("catalogo/", include("ventanilla.catalogue.publishing.urls")),
    path("publico/", include("ventanilla.catalogue.publishing.public_urls")),
    path("api/v1/", api.urls),
    path("salud/", public("says only that the server and its database answer")(health), name="health"),
    path("diseno/", public("sample data, and only in the demonstration")(diseno), name="diseno"),
]

handler400 = "ventanilla.config.errors.bad_request"
handler403 = "ventanilla.config.errors.permission_denied"
handler404 = "ventanilla.config.errors.not_found"
handler500 = "ventanilla.config.errors.server_error"
